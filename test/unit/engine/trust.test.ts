/** Conditions on trust: scopes, scales, decay, and why a score cannot be read. */
import { describe, expect, test } from 'vitest'
import type { AccessRequest, Engine, EvaluateOptions } from '../../../src/engine/types.ts'
import type { TrustCondition, TrustSettings } from '../../../src/policy/document.ts'
import { engineWhen } from './support.ts'

const NOW = Date.UTC(2026, 0, 10)
const DAY = 86_400_000

type Properties = Readonly<Record<string, unknown>>

/** The subject's properties, then those of its delegators, the nearest first. */
function chainOf(...actors: readonly (Properties | undefined)[]): AccessRequest {
  const [subject, ...delegators] = actors.map((properties, i) => ({
    type: 'agent',
    id: `a${i}`,
    ...(properties && { properties }),
  }))
  return {
    subject: { ...subject!, delegation_chain: delegators.reverse() },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd1' },
  }
}

const scores = (...all: readonly unknown[]) => chainOf(...all.map((trust_score) => ({ trust_score })))

async function engineOn(trust: TrustCondition, settings: TrustSettings = { scale: 1 }): Promise<Engine> {
  return engineWhen({ trust }, { trust: settings })
}

function outcome(engine: Engine, request: AccessRequest, options: EvaluateOptions = { now: NOW }): string {
  const [rule] = engine.explain(request, options).rules
  expect(engine.evaluate(request, options).decision).toBe(rule?.outcome === 'true')
  return rule?.outcome ?? 'none'
}

describe('scopes', () => {
  test.each<[TrustCondition, readonly unknown[], string]>([
    [{ min: 0.7 }, [0.7, 0.9], 'true'],
    [{ min: 0.7 }, [0.9, 0.69], 'false'],
    [{ min: 0.7, over: 'all' }, [0.9, 0.8, 0.7], 'true'],
    // A score too low settles it, whether another one is missing or not.
    [{ min: 0.7, over: 'all' }, [undefined, 0.1], 'false'],
    [{ min: 0.7, over: 'all' }, [0.9, undefined], 'not_evaluable'],
    [{ min: 0.7, over: 'minimum' }, [0.9, 0.7], 'true'],
    [{ min: 0.7, over: 'minimum' }, [0.1, undefined], 'not_evaluable'],
    [{ max: 0.5, over: 'all' }, [0.4, 0.9], 'false'],
    [{ max: 0.5, over: 'minimum' }, [0.4, 0.9], 'true'],
    [{ min: 0.7, over: 'immediate' }, [0.7, 0], 'true'],
    [{ min: 0.7, over: 'immediate' }, [0, 0.7], 'false'],
    [{ min: 0.7, over: 'root' }, [0, 0, 0.7], 'true'],
    [{ min: 0.7, over: 'root' }, [0.7], 'true'],
    [{ min: 0.25, over: 'product' }, [0.5, 0.5], 'true'],
    [{ min: 0.26, over: 'product' }, [0.5, 0.5], 'false'],
    [{ min: 0.5, over: 'product' }, [0.5], 'true'],
    [{ min: 0.2, max: 0.3, over: 'product' }, [0.5, 0.5], 'true'],
    [{ min: 0.7, otherwise: true }, [undefined], 'true'],
    [{ min: 0 }, [0], 'true'],
  ])('%j of %j: %s', async (trust, given, expected) => {
    expect(outcome(await engineOn(trust), scores(...given))).toBe(expected)
    // A scale of 1000 says the same of thousandfold scores.
    const thousand = (n: unknown) => (typeof n === 'number' ? n * 1000 : n)
    const bounds = Object.fromEntries(Object.entries(trust).map(([key, value]) => [key, thousand(value)]))
    const engine = await engineOn(bounds as TrustCondition, { scale: 1000 })
    expect(outcome(engine, scores(...given.map(thousand)))).toBe(expected)
  })
})

describe('a score that says nothing', () => {
  test.each([
    ['missing', undefined, 'the subject has no trust score'],
    ['null', null, 'the trust score of the subject is no number'],
    ['a string', '0.9', 'the trust score of the subject is no number'],
    ['true', true, 'the trust score of the subject is no number'],
    ['NaN', Number.NaN, 'the trust score of the subject is no number'],
    ['above the scale', 1.01, 'the trust score of the subject is not from 0 to 1'],
    ['of the other scale', 700, 'the trust score of the subject is not from 0 to 1'],
    ['below 0', -0.1, 'the trust score of the subject is not from 0 to 1'],
  ])('%s', async (_, score, note) => {
    const engine = await engineOn({ min: 0 })
    expect(outcome(engine, scores(score, 1))).toBe('not_evaluable')
    expect(engine.explain(scores(score, 1)).rules[0]?.tests[0]?.note).toBe(note)
    expect(engine.explain(scores(1, score)).rules[0]?.tests[0]?.note).toBe(
      note.replace('the subject', 'chain.ancestors[0]'),
    )
  })

  test('explain shows the scores', async () => {
    const engine = await engineOn({ min: 0.5, max: 0.9, over: 'minimum' })
    expect(engine.explain(scores(0.5, 1)).rules[0]?.tests).toEqual([
      {
        path: 'trust over minimum',
        operator: 'within',
        expected: { min: 0.5, max: 0.9 },
        actual: [0.5, 1],
        outcome: 'true',
      },
    ])
  })
})

