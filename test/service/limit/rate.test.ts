import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateLimiter } from '../../../src/service/limit/rate.ts'

const take = (limiter: RateLimiter, now: number, key = 'a') => limiter.take(key, now)

describe('a rate of 5 a second', () => {
  const limiter = () => new RateLimiter({ requests: 5, per: 1000 })

  it('lets 5 come at once, then one every 200 ms', () => {
    const rate = limiter()
    expect(Array.from({ length: 5 }, () => take(rate, 0).remaining)).toEqual([4, 3, 2, 1, 0])
    expect(take(rate, 0)).toEqual({ allowed: false, remaining: 0, reset: 1000, retryAfter: 200 })
    expect(take(rate, 199).allowed).toBe(false)
    expect(take(rate, 200)).toMatchObject({ allowed: true, remaining: 0 })
    expect(take(rate, 200).allowed).toBe(false)
    expect(take(rate, 2000)).toMatchObject({ allowed: true, remaining: 4, reset: 200 })
  })

  it('counts each key for itself', () => {
    const rate = limiter()
    for (let i = 0; i < 5; i++) take(rate, 0, 'a')
    expect([take(rate, 0, 'a').allowed, take(rate, 0, 'b').allowed]).toEqual([false, true])
  })

  it('costs nothing to look at, or to be refused', () => {
    const rate = limiter()
    for (let i = 0; i < 5; i++) take(rate, 0)
    for (let i = 0; i < 100; i++) rate.look('a', 0)
    for (let i = 0; i < 100; i++) take(rate, 100)
    expect(take(rate, 200).allowed).toBe(true)
  })

  it('locks nobody out for longer than its time when the clock is set back', () => {
    const rate = limiter()
    for (let i = 0; i < 5; i++) take(rate, 1e12)
    const taken = take(rate, 0)
    expect(taken.allowed).toBe(false)
    expect(taken.retryAfter).toBeLessThanOrEqual(200)
    expect(take(rate, Math.ceil(taken.retryAfter)).allowed).toBe(true)
    expect(take(rate, Math.ceil(taken.retryAfter)).allowed).toBe(false)
  })
})

it('keeps so many keys and no more, whatever comes', () => {
  const rate = new RateLimiter({ requests: 1, per: 1e9 }, 100)
  for (let i = 0; i < 10_000; i++) take(rate, i, `stranger ${i}`)
  expect(rate.size).toBe(100)
  expect(take(rate, 10_000, 'stranger 9999').allowed).toBe(false)
})

it('never lets more than twice as many through in its time, nor fewer when they come slowly enough', () => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2000 }), arrivals, (requests, per, gaps) => {
      const rate = new RateLimiter({ requests, per })
      const times: number[] = []
      let now = 0
      for (const gap of gaps) {
        now += gap
        const { allowed, retryAfter } = take(rate, now)
        if (allowed) times.push(now)
        else expect(retryAfter).toBeGreaterThan(0)
      }
      // All at once at first, and while they are spent as many come back as one time brings.
      for (const [i, time] of times.entries()) {
        expect(times.slice(i).filter((later) => later < time + per).length).toBeLessThanOrEqual(2 * requests)
      }
      const patient = new RateLimiter({ requests, per })
      for (let i = 0; i < 50; i++) expect(take(patient, Math.ceil((i * per) / requests)).allowed).toBe(true)
    }),
  )
})
