/** Two runs side by side: what got slower, what faster, and what is noise. */

import type { CaseResult } from '../harness/measure.ts'
import { percentile } from '../harness/statistics.ts'
import type { WorkloadResult } from '../report/result.ts'
import { type Shift, shiftBetween } from './shift.ts'

export interface Comparison {
  readonly workload: string
  readonly case: string
  readonly engine: string
  readonly oldNs: number
  readonly newNs: number
  /** New to old, by the rounds' means, each divided by the yardstick of its run. */
  readonly ratio: number
  readonly low: number
  readonly high: number
  readonly verdict: Verdict
}

/**
 * `slower`, `faster`: the whole interval lies beyond the tolerance. `same`: the whole interval lies within it. `unclear`:
 * neither; more rounds, or a quieter machine, would tell.
 */
export type Verdict = 'slower' | 'faster' | 'same' | 'unclear'

/** @param tolerance a share: 0.1 for a tenth */
export function compareRuns(
  before: readonly WorkloadResult[],
  after: readonly WorkloadResult[],
  tolerance: number,
): Comparison[] {
  return before.flatMap(({ workload, cases }) =>
    cases.flatMap((old) => {
      const fresh = after.find((result) => result.workload === workload)?.cases.find((one) => one.case === old.case)
      return fresh === undefined ? [] : compareCases(workload, old, fresh, tolerance)
    }),
  )
}

function compareCases(workload: string, old: CaseResult, fresh: CaseResult, tolerance: number): Comparison[] {
  return Object.entries(old.engines).flatMap(([engine, before]) => {
    const after = fresh.engines[engine]
    if (after === undefined || Math.min(before.roundMeansNs.length, after.roundMeansNs.length) < 4) return []
    const shift = shiftBetween(logarithms(before.roundMeansNs, old), logarithms(after.roundMeansNs, fresh))
    return [
      {
        workload,
        case: old.case,
        engine,
        oldNs: before.meanNs,
        newNs: after.meanNs,
        ratio: Math.exp(shift.estimate),
        low: Math.exp(shift.low),
        high: Math.exp(shift.high),
        verdict: judge(shift, Math.log1p(tolerance)),
      },
    ]
  })
}

/** In yardsticks, so that a machine that is slower as a whole does not count; as logarithms, so that a shift is a ratio. */
function logarithms(means: readonly number[], { yardstickNs }: CaseResult): number[] {
  const yardstick = percentile(
    [...yardstickNs].sort((a, b) => a - b),
    0.5,
  )
  return means.map((ns) => Math.log(ns / yardstick))
}

function judge({ low, high }: Shift, tolerance: number): Verdict {
  if (low > tolerance) return 'slower'
  if (high < -tolerance) return 'faster'
  return low >= -tolerance && high <= tolerance ? 'same' : 'unclear'
}
