/** What a condition takes alone: evaluators of expressions do nothing else, while ours is measured as a whole decision. */
import type { CaseResult } from '../harness/measure.ts'
import { median } from '../harness/statistics.ts'
import { noCondition } from '../peers/baseline.ts'
import { ours } from './result.ts'

/**
 * The median over rounds of our mean less that of the same rule without its condition, in nanoseconds; undefined where that was not
 * measured. The difference has in it all that the condition causes: reading attributes, bringing them to the core, evaluating.
 */
export function conditionNs(engines: CaseResult['engines']): number | undefined {
  const whole = engines[ours]?.roundMeansNs
  const rest = engines[noCondition.name]?.roundMeansNs
  if (whole === undefined || rest === undefined) return undefined
  return median(whole.map((mean, round) => mean - (rest[round] ?? Number.NaN)))
}
