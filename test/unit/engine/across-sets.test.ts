/** What a decision over several sets carries: obligations and advice of the rules that decided, and of no other. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { Decision } from '../../../src/engine/types.ts'
import type { Effect, PolicyDocument, PolicySet, Rule } from '../../../src/policy/document.ts'
import { ask } from './support.ts'

/** A rule whose obligation and advice carry its name. */
function rule(id: string, effect: Effect, rest: Partial<Rule> = {}): Rule {
  return { id, [effect]: 'read', obligations: [{ id: `must-${id}` }], advice: [{ id: `may-${id}` }], ...rest }
}

async function decide(sets: Record<string, PolicySet>, rest: Partial<PolicyDocument> = {}): Promise<Decision> {
  const engine = await createEngine({ policies: { version: 1, sets, ...rest } })
  return engine.evaluate(ask({ context: { yes: true } }))
}

function carried({ status, rules, obligations, advice }: Decision) {
  return [status, rules, obligations.map(({ id }) => id), advice.map(({ id }) => id)]
}

describe('obligations and advice', () => {
  test('of all sets whose vote is the outcome, in document order', async () => {
    const decision = await decide({
      first: { rules: [rule('a', 'allow')] },
      silent: { rules: [rule('never', 'allow', { when: { 'context.yes': false } })] },
      second: { rules: [rule('b', 'allow'), rule('c', 'allow')] },
    })
    expect(carried(decision)).toEqual([
      'allow',
      ['a', 'b', 'c'],
      ['must-a', 'must-b', 'must-c'],
      ['may-a', 'may-b', 'may-c'],
    ])
  })

  test('not of a set that was overruled', async () => {
    const sets = { allows: { rules: [rule('a', 'allow')] }, denies: { rules: [rule('d', 'deny')] } }
    expect(carried(await decide(sets))).toEqual(['deny', ['d'], ['must-d'], ['may-d']])
  })

  test('not of weaker rules in the set that decided', async () => {
    const weaker = rule('weaker', 'allow', { priority: 1 })
    const stronger = rule('stronger', 'allow', { priority: 2 })
    const lost = rule('lost', 'deny', { priority: 1 })
    const sets: Record<string, PolicySet> = { all: { algorithm: 'priority', rules: [weaker, stronger, lost] } }
    expect(carried(await decide(sets))).toEqual(['allow', ['stronger'], ['must-stronger'], ['may-stronger']])
  })

  test('not of sets that the route leaves out', async () => {
    const sets = { asked: { rules: [rule('a', 'allow')] }, other: { rules: [rule('d', 'deny')] } }
    const routes = [{ actions: 'r*', sets: ['asked'] }]
    expect(carried(await decide(sets, { routes }))).toEqual(['allow', ['a'], ['must-a'], ['may-a']])
  })

  test('of no rule when a set that had to pass abstained', async () => {
    const sets = {
      allows: { rules: [rule('a', 'allow')] },
      silent: { rules: [rule('never', 'allow', { when: { 'context.yes': false } })] },
    }
    expect(carried(await decide(sets, { combine: 'all' }))).toEqual(['deny', [], [], []])
  })

  test('not of a deny that could not be evaluated, though it decided', async () => {
    const broken = rule('broken', 'deny', { when: { 'context.amount': { gt: 1 } } })
    const sets = { one: { rules: [broken] }, two: { rules: [rule('d', 'deny')] } }
    expect(carried(await decide(sets))).toEqual(['deny', ['broken', 'd'], ['must-d'], ['may-d']])
  })
})

describe('review stands between allow and deny, in whatever order the sets are', () => {
  const one = (effect: Effect): PolicySet => ({ rules: [rule(effect, effect)] })
  test.each<[Effect[], Effect, PolicyDocument['combine']]>([
    [['allow', 'review'], 'review', 'any'],
    [['review', 'allow'], 'review', 'any'],
    [['deny', 'review'], 'deny', 'any'],
    [['review', 'deny'], 'deny', 'any'],
    [['review', 'allow'], 'review', 'all'],
    [['allow', 'review', 'deny'], 'deny', 'all'],
  ])('%j is %s (%s)', async (effects, status, combine = 'any') => {
    const sets = Object.fromEntries(effects.map((effect) => [`${effect}s`, one(effect)]))
    expect(carried(await decide(sets, { combine }))).toEqual([status, [status], [`must-${status}`], [`may-${status}`]])
  })
})
