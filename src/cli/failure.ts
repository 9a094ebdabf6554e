/** Errors on the command line: one clear line each, and the exit code. */
import { SallyportError } from '../errors.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import { printDiagnostics, tally } from './diagnostics.ts'
import { exit } from './exit.ts'
import { type Io, print } from './io.ts'
import { style } from './style.ts'

/** Tells the user what went wrong. Stack traces only when SALLYPORT_DEBUG is set. */
export function reportFailure(error: unknown, io: Io): number {
  const { red } = style(io, io.stderr)
  if (error instanceof PolicyError) {
    printDiagnostics(error.diagnostics, io, io.stderr)
    print(io.stderr, `${red('error')}: the policies have ${tally(error.diagnostics)}  ${error.code}`)
  } else if (error instanceof SallyportError) {
    print(io.stderr, `${red('error')}: ${error.message}  ${error.code}`)
  } else {
    const message = error instanceof Error ? error.message : String(error)
    print(io.stderr, `${red('error')}: ${message} (unexpected; SALLYPORT_DEBUG=1 shows where)  E_INTERNAL`)
  }
  if (io.env.SALLYPORT_DEBUG && error instanceof Error) print(io.stderr, error.stack)
  return error instanceof SallyportError && error.code === 'E_USAGE' ? exit.usage : exit.failure
}
