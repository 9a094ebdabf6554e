/** Help texts, from the definitions of the verbs. */
import type { Help, Option } from './command.ts'
import type { Style } from './style.ts'

/** `sallyport --help`. */
export function renderOverview(commands: readonly Help[], version: string, paint: Style): string {
  const verbs: [string, string][] = [
    ...commands.map(({ name, summary }): [string, string] => [name, summary]),
    ['help', 'Show this, or the help of a verb.'],
  ]
  return [
    `sallyport ${version}: an authorization engine for AI agents`,
    '',
    `${paint.bold('Usage')}  sallyport VERB [arguments]`,
    '',
    paint.bold('Verbs'),
    ...columns(verbs),
    '',
    paint.bold('Example'),
    ...commands.slice(0, 1).flatMap(({ examples }) => examples.slice(0, 1).map(([line]) => `  ${line}`)),
    '',
    'sallyport VERB --help tells more about each; sallyport --version prints the version.',
  ].join('\n')
}

/** `sallyport VERB --help`. */
export function renderHelp(command: Help, paint: Style): string {
  const flags: [string, string][] = [
    ...Object.entries(command.options).map(([name, option]): [string, string] => [
      flagText(name, option),
      option.multiple ? `${option.description} Repeatable.` : option.description,
    ]),
    ['-h, --help', 'Show this.'],
  ]
  return [
    command.summary,
    '',
    `${paint.bold('Usage')}  sallyport ${[command.name, command.operands, '[flags]'].filter(Boolean).join(' ')}`,
    '',
    ...(command.details === undefined ? [] : [...command.details, '']),
    paint.bold('Flags'),
    ...columns(flags),
    '',
    paint.bold(command.examples.length === 1 ? 'Example' : 'Examples'),
    ...command.examples.flatMap(([line, meaning]) => [`  ${line}`, `      ${paint.dim(meaning)}`]),
  ].join('\n')
}

function flagText(name: string, { short, type, hint }: Option): string {
  const value = type === 'boolean' ? '' : ` ${hint ?? 'VALUE'}`
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value}`
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
