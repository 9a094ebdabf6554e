/** Ways of counting, against plain models of them: random times and amounts, several processes at once. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketCounter } from '../../../../src/guard/limit/bucket.ts'
import type { Counter } from '../../../../src/guard/limit/counter.ts'
import { fixedCounter } from '../../../../src/guard/limit/fixed.ts'
import { slidingCounter } from '../../../../src/guard/limit/sliding.ts'
import { memoryStore } from '../../../../src/store/memory/index.ts'
import type { TenantStore } from '../../../../src/store/port.ts'

const tenant = (): TenantStore => memoryStore().tenant('t')

/** Whether it was counted; repeats while others are faster. */
async function take(counter: Counter, store: TenantStore, now: number, amount: number, most: number): Promise<boolean> {
  while (true) {
    const statements = (await counter.read(store, 'c', now)).take(amount, most, false)
    if (statements === undefined) return false
    if ((await store.write(statements)).applied) return true
  }
}

const steps = fc.array(fc.record({ pass: fc.integer({ min: 0, max: 70 }), amount: fc.integer({ min: 0, max: 4 }) }), {
  maxLength: 60,
})

test('a fixed window is a sum per window', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const store = tenant()
      const sums = new Map<number, number>()
      let now = 1_000_000
      for (const { pass, amount } of all) {
        now += pass
        const window = Math.floor(now / 100)
        const sum = (sums.get(window) ?? 0) + amount
        expect(await take(fixedCounter(100), store, now, amount, 7)).toBe(sum <= 7)
        if (sum <= 7) sums.set(window, sum)
      }
    }),
  )
})

test('of a sliding window no stretch of its length holds more, and what is older than eleven tenths does not count', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const store = tenant()
      const taken: { at: number; amount: number }[] = []
      let now = 1_000_000
      for (const { pass, amount } of all) {
        now += pass
        const within = (length: number) =>
          taken.filter(({ at }) => at > now - length).reduce((sum, one) => sum + one.amount, 0)
        const allowed = await take(slidingCounter(100), store, now, amount, 7)
        if (allowed) {
          expect(within(100) + amount).toBeLessThanOrEqual(7)
          taken.push({ at: now, amount })
        } else expect(within(110) + amount).toBeGreaterThan(7)
      }
    }),
  )
})

test('a token bucket is the textbook one', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const store = tenant()
      const [capacity, interval] = [5, 20]
      let tokens = capacity
      let now = 1_000_000
      for (const { pass, amount } of all) {
        now += pass
        tokens = Math.min(capacity, tokens + pass / interval)
        // Of floating point in the model.
        const enough = tokens - amount >= -1e-9
        expect(await take(bucketCounter(capacity, interval * 1000), store, now, amount, capacity)).toBe(enough)
        if (enough) tokens -= amount
      }
    }),
  )
})

describe.each<[string, Counter]>([
  ['fixed', fixedCounter(1000)],
  ['ever', fixedCounter(undefined)],
  ['sliding', slidingCounter(1000)],
  ['bucket', bucketCounter(10, 1_000_000_000)],
])('%s', (_, counter) => {
  test('64 at once take exactly ten', async () => {
    const store = tenant()
    const all = await Promise.all(Array.from({ length: 64 }, () => take(counter, store, 5000, 1, 10)))
    expect(all.filter(Boolean)).toHaveLength(10)
    expect((await counter.read(store, 'c', 5000)).used).toBe(10)
  })
  test('counted exactly, it fails when anybody else has counted', async () => {
    const store = tenant()
    await take(counter, store, 5000, 1, 10)
    const [one, two] = await Promise.all([counter.read(store, 'c', 5000), counter.read(store, 'c', 5000)])
    expect((await store.write(one.take(1, 10, true) ?? [])).applied).toBe(true)
    expect((await store.write(two.take(1, 10, true) ?? [])).applied).toBe(false)
  })
})

test('a sliding window is exact also where clocks differ', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -150, max: 150 }), { minLength: 20, maxLength: 60 }), async (skews) => {
      const store = tenant()
      // All within one stretch of real time, each by a clock of its own, racing.
      const all = await Promise.all(skews.map((skew) => take(slidingCounter(1000), store, 1_000_500 + skew, 1, 7)))
      expect(all.filter(Boolean).length).toBeLessThanOrEqual(7)
    }),
    { numRuns: 50 },
  )
})

test.each([
  ['fixed', fixedCounter(100)],
  ['sliding', slidingCounter(100)],
])('one without a bound stays full: %s', async (_, counter) => {
  const store = tenant()
  const add = async (amount: number) => {
    const statements = (await counter.read(store, 'c', 1000)).take(amount, undefined, true)
    expect((await store.write(statements!)).applied).toBe(true)
    return (await counter.read(store, 'c', 1000)).used
  }
  expect(await add(Number.MAX_SAFE_INTEGER - 1)).toBe(Number.MAX_SAFE_INTEGER - 1)
  for (const amount of [0, 3, 1, Number.MAX_SAFE_INTEGER])
    expect(await add(amount)).toBe(Number.MAX_SAFE_INTEGER - (amount === 0 ? 1 : 0))
})
