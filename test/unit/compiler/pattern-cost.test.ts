/** What patterns are said to cost is what the core counts, or more. */
import { describe, expect, it } from 'vitest'
import { Limit } from '../../../assembly/abi/memory.ts'
import { type PatternCost, patternCosts } from '../../../src/compiler/pattern-cost.ts'
import type { ConditionSource, Tests } from '../../../src/policy/document.ts'
import { loadModel } from '../../../src/policy/index.ts'
import { ask, engineOf } from '../engine/support.ts'

function costsOf(when: ConditionSource): readonly PatternCost[] {
  return patternCosts(loadModel({ version: 1, rules: [{ id: 'r', allow: 'read', when }] }))
}

describe('patternCosts', () => {
  it('finds every pattern of the conditions, once, the most expensive first', () => {
    const costs = costsOf({
      all: [
        { 'context.a': { regex: '^a', glob: '{x*y,z}' } },
        { not: { 'context.b': { not_regex: '(a|b)*a(a|b){16}c' } } },
        { 'context.c': { any_matches: { item: { regex: '^a' } } } },
      ],
    })
    expect(costs.map(({ kind, source, form }) => [kind, source, form])).toEqual([
      ['regex', '(a|b)*a(a|b){16}c', 'nfa'],
      ['glob', 'x*y', 'glob'],
      ['regex', '^a', 'table'],
    ])
  })

  it('finds those of targets', () => {
    const rule = { id: 'r', allow: ['read', 'x:*'], on: { type: '[ab]', id: 'd-*' }, to: { type: 'u?', id: '*-s' } }
    const sources = patternCosts(loadModel({ version: 1, rules: [rule] })).map(({ source }) => source)
    expect(sources.sort()).toEqual(['*-s', '[ab]', 'd-*', 'u?', 'x:*'])
  })

  it('says nothing of policies without patterns', () => {
    expect(costsOf({ 'context.a': 1 })).toEqual([])
  })

  it.each<[Tests, string]>([
    [{ not_regex: '(a+)+$' }, 'a'],
    [{ not_regex: '(a|b)*a(a|b){16}c' }, 'ab'],
    [{ not_regex: '^(?:[ab]{1,80}x|y){9}' }, 'ab'],
    [{ not_regex: '(?:a?b?){400}c$' }, 'ab'],
    [{ glob: `*${'a'.repeat(500)}c`, otherwise: false }, 'a'],
    [{ glob: '*a?a[ab]b*c', otherwise: false }, 'a'],
  ])('%j fits as often as is said', async (test, unit) => {
    const [cost] = costsOf({ 'context.text': test })
    const length = 40_000
    const text = unit.repeat(length / unit.length)
    const times = Math.floor(Limit.Steps / (cost!.stepsPerByte * length + 1))
    expect(times).toBeGreaterThan(0)
    // "or the negation" makes each of them hold, so that none spares the next.
    const once: ConditionSource = { any: [{ 'context.text': test }, { 'context.other': true }] }
    const engine = await engineOf([
      { id: 'r', allow: 'read', when: { all: Array.from({ length: Math.min(times, 300) }, () => once) } },
    ])
    expect(engine.evaluate(ask({ context: { text, other: true } })).code).toBe('matched')
  })
})
