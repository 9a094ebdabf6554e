/** What is wrong with a policy, as data: for the command line, for editors, for tests. */
import { SallyportError } from '../errors.ts'
import type { Place } from './model.ts'

export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** Stable: `E_…` for errors, `W_…` for warnings; the list is in docs/errors.md. */
  readonly code: string
  /** One line: what was found, in which rule, and what to write instead. */
  readonly message: string
  readonly place: Place
  /** The rule's id, where there is one. */
  readonly rule?: string
}

/**
 * One line a person can act on: `FILE:LINE:COLUMN  error  MESSAGE  CODE`.
 *
 * @example formatDiagnostic(d) // 'records.yaml:12:11  error  unknown operator "equals" …; did you mean "eq"?  E_OPERATOR'
 */
export function formatDiagnostic(d: Diagnostic): string {
  const { file, line, column, path } = d.place
  const where = line > 0 ? `${file}:${line}:${column}` : `${file}: ${path || '(document)'}`
  return `${where}  ${d.severity}  ${d.message}  ${d.code}`
}

/** The policies have mistakes. All of them are in `diagnostics`, and in the message, a line each. */
export class PolicyError extends SallyportError {
  override name = 'PolicyError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super('E_POLICY', diagnostics.map(formatDiagnostic).join('\n'))
    this.diagnostics = diagnostics
  }
}
