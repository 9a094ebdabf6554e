/** How the small parsers (patterns, paths, regular expressions, ranges) say no. */
import type { DiagnosticCode } from './codes.ts'
import type { Position } from './node.ts'
import type { Report } from './report.ts'
import type { Advice } from './suggest.ts'

/** Why a piece of text is refused (`message`), and what to write instead. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly advice: Advice | undefined

  constructor(message: string, advice?: Advice) {
    super(message)
    this.advice = advice
  }
}

/** The result of `parse`; a refusal goes to the report instead, after `prefix`, and gives undefined. */
export function attempt<T>(
  report: Report,
  code: Extract<DiagnosticCode, `E_${string}`>,
  at: Position,
  prefix: string,
  parse: () => T,
): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    report.error(code, at, prefix + error.message, error.advice)
    return undefined
  }
}
