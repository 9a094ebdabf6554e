/** Errors on the command line: one clear line each, and the exit code. */
import { SallyportError } from '../errors.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import { printDiagnostics, tally } from './diagnostics.ts'
import { exit } from './exit.ts'
import { type Io, print, printJson } from './io.ts'
import { style } from './style.ts'

/** Tells the user what went wrong, and a program that asked for JSON. Stack traces only when SALLYPORT_DEBUG is set. */
export function reportFailure(error: unknown, io: Io, asJson = false): number {
  const { red } = style(io, io.stderr)
  const { code, message, hint = '' } = tell(error)
  if (error instanceof PolicyError) printDiagnostics(error.diagnostics, io, io.stderr)
  print(io.stderr, `${red('error')}: ${message}${hint}  ${code}`)
  if (asJson) printJson(io.stdout, { error: { code, message }, ...diagnosticsOf(error) })
  if (io.env.SALLYPORT_DEBUG && error instanceof Error) print(io.stderr, error.stack)
  return code === 'E_USAGE' ? exit.usage : exit.failure
}

interface Told {
  readonly code: string
  readonly message: string
  /** For people alone. */
  readonly hint?: string
}

function tell(error: unknown): Told {
  if (error instanceof PolicyError) {
    return { code: error.code, message: `the policies have ${tally(error.diagnostics)}` }
  }
  if (error instanceof SallyportError) return { code: error.code, message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'E_INTERNAL', message, hint: ' (unexpected; SALLYPORT_DEBUG=1 shows where)' }
}

function diagnosticsOf(error: unknown): { readonly diagnostics?: PolicyError['diagnostics'] } {
  return error instanceof PolicyError ? { diagnostics: error.diagnostics } : {}
}