describe('decay', () => {
  const at = (score: number, updated: unknown) => chainOf({ trust_score: score, trust_updated_at: updated })
  const worth = async (settings: TrustSettings, request: AccessRequest, now = NOW) => {
    // The bounds between which the score lies, found by asking.
    let [low, high] = [0, settings.scale as number]
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2
      const engine = await engineOn({ min: middle }, settings)
      if (engine.evaluate(request, { now }).decision) low = middle
      else high = middle
    }
    return low
  }

  test.each<[string, TrustSettings, number, number, number]>([
    ['half after a half-life', { scale: 1, decay: { half_life: 'P7D' } }, 0.8, 7, 0.4],
    ['a quarter after two', { scale: 1, decay: { half_life: 'P7D' } }, 0.8, 14, 0.2],
    ['in between', { scale: 1, decay: { half_life: 'P7D' } }, 0.8, 3.5, 0.8 * Math.SQRT1_2],
    ['after a third of it', { scale: 1000, decay: { half_life: 'P3D' } }, 900, 1, 900 * 2 ** (-1 / 3)],
    ['nothing yet', { scale: 1, decay: { half_life: 'P7D' } }, 0.8, 0, 0.8],
    ['after very long', { scale: 1, decay: { half_life: 'PT1S' } }, 1, 3650, 0],
    ['by so much in a day', { scale: 1, decay: { per: 'P1D', lose: 0.05 } }, 0.8, 4, 0.6],
    ['and for half a day', { scale: 1, decay: { per: 'P1D', lose: 0.05 } }, 0.8, 0.5, 0.775],
    ['not below 0', { scale: 1, decay: { per: 'P1D', lose: 0.05 } }, 0.8, 100, 0],
    ['not below the floor', { scale: 1, decay: { per: 'P1D', lose: 0.05 }, floor: 0.3 }, 0.8, 100, 0.3],
    ['what is below the floor stays', { scale: 1, decay: { half_life: 'P1D' }, floor: 0.3 }, 0.2, 5, 0.2],
  ])('%s', async (_, settings, score, days, expected) => {
    expect(await worth(settings, at(score, NOW - days * DAY))).toBeCloseTo(expected, 10)
  })

  test('the time may be a text, and the same of every actor', async () => {
    const engine = await engineOn({ min: 0.4, over: 'minimum' }, { scale: 1, decay: { half_life: 'P1D' } })
    const day = { trust_score: 0.8, trust_updated_at: '2026-01-09T01:00:00+01:00' }
    expect(outcome(engine, chainOf(day, day))).toBe('true')
    expect(outcome(engine, chainOf(day, day), { now: NOW + 1 })).toBe('false')
  })

  test.each([
    ['missing', undefined, 'it is not said when the trust score of the subject was given'],
    ['no time', 'yesterday', 'the time of the trust score of the subject is no time'],
    ['in the future', NOW + 6 * 60_000, 'the trust score of the subject is of a later time than the decision'],
  ])('a time that is %s', async (_, updated, note) => {
    const engine = await engineOn({ min: 0 }, { scale: 1, decay: { half_life: 'P1D' } })
    expect(outcome(engine, at(1, updated))).toBe('not_evaluable')
    expect(engine.explain(at(1, updated), { now: NOW }).rules[0]?.tests[0]?.note).toBe(note)
  })

  test('clocks may differ by five minutes', async () => {
    const engine = await engineOn({ min: 1 }, { scale: 1, decay: { half_life: 'P1D' } })
    expect(outcome(engine, at(1, NOW + 5 * 60_000))).toBe('true')
  })

  test('without the time of the decision', async () => {
    const engine = await engineOn({ min: 0 }, { scale: 1, decay: { half_life: 'P1D' } })
    expect(outcome(engine, at(1, NOW), {})).toBe('not_evaluable')
    expect(engine.explain(at(1, NOW)).rules[0]?.tests[0]?.note).toBe('the time of the decision is not given')
  })
})

test('other attributes, entities and marks', async () => {
  const settings: TrustSettings = { scale: 1, attribute: 'security.trust' }
  const entities = { subjects: [{ type: 'agent', id: 'a0', properties: { security: { trust: 0.9 } } }] }
  const trust = { min: 0.8, trusted: true }
  const engine = await engineWhen({ trust }, { trust: settings, entities })
  const delegator = { security: { trust: 0.8 } }
  expect(outcome(engine, chainOf(undefined, delegator))).toBe('true')
  // What the policies say of the subject is trusted, what the request says of its delegator is not.
  expect(outcome(engine, chainOf(undefined, delegator), { untrusted: ['subject'] })).toBe('true')
  expect(outcome(engine, chainOf(undefined, delegator), { untrusted: ['chain.root.security'] })).toBe('not_evaluable')
  const unmarked = await engineWhen({ trust: { min: 0.8 } }, { trust: settings, entities })
  expect(outcome(unmarked, chainOf(undefined, delegator), { untrusted: ['chain.root.security'] })).toBe('true')
})
