/** The engine against the plain reference evaluator, on random policies and requests. */
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import { differential } from './differential.ts'
import { Mix } from './mix.ts'

const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 20_000)
/** Always the same, as what others change must not make this fail; `npm run test:differential` draws new ones. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_121)

test(`engine and reference evaluator agree on ${RUNS} pairs of document and request`, {
  timeout: 600_000,
}, async () => {
  const mix = new Mix()
  let mixed = 0
  const outcome = await differential({
    createEngine,
    runs: RUNS,
    seed: SEED,
    onDocument: (document, requests) => {
      // Counting costs more than comparing, so it stops early.
      if (mixed++ < 100 || mix.oneSided().length > 0) mix.add(document, requests)
    },
  })
  console.log(`seed ${SEED}: ${outcome.pairs} pairs over ${outcome.documents} documents`)
  if (outcome.failure !== undefined) expect.fail(outcome.failure)
  // Agreement means something only where both sides of every question came up.
  expect(mix.oneSided()).toEqual([])
})
