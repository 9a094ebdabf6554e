/** A verb's arguments, read strictly: every mistake is one line that says what to write. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { SallyportError } from '../errors.ts'
import { nearest } from '../policy/suggest.ts'
import type { Arguments, CommandSpec, Option, Options } from './command.ts'

/**
 * The flags and operands in `argv`. Flags that are left out are false, undefined, or an empty list.
 *
 * @throws SallyportError `E_USAGE`
 */
export function parseArguments<O extends Options>(spec: CommandSpec<O>, argv: readonly string[]): Arguments<O> {
  const { options } = spec
  // Not `strict`: its messages are for programmers. The tokens let us check the same things and more.
  const { tokens } = parseArgs({ args: [...argv], options: toConfig(options), strict: false, tokens: true })
  const operands: string[] = []
  const values = new Map<string, string | true | string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (option === undefined) throw unknownFlag(spec.name, token.rawName, Object.keys(options))
    if (option.type === 'boolean') {
      if (token.value !== undefined) throw usage(`${token.rawName} takes no value`)
      values.set(token.name, true)
      continue
    }
    const value = checkValue(token.rawName, option, token.value, token.inlineValue === true)
    const earlier = values.get(token.name)
    if (option.multiple) values.set(token.name, Array.isArray(earlier) ? [...earlier, value] : [value])
    else if (earlier !== undefined) throw usage(`${token.rawName} is given twice`)
    else values.set(token.name, value)
  }
  if (operands.length > spec.maxOperands) {
    const extra = operands[spec.maxOperands]
    const hint = Object.hasOwn(options, 'policies') ? 'policies go with -p; ' : ''
    throw usage(`unexpected argument "${extra}"; ${hint}see sallyport ${spec.name} --help`)
  }
  const flags = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, values.get(name) ?? absent(option)]),
  )
  return { flags: flags as Arguments<O>['flags'], operands }
}

/** @example throw usage('--port is given twice') */
export function usage(message: string): SallyportError {
  return new SallyportError('E_USAGE', message)
}

function toConfig(options: Options): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [
      name,
      { type, multiple: true, ...(short === undefined ? {} : { short }) },
    ]),
  )
}

function checkValue(flag: string, { hint }: Option, value: string | undefined, inline: boolean): string {
  if (value === undefined || value === '') throw usage(`${flag} needs a value: ${flag} ${hint ?? 'VALUE'}`)
  if (!inline && value.length > 1 && value.startsWith('-')) {
    throw usage(`${flag} needs a value; to pass ${value} as one, write ${flag}=${value}`)
  }
  return value
}

function unknownFlag(verb: string, flag: string, known: readonly string[]): SallyportError {
  const guess = nearest(flag.replace(/^-+/, ''), known)
  return usage(`unknown flag ${flag}; ${guess ? `did you mean --${guess}?` : `see sallyport ${verb} --help`}`)
}

function absent({ type, multiple }: Option): false | undefined | readonly string[] {
  if (type === 'boolean') return false
  return multiple ? [] : undefined
}
