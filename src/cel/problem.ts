/** What is wrong with an expression, as data: a range of its text, a code, a message, what to write instead. */
import type { Range } from './tree.ts'

export type ProblemCode = 'E_CEL_SYNTAX' | 'E_CEL_NAME' | 'E_CEL_TYPE' | 'E_LIMIT' | 'E_REGEX' | 'E_ZONE' | 'E_PATH'

export interface Problem {
  readonly code: ProblemCode
  readonly range: Range
  readonly found: string
  readonly advice: string | undefined
}
