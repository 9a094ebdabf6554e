/** The command line of a script: options, `--help`, and one clear line for what does not fit. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

type Values<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values']

/**
 * What was given after the script's name. `--help` prints the help and ends the process; what does not fit ends it with exit code 2.
 *
 * @param help what `--help` prints; it names the options, their defaults and an example
 * @example const { values } = readCommandLine(HELP, { runs: { type: 'string', default: '1000' } })
 */
export function readCommandLine<const O extends ParseArgsOptionsConfig>(
  help: string,
  options: O,
  allowPositionals: boolean = false,
): { readonly values: Values<O>; readonly positionals: readonly string[] } {
  const args = process.argv.slice(2)
  if (args.includes('--help')) {
    console.log(help)
    process.exit(0)
  }
  try {
    // With positionals, what is not one of the options is among them.
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const [odd] = positionals
    if (!allowPositionals && odd !== undefined) throw new Error(`unknown argument "${odd}"`)
    return { values, positionals }
  } catch (error) {
    return misused(help, error instanceof Error ? error.message : String(error))
  }
}

/** Ends the process with exit code 2, saying what was wrong and what would be right. */
export function misused(help: string, problem: string): never {
  console.error(`${problem}\n\n${help}`)
  process.exit(2)
}

/**
 * A whole number among the options; ends the process as `misused` does for anything else.
 *
 * @example const runs = wholeNumber(HELP, '--runs', values.runs, 1)
 */
export function wholeNumber(help: string, name: string, text: string, least: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value
  return misused(help, `${name} must be a whole number from ${least} on, not "${text}"`)
}
