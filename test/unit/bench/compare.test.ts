import { expect, test } from 'vitest'
import { compareRuns, type Verdict } from '../../../bench/compare/compare.ts'
import { shiftBetween } from '../../../bench/compare/shift.ts'
import type { CaseResult } from '../../../bench/harness/measure.ts'
import { createRandom } from '../../../bench/random.ts'
import type { WorkloadResult } from '../../../bench/report/result.ts'

/** Rounds around a mean, with noise of a few percent and one in ten disturbed. */
function rounds(mean: number, seed: number, yardstick = 1e7): WorkloadResult {
  const random = createRandom(seed)
  const noisy = (ns: number) => ns * (1 + 0.06 * random.next()) * (random.next() < 0.1 ? 2 : 1)
  const roundMeansNs = Array.from({ length: 30 }, () => noisy(mean))
  const yardstickNs = Array.from({ length: 30 }, () => noisy(yardstick))
  const one = { case: '1 rule', yardstickNs, engines: { sallyport: { meanNs: mean, roundMeansNs } } }
  return { workload: 'rbac-abac', cases: [one as unknown as CaseResult] } as unknown as WorkloadResult
}

test('the shift is that between the samples, and its interval is around it', () => {
  const a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  const { estimate, low, high } = shiftBetween(
    a,
    a.map((value) => value + 100),
  )
  expect(estimate).toBe(100)
  expect(low).toBeLessThan(100)
  expect(high).toBeGreaterThan(100)
  // The bounds are order statistics of the hundred differences: ranks 15 and 86, since 50 − 2.5758 · √(100 · 21 / 12) is 15.9.
  expect([low, high]).toEqual([95, 105])
  expect(() => shiftBetween([1, 2, 3], a)).toThrow(RangeError)
})

test.each<[string, Verdict, number, number]>([
  ['a third slower', 'slower', 133, 1e7],
  ['a third faster', 'faster', 75, 1e7],
  ['equal', 'same', 100, 1e7],
  ['equal on a machine that is half as fast', 'same', 200, 2e7],
  ['slower by about the tolerance', 'unclear', 110, 1e7],
])('%s is %s', (_, verdict, mean, yardstick) => {
  const [comparison] = compareRuns([rounds(100, 1)], [rounds(mean, 2, yardstick)], 0.1)
  expect(comparison?.verdict).toBe(verdict)
})

test('twenty runs of the same code: nothing is called slower or faster', () => {
  const verdicts = Array.from(
    { length: 20 },
    (_, i) => compareRuns([rounds(100, i)], [rounds(100, 50 + i)], 0.1)[0]?.verdict,
  )
  expect(verdicts.filter((verdict) => verdict !== 'same')).toEqual([])
})
