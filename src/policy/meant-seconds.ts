/** Numbers that are seconds of this century, and as milliseconds stand for a day of 1970. */
import type { ScalarNode } from './node.ts'
import type { Report } from './report.ts'

/** Warns of a time that is told in seconds. */
export function warnOfSeconds({ scalar, at }: ScalarNode, report: Report): void {
  if (typeof scalar !== 'number' || scalar < 1e9 || scalar >= 1e10) return
  const day = new Date(scalar).toISOString().slice(0, 10)
  report.warning('W_OPERAND', at, `${scalar} is ${day}: times are milliseconds`, `write ${scalar * 1000}`)
}
