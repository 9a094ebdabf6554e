/** The time of a decision: an input, as a Date or as milliseconds. */
import { describe, expect, test } from 'vitest'
import { ask, engineOf, engineWhen, failureOf } from './support.ts'

const midnight = Date.parse('2026-01-01T00:00:00Z')

describe('now', () => {
  test('is a Date or milliseconds', async () => {
    const engine = await engineWhen({ now: { gte: '2026-01-01T00:00:00Z' } })
    expect(engine.evaluate(ask(), { now: midnight }).decision).toBe(true)
    expect(engine.evaluate(ask(), { now: midnight - 1 }).decision).toBe(false)
    expect(engine.evaluate(ask(), { now: new Date(midnight) }).decision).toBe(true)
    expect(engine.evaluate(ask(), { now: new Date(midnight - 1) }).decision).toBe(false)
  })

  test('is missing when it is not given: an allow does not apply, a deny denies', async () => {
    const allow = await engineWhen({ now: { gte: 0 } })
    expect(allow.evaluate(ask()).code).toBe('no_match')
    expect(allow.evaluate(ask(), {}).code).toBe('no_match')
    const deny = await engineOf([
      { id: 'open', allow: 'read' },
      { id: 'late', deny: 'read', when: { now: { gt: '2040-01-01T00:00:00Z' } } },
    ])
    expect(deny.evaluate(ask()).code).toBe('not_evaluable')
  })

  test('is not remembered from one decision to the next', async () => {
    const engine = await engineWhen({ now: { gte: 0 } })
    expect(engine.evaluate(ask(), { now: 1 }).decision).toBe(true)
    expect(engine.evaluate(ask()).decision).toBe(false)
  })

  test('0 and times before 1970 are times', async () => {
    const engine = await engineWhen({ now: { lt: '1970-01-01T00:00:00.001Z' } })
    for (const now of [0, -0, -1, Date.parse('1900-01-01T00:00:00Z')]) {
      expect(engine.evaluate(ask(), { now }).decision).toBe(true)
    }
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, new Date('not a date')])('%s is E_USAGE', async (now) => {
    const engine = await engineOf([{ id: 'open', allow: 'read' }])
    expect(failureOf(() => engine.evaluate(ask(), { now }))).toMatch(/^E_USAGE: .*now/)
    expect(failureOf(() => engine.evaluateMany([ask()], { now }))).toMatch(/^E_USAGE/)
    expect(failureOf(() => engine.explain(ask(), { now }))).toMatch(/^E_USAGE/)
    // Nothing is left behind.
    expect(engine.evaluate(ask()).decision).toBe(true)
  })

  test('never comes from the request', async () => {
    const engine = await engineWhen({ now: { gte: 0 } })
    expect(engine.evaluate({ ...ask({ context: { now: 5 } }), ...{ now: 5 } }).decision).toBe(false)
  })
})
