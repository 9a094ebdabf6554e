import { expect, test } from 'vitest'
import { celDifferential } from './cel-differential.ts'

/** scripts/cel-differential.ts asks for more. */
const runs = Number(process.env.CEL_RUNS ?? 20_000)
const seed = Number(process.env.CEL_SEED ?? 1)

test(`${runs} pairs of a random expression and a context, from seed ${seed}: the core agrees with another evaluator`, async () => {
  const { pairs, expressions, errors, refused, disagreements } = await celDifferential(runs, seed)
  if (process.env.CEL_RUNS) console.log(`${pairs} pairs, ${expressions} expressions, ${errors} errors in both`)
  expect(disagreements).toEqual([])
  expect(refused).toEqual([])
  expect(pairs).toBeGreaterThanOrEqual(runs)
  // Both happen often, or the test would show little.
  expect(errors / pairs).toBeGreaterThan(0.1)
  expect(errors / pairs).toBeLessThan(0.7)
}, 3_600_000)
