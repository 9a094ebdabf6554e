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
  /** For what is of the wrong type: what it is, and what belongs there. */
  readonly types?: Types
  /** What was probably meant: a name, a key, an operator. */
  readonly suggestion?: string
  /** What an editor can do about it; only for policies that were given as text. */
  readonly fix?: Fix
}

export interface Types {
  /** `an attribute`, `a list`; of a call, one for each argument. */
  readonly found: readonly string[]
  /** Each one that would do: `a string`, `(int, int)`. */
  readonly expected: readonly string[]
}

/** Offsets into a source's text, in UTF-16 units: from the first character to behind the last. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

export interface TextEdit {
  readonly range: TextRange
  /** What takes the place of the range. */
  readonly text: string
}

export interface Fix {
  /** For a menu: `write allow`. */
  readonly title: string
  readonly edits: readonly TextEdit[]
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
