/** Every reason code, and what the decision says with it. `limit` has limits.test.ts, `trap` has test/faults. */
import { describe, expect, test } from 'vitest'
import { ask, engineOf, engineWhen } from './support.ts'

describe('reason codes', () => {
  test('matched: rules decided', async () => {
    const engine = await engineOf([{ id: 'open', allow: 'read', because: 'all may read' }])
    expect(engine.evaluate(ask())).toMatchObject({
      decision: true,
      status: 'allow',
      code: 'matched',
      reason: 'all may read',
      rules: ['open'],
    })
  })

  test('matched: a review is not an allow', async () => {
    const engine = await engineOf([{ id: 'ask', review: 'read' }])
    expect(engine.evaluate(ask())).toMatchObject({ decision: false, status: 'review', code: 'matched' })
  })

  test('not_evaluable: a deny or a review that cannot be evaluated denies', async () => {
    for (const effect of ['deny', 'review']) {
      const engine = await engineOf([
        { id: 'open', allow: 'read' },
        { id: 'broken', [effect]: 'read', when: { 'context.amount': { gt: 5 } }, obligations: [{ id: 'log' }] },
      ])
      expect(engine.evaluate(ask())).toMatchObject({
        decision: false,
        status: 'deny',
        code: 'not_evaluable',
        rules: ['broken'],
        obligations: [],
      })
    }
  })

  test('matched, when one deciding rule could be evaluated', async () => {
    const engine = await engineOf([
      { id: 'broken', deny: 'read', when: { 'context.amount': { gt: 5 } }, obligations: [{ id: 'of-broken' }] },
      { id: 'closed', deny: 'read', obligations: [{ id: 'of-closed' }] },
    ])
    const decision = engine.evaluate(ask())
    expect(decision).toMatchObject({ code: 'matched', rules: ['broken', 'closed'] })
    expect(decision.obligations).toEqual([{ id: 'of-closed' }])
  })

  test('no_match: no rule applies, or only allows that cannot be evaluated', async () => {
    const engine = await engineWhen({ 'context.amount': { gt: 5 } })
    const denied = { decision: false, status: 'deny', code: 'no_match', rules: [] }
    expect(engine.evaluate(ask())).toMatchObject(denied)
    expect(engine.evaluate(ask({ context: { amount: 5 } }))).toMatchObject(denied)
    expect(engine.evaluate({ ...ask(), action: { name: 'write' } })).toMatchObject(denied)
  })

  test('set_abstained: all sets must agree, and one says nothing', async () => {
    const engine = await engineOf([{ id: 'open', allow: 'read' }], {
      combine: 'all',
      sets: { limits: { rules: [{ id: 'limit', allow: 'read', when: { 'context.ok': true } }] } },
    })
    expect(engine.evaluate(ask())).toMatchObject({ decision: false, status: 'deny', code: 'set_abstained', rules: [] })
    expect(engine.evaluate(ask({ context: { ok: true } }))).toMatchObject({ code: 'matched', rules: ['open', 'limit'] })
    expect(engine.evaluate({ ...ask(), action: { name: 'write' } }).code).toBe('no_match')
  })

  test('no_policies: there are no rules', async () => {
    const engine = await engineOf([])
    expect(engine.evaluate(ask())).toMatchObject({ decision: false, status: 'deny', code: 'no_policies', rules: [] })
  })

  test('unknown_tenant: the request names another tenant', async () => {
    const engine = await engineOf([{ id: 'open', allow: 'read' }], { tenant: 'acme' })
    expect(engine.evaluate({ ...ask(), tenant: 'acme' }).status).toBe('allow')
    for (const tenant of ['globex', 'Acme', '', 'default']) {
      expect(engine.evaluate({ ...ask(), tenant })).toMatchObject({
        decision: false,
        code: 'unknown_tenant',
        rules: [],
      })
    }
  })

  test('every denial without a rule has a reason of its own', async () => {
    const closed = await engineWhen({ 'context.a': 1 }, { tenant: 'acme' })
    const empty = await engineOf([])
    const reasons = [
      closed.evaluate(ask()).reason,
      closed.evaluate({ ...ask(), tenant: 'other' }).reason,
      empty.evaluate(ask()).reason,
    ]
    expect(new Set(reasons).size).toBe(3)
    for (const reason of reasons) expect(reason).toMatch(/\w/)
  })
})

describe('the reason', () => {
  test('is that of the first deciding rule that has one', async () => {
    const engine = await engineOf([
      { id: 'a', allow: 'read' },
      { id: 'b', allow: 'read', because: 'second' },
      { id: 'c', allow: 'read', because: 'third' },
    ])
    expect(engine.evaluate(ask()).reason).toBe('second')
  })

  test('names the rules when none has one', async () => {
    const engine = await engineOf([{ id: 'a', allow: 'read' }])
    expect(engine.evaluate(ask()).reason).toContain('"a"')
  })
})
