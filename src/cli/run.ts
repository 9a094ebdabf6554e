/** From a command line to a verb. */
import { nearest } from '../policy/suggest.ts'
import { usage } from './arguments.ts'
import type { Command } from './command.ts'
import { loadCommand, loadCommands, verbs } from './commands.ts'
import { exit } from './exit.ts'
import { reportFailure } from './failure.ts'
import { renderHelp, renderOverview } from './help.ts'
import { type Io, print } from './io.ts'
import { style } from './style.ts'
import { readVersion } from './version.ts'

/**
 * Runs one command line, without the program's name. Never throws: errors become a line and an exit code.
 *
 * @example process.exitCode = await run(['check', 'policies'], processIo())
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    return reportFailure(error, io, asksForJson(argv))
  }
}

async function dispatch([first, ...rest]: readonly string[], io: Io): Promise<number> {
  if (first === undefined || first === '--help' || first === '-h') return showHelp(undefined, io)
  if (first === '--version' || first === '-v' || first === '-V') return showVersion(io)
  if (first === 'help') {
    const [name] = rest
    return showHelp(name === undefined || asksForHelp([name]) ? undefined : await find(name), io)
  }
  const command = await find(first)
  return asksForHelp(rest) ? showHelp(command, io) : command.run(rest, io)
}

function asksForHelp(argv: readonly string[]): boolean {
  return flagsOf(argv).some((arg) => arg === '--help' || arg === '-h')
}

/** Asked of the line itself: what is wrong may be its other flags. */
function asksForJson(argv: readonly string[]): boolean {
  return flagsOf(argv).includes('--json')
}

/** What follows `--` is never a flag. */
function flagsOf(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end)
}

async function find(name: string): Promise<Command> {
  const command = await loadCommand(name)
  if (command !== undefined) return command
  const isFlag = name.startsWith('-')
  const known = isFlag ? ['--help', '--version'] : [...verbs, 'help']
  const guess = nearest(name, known)
  const hint = guess === undefined ? 'see sallyport --help' : `did you mean ${guess}?`
  throw usage(`unknown ${isFlag ? 'flag' : 'verb'} ${isFlag ? name : JSON.stringify(name)}; ${hint}`)
}

async function showHelp(command: Command | undefined, io: Io): Promise<number> {
  const paint = style(io, io.stdout)
  const help =
    command === undefined ? renderOverview(await loadCommands(), readVersion(), paint) : renderHelp(command, paint)
  print(io.stdout, help)
  return exit.ok
}

function showVersion(io: Io): number {
  print(io.stdout, readVersion())
  return exit.ok
}
