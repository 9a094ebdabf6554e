/** What is wrong with an expression, as data: a range of its text, a code, a message, what to write instead. */
import type { Range } from './tree.ts'

export type ProblemCode =
  | 'E_CEL_SYNTAX'
  | 'E_CEL_NAME'
  | 'E_CEL_TYPE'
  | 'E_LIMIT'
  | 'E_REGEX'
  | 'E_TIME'
  | 'E_ZONE'
  | 'E_CIDR'
  | 'E_PATH'

export interface Problem {
  readonly code: ProblemCode
  readonly range: Range
  readonly found: string
  readonly advice: string | undefined
  /** For what is of the wrong type: what it is, and what would do. */
  readonly types?: { readonly found: readonly string[]; readonly expected: readonly string[] }
  /** What is replaced by what, where it is clear what was meant. */
  readonly fix?: Replacement
}

export interface Replacement {
  readonly range: Range
  readonly text: string
}

/** What a problem has besides its message. */
export type Details = Pick<Problem, 'types' | 'fix'>
