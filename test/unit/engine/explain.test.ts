/** Explanations of a decision: which rules were looked at, what they came to, and who decided. Tests: explain-tests.test.ts. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { ask, engineOf } from './support.ts'

describe('rules', () => {
  test('are those whose target matched, in document order, each once', async () => {
    const engine = await engineOf(
      [
        { id: 'other', allow: 'write' },
        { id: 'glob', allow: 'r*d', on: 'doc' },
        { id: 'twice', allow: ['read', 're*', 'r?ad'], to: { role: ['a', 'b'] } },
        { id: 'any', deny: '*', when: { 'context.closed': true } },
        { id: 'elsewhere', allow: 'read', on: 'file' },
      ],
      { roles: { a: [], b: [] } },
    )
    const { rules } = engine.explain(ask({ subject: { roles: ['a', 'b'] }, context: { closed: false } }))
    expect(rules.map(({ id, effect, outcome, deciding }) => [id, effect, outcome, deciding])).toEqual([
      ['glob', 'allow', 'true', true],
      ['twice', 'allow', 'true', true],
      ['any', 'deny', 'false', false],
    ])
  })

  test('include those that a stronger one made needless', async () => {
    const engine = await engineOf([
      { id: 'deny', deny: 'read' },
      { id: 'allow', allow: 'read', when: { 'context.a': 1 } },
      { id: 'review', review: 'read' },
    ])
    const { rules, decision } = engine.explain(ask({ context: { a: 1 } }))
    expect(decision.rules).toEqual(['deny'])
    expect(rules.map(({ id, outcome, deciding }) => [id, outcome, deciding])).toEqual([
      ['deny', 'true', true],
      ['allow', 'true', false],
      ['review', 'true', false],
    ])
  })

  test('that could not be evaluated say so, and decide when they deny', async () => {
    const engine = await engineOf([
      { id: 'allow', allow: 'read', when: { 'context.a': { gt: 1 } } },
      { id: 'deny', deny: 'read', when: { 'context.a': { gt: 1 } } },
    ])
    const { rules, decision } = engine.explain(ask({ context: { a: 'x' } }))
    expect(decision.code).toBe('not_evaluable')
    expect(rules.map(({ id, outcome, deciding }) => [id, outcome, deciding])).toEqual([
      ['allow', 'not_evaluable', false],
      ['deny', 'not_evaluable', true],
    ])
  })

  test('say where they stand, when they came from a text', async () => {
    const text = 'version: 1\nrules:\n  - id: first\n    allow: read\n  - id: second\n    allow: read\n'
    const { rules } = (await createEngine({ policies: { name: 'records.yaml', text } })).explain(ask())
    expect(rules.map(({ place }) => place)).toEqual(['records.yaml:3:5', 'records.yaml:5:5'])
    const fromObject = (await engineOf([{ id: 'first', allow: 'read' }])).explain(ask())
    expect(fromObject.rules[0]).not.toHaveProperty('place')
  })

  test('of a request that matches nothing are none', async () => {
    const engine = await engineOf([{ id: 'w', allow: 'write' }])
    const { decision, rules } = engine.explain(ask())
    expect(decision.code).toBe('no_match')
    expect(rules).toEqual([])
  })

  test('of a request of another tenant, or without policies, are none', async () => {
    const engine = await engineOf([{ id: 'r', allow: 'read' }])
    const foreign = engine.explain({ ...ask(), tenant: 'other' })
    expect(foreign.decision.code).toBe('unknown_tenant')
    expect(foreign.rules).toEqual([])
    const empty = (await engineOf([])).explain(ask())
    expect(empty.decision.code).toBe('no_policies')
    expect(empty.rules).toEqual([])
  })
})

describe('sets', () => {
  const rules = [{ id: 'open', allow: 'read' }]
  const sets = {
    limits: {
      algorithm: 'priority',
      rules: [
        { id: 'low', allow: 'read', priority: 1 },
        { id: 'high', review: 'read', priority: 2 },
        { id: 'higher', deny: 'read', priority: 3, when: { 'context.closed': true } },
      ],
    },
    silent: { rules: [{ id: 'never', allow: 'read', when: { 'context.never': true } }] },
  } as const

  test('tell their votes and who made them', async () => {
    const engine = await engineOf(rules, { sets })
    const { sets: votes, decision, rules: seen } = engine.explain(ask({ context: { closed: false, never: false } }))
    expect(votes).toEqual([
      { name: 'default', algorithm: 'deny-overrides', vote: 'allow', deciding: ['open'] },
      { name: 'limits', algorithm: 'priority', vote: 'review', deciding: ['high'] },
      { name: 'silent', algorithm: 'deny-overrides', vote: 'abstain', deciding: [] },
    ])
    expect(decision).toMatchObject({ status: 'review', rules: ['high'] })
    expect(seen.map(({ id, set }) => [id, set])).toEqual([
      ['open', 'default'],
      ['low', 'limits'],
      ['high', 'limits'],
      ['higher', 'limits'],
      ['never', 'silent'],
    ])
  })

  test('are only those that a route asks', async () => {
    const engine = await engineOf(rules, { sets, routes: [{ actions: 'read', sets: ['limits'] }] })
    const { sets: votes, rules: seen } = engine.explain(ask({ context: { closed: true } }))
    expect(votes).toEqual([{ name: 'limits', algorithm: 'priority', vote: 'deny', deciding: ['higher'] }])
    expect(new Set(seen.map(({ set }) => set))).toEqual(new Set(['limits']))
  })

  test('that abstain where all must agree are the reason of the denial', async () => {
    const engine = await engineOf(rules, { sets: { silent: sets.silent }, combine: 'all' })
    const { decision, sets: votes } = engine.explain(ask({ context: { never: false } }))
    expect(decision.code).toBe('set_abstained')
    expect(votes.map(({ name, vote }) => [name, vote])).toEqual([
      ['default', 'allow'],
      ['silent', 'abstain'],
    ])
  })
})

describe('an explanation', () => {
  test('is data: JSON and back is the same', async () => {
    const engine = await engineOf([{ id: 'a', allow: 'read', when: { 'context.a': { in: [1, 'x', null] } } }])
    const { rules, sets } = engine.explain(ask({ context: { a: null } }))
    expect(JSON.parse(JSON.stringify({ rules, sets }))).toEqual({ rules, sets })
  })

  const ann: Record<string, unknown> = { name: 'ann' }
  ann.documents = [{ owner: ann }]
  let deep: object = {}
  for (let i = 0; i < 100_000; i++) deep = { deep }
  const failing = {
    toJSON: () => {
      throw new Error('not now')
    },
  }

  test.each([
    ['with a cycle', ann],
    ['that is very deep', deep],
    ['that fails when it is written', failing],
  ])('of a value %s tells the rest, as evaluate decides', async (_name, owner) => {
    const engine = await engineOf([
      { id: 'a', allow: 'read', when: { 'context.owner': { exists: true } } },
      { id: 'b', allow: 'read', when: { 'context.owner': { exists: true }, 'context.open': true } },
      { id: 'c', allow: 'write', when: { 'context.owner': { exists: false } } },
    ])
    const request = ask({ context: { owner } })
    const { decision, rules } = engine.explain(request)
    expect([decision.status, decision.code]).toEqual(['allow', 'matched'])
    expect(decision.rules).toEqual(engine.evaluate(request).rules)
    expect(rules.flatMap(({ tests }) => tests.map(({ actual }) => actual))).toEqual(
      expect.arrayContaining(['(cannot be shown)']),
    )
    const write = engine.whyNot({ ...request, action: { name: 'write' } })
    expect(write.decision.code).toBe('no_match')
    expect(write.nearest[0]).toMatchObject({ id: 'c', missing: [{ actual: '(cannot be shown)' }] })
  })

  test('leaves no trace in the decisions after it', async () => {
    const engine = await engineOf([{ id: 'a', allow: 'read', when: { 'context.a': { starts_with: 'x' } } }])
    for (let i = 0; i < 50; i++) {
      const context = { a: `${i % 2 ? 'x' : 'y'}${'z'.repeat(i * 100)}` }
      expect(engine.explain(ask({ context })).decision.decision).toBe(i % 2 === 1)
      expect(engine.evaluate(ask({ context })).decision).toBe(i % 2 === 1)
    }
  })

  test('of very many candidates is whole, and its decision is that of evaluate', async () => {
    const engine = await engineOf(
      Array.from({ length: 3000 }, (_, i) => ({
        id: `r${i}`,
        allow: 'read',
        when: { 'context.a': { gte: i }, 'context.b': { exists: true } },
      })),
    )
    const request = ask({ context: { a: 1499.5, b: null } })
    const { rules, decision } = engine.explain(request)
    expect(rules).toHaveLength(3000)
    expect(rules.every(({ tests }) => tests.length === 2)).toBe(true)
    expect(rules.filter(({ outcome }) => outcome === 'true')).toHaveLength(1500)
    expect(decision.rules).toEqual(engine.evaluate(request).rules)
  })
})
