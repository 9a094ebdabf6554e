/** No false alarms: what `check` calls rules that never apply or never matter. */
import { expect, test } from 'vitest'
import { idleRules } from './idle-rules.ts'

const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 20_000)
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20260301)

test(`${RUNS} requests are decided alike without a rule that the analysis calls idle`, {
  timeout: 600_000,
}, async () => {
  const { pairs, decided, codes, failure } = await idleRules(RUNS, SEED)
  console.log(
    `seed ${SEED}: ${pairs} pairs, ${decided} with the rule deciding; ${[...codes].map((one) => one.join(' ')).join(', ')}`,
  )
  if (failure !== undefined) expect.fail(failure)
  expect(pairs).toBeGreaterThanOrEqual(RUNS)
  // The test could not fail if no such rule ever were about the request.
  expect(decided).toBeGreaterThan(100)
  for (const code of ['W_CONTRADICTION', 'W_SHADOWED', 'W_REDUNDANT', 'W_TYPES', 'W_UNREACHABLE']) {
    expect(codes.get(code), code).toBeGreaterThan(10)
  }
})
