/** Lending: who may lend what, and what the guard then permits. */
import { describe, expect, test } from 'vitest'
import { agent, ann, ask, bob, bot, guardOver, refusal, sub, terms, trips, user } from './support.ts'

describe('what is lent', () => {
  test('grants what the scopes cover, and says by which delegation', async () => {
    const { guard } = await guardOver(trips)
    const made = await guard.delegations.create(terms())
    expect(made).toMatchObject({ state: 'active', depth: 0, root: made.id, redelegate: 0, grantor: ann, grantee: bot })
    expect(made).not.toHaveProperty('usesLeft')
    const decision = await guard.authorize(ask(bot, 'travel:book'))
    expect(decision).toMatchObject({ decision: true, status: 'allow', code: 'delegated', rules: ['people'] })
    expect(decision.delegations).toEqual([{ id: made.id, grantor: ann, root: ann, line: [made.id] }])
    expect(decision.reason).toBe(`lent by user "ann" (${made.id})`)
  })

  test('grants nothing else, and nobody else', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms())
    for (const request of [
      ask(bot, 'read'),
      ask(bot, 'travel:book', 't1', 'car'),
      ask(sub, 'travel:book'),
      ask(user('bot'), 'travel:book'),
    ]) {
      expect(await guard.authorize(request)).toMatchObject({ decision: false, code: 'no_match', delegations: [] })
    }
  })

  test('what the policies allow needs no delegation', async () => {
    const { guard } = await guardOver(trips)
    expect(await guard.authorize(ask(ann, 'read'))).toMatchObject({ decision: true, code: 'matched', delegations: [] })
  })

  test('a rule that denies is not outweighed', async () => {
    const { guard } = await guardOver({
      version: 1,
      rules: [
        { id: 'people', allow: '*', to: { type: 'user' } },
        { id: 'no-agents', deny: 'travel:fly', to: { type: 'agent' } },
        { id: 'not-evaluable', deny: 'travel:sail', to: { type: 'agent' }, when: { 'context.calm': false } },
        { id: 'ask', review: 'travel:drive', to: { type: 'agent' } },
      ],
    })
    await guard.delegations.create(terms({ scopes: [{ actions: '*' }] }))
    expect(await guard.authorize(ask(bot, 'travel:walk'))).toMatchObject({ code: 'delegated' })
    expect(await guard.authorize(ask(bot, 'travel:fly'))).toMatchObject({ status: 'deny', code: 'matched' })
    expect(await guard.authorize(ask(bot, 'travel:sail'))).toMatchObject({ status: 'deny', code: 'not_evaluable' })
    expect(await guard.authorize(ask(bot, 'travel:drive'))).toMatchObject({ status: 'review', code: 'no_approver' })
  })

  test('policies are told of the delegation as state.delegation', async () => {
    const { guard } = await guardOver({
      version: 1,
      rules: [
        { id: 'people', allow: '*', to: { type: 'user' } },
        { id: 'agents-borrow', deny: '*', to: { type: 'agent' }, unless: { 'state.delegation': { exists: true } } },
        { id: 'not-far', deny: 'pay', when: { 'state.delegation.depth': { gte: 1, otherwise: false } } },
      ],
    })
    const first = await guard.delegations.create(terms({ scopes: [{ actions: '*' }], redelegate: 1 }))
    await guard.delegations.create({
      by: bot,
      grantor: bot,
      grantee: sub,
      parent: first.id,
      scopes: [{ actions: ['pay', 'read'] }],
    })
    expect(await guard.authorize(ask(bot, 'pay'))).toMatchObject({ code: 'delegated' })
    expect(await guard.authorize(ask(sub, 'read'))).toMatchObject({ code: 'delegated' })
    expect(await guard.authorize(ask(sub, 'pay'))).toMatchObject({ decision: false })
    expect(await guard.authorize(ask(agent('other'), 'read'))).toMatchObject({
      code: 'matched',
      rules: ['agents-borrow'],
    })
  })

  test('obligations and advice of the rule that the right rests on come along', async () => {
    const { guard } = await guardOver({
      version: 1,
      rules: [
        { id: 'people', allow: '*', to: { type: 'user' }, obligations: [{ id: 'log' }], advice: [{ id: 'tell' }] },
      ],
    })
    await guard.delegations.create(terms())
    const decision = await guard.authorize(ask(bot, 'travel:book'))
    expect(decision).toMatchObject({ obligations: [{ id: 'log' }], advice: [{ id: 'tell' }] })
  })

  test('who acts on behalf of somebody uses only what these lent', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms())
    const chained = (delegator: { type: string; id: string }) => ask({ ...bot, on_behalf_of: delegator }, 'travel:book')
    expect(await guard.authorize(chained(ann))).toMatchObject({ decision: true })
    expect(await guard.authorize(chained(bob))).toMatchObject({ decision: false })
    const listed = ask({ ...bot, delegation_chain: [bob, sub] }, 'travel:book')
    expect(await guard.authorize(listed)).toMatchObject({ decision: false })
  })

  test('tenants are apart', async () => {
    const { guard, store } = await guardOver(trips)
    await guard.delegations.create(terms())
    const other = await guardOver({ ...(trips as object), version: 1, tenant: 'other' }, { store })
    expect(await other.guard.authorize(ask(bot, 'travel:book'))).toMatchObject({ decision: false })
  })

  test('subjects whose parts only look alike are apart', async () => {
    const { guard } = await guardOver({ version: 1, rules: [{ id: 'all', allow: '*', to: { type: 'user' } }] })
    await guard.delegations.create(terms({ grantee: { type: 'a:b', id: 'c' } }))
    expect(await guard.authorize(ask({ type: 'a', id: 'b:c' }, 'travel:book'))).toMatchObject({ decision: false })
    expect(await guard.authorize(ask({ type: 'a:b', id: 'c' }, 'travel:book'))).toMatchObject({ decision: true })
    const [listed] = (await guard.delegations.list({ grantee: { type: 'a:b', id: 'c' } })).delegations
    expect(listed?.grantee).toEqual({ type: 'a:b', id: 'c' })
  })
})

test('who has an id that no store keeps was lent nothing', async () => {
  const { guard } = await guardOver(trips)
  for (const id of ['x'.repeat(600), 'a\0b', 'a\ud800']) {
    const subject = agent(id)
    expect(await guard.authorize(ask(subject, 'travel:book'))).toMatchObject({ code: 'no_match' })
    expect(await guard.authorizeAndConsume(ask(subject, 'travel:book'))).toMatchObject({ code: 'no_match' })
    const query = { subject, action: { name: 'travel:book' }, resource: { type: 'trip' } }
    expect(await guard.listAuthorized(query)).toEqual({ results: [] })
    expect((await guard.delegations.list({ grantee: subject })).delegations).toEqual([])
    expect((await guard.delegations.list({ grantor: subject })).delegations).toEqual([])
  }
})

describe('what cannot be lent', () => {
  test('what the grantor does not hold: every name, and of every pattern something', async () => {
    const { guard } = await guardOver(trips)
    const create = (scopes: object[]) => guard.delegations.create(terms({ scopes: scopes as never }))
    for (const scopes of [
      [{ actions: 'delete', on: 'trip' }],
      [{ actions: ['travel:book', 'delete'], on: 'trip' }],
      [{ actions: 'travel:book', on: ['trip', 'car'] }],
      [{ actions: 'email:*', on: 'trip' }],
      [{ actions: 'travel:book', on: { type: 'trip', id: 'frozen' } }],
      [
        { actions: 'travel:book', on: 'trip' },
        { actions: 'delete', on: 'trip' },
      ],
      [{ actions: 'travel:book', on: 'car*' }],
    ]) {
      expect(await refusal(create(scopes)), JSON.stringify(scopes)).toBe('E_DELEGATION_GRANTOR')
    }
    for (const scopes of [
      [{ actions: 'travel:*', on: '*' }],
      [{ actions: '*', on: 'trip' }],
      [{ actions: '*' }],
      [{ actions: 'travel:book', on: { type: 'tr*', id: 'x' } }],
      [{ actions: 't*:book', on: 'trip' }],
    ]) {
      expect((await create(scopes)).state, JSON.stringify(scopes)).toBe('active')
    }
  })

  test('a pattern lends what the grantor holds of it, and no more', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms({ scopes: [{ actions: '*' }] }))
    expect(await guard.authorize(ask(bot, 'travel:book'))).toMatchObject({ decision: true })
    expect(await guard.authorize(ask(bot, 'delete'))).toMatchObject({ decision: false })
  })

  test('what depends on attributes of the resource is decided at each use', async () => {
    const { guard } = await guardOver({
      version: 1,
      rules: [
        {
          id: 'own',
          allow: 'read',
          on: 'note',
          to: { type: 'user' },
          when: { 'resource.owner': { eq: { ref: 'subject.id' } } },
        },
        { id: 'archived', deny: 'read', on: 'note', when: { 'resource.archived': true } },
      ],
    })
    const scopes = [{ actions: 'read', on: 'note' }]
    await guard.delegations.create(terms({ scopes }))
    const note = (owner: string, archived = false) => ({
      ...ask(bot, 'read'),
      resource: { type: 'note', id: 'n', properties: { owner, archived } },
    })
    expect(await guard.authorize(note('ann'))).toMatchObject({ decision: true })
    expect(await guard.authorize(note('bob'))).toMatchObject({ decision: false })
    expect(await guard.authorize(note('ann', true))).toMatchObject({ decision: false })
  })

  test('what a rule says is not delegable', async () => {
    const { guard } = await guardOver({
      version: 1,
      rules: [
        { id: 'all', allow: '*', to: { type: 'user' } },
        { id: 'sign', allow: 'sign', to: { type: 'user' }, delegable: false },
      ],
    })
    expect(await refusal(guard.delegations.create(terms({ scopes: [{ actions: 'sign' }] })))).toBe(
      'E_DELEGATION_GRANTOR',
    )
    await guard.delegations.create(terms({ scopes: [{ actions: '*' }] }))
    expect(await guard.authorize(ask(bot, 'read'))).toMatchObject({ decision: true })
    expect(await guard.authorize(ask(bot, 'sign'))).toMatchObject({ decision: false })
  })

  test.each<[string, object, string]>([
    ['to oneself', { grantee: ann }, 'E_USAGE'],
    ['for no uses', { maxUses: 0 }, 'E_USAGE'],
    ['for half a use', { maxUses: 1.5 }, 'E_USAGE'],
    ['in the past', { expiresAt: 1 }, 'E_USAGE'],
    ['at no time', { expiresAt: new Date('no') }, 'E_USAGE'],
    ['for no lease', { lease: 0 }, 'E_USAGE'],
    ['for a lease whose end no number says', { lease: 2 ** 53 - 2 }, 'E_USAGE'],
    ['too far on', { redelegate: 8 }, 'E_USAGE'],
    ['scopes left out', { scopes: undefined }, 'E_SCOPE'],
    ['null for scopes', { scopes: null }, 'E_SCOPE'],
    ['text for scopes', { scopes: 'travel:*' }, 'E_SCOPE'],
    ['null for a scope', { scopes: [null] }, 'E_SCOPE'],
    ['by no grantor', { grantor: undefined }, 'E_USAGE'],
    ['by nobody', { by: null }, 'E_USAGE'],
    ['no budget at all', { budget: null }, 'E_AMOUNT'],
    ['renewable by a text', { renewableBy: 'x' }, 'E_USAGE'],
    ['renewable by nothing', { renewableBy: [null] }, 'E_USAGE'],
    ['to nobody', { grantee: { type: 'agent', id: '' } }, 'E_USAGE'],
    ['a budget of nothing', { budget: { amount: '0', unit: 'EUR' } }, 'E_AMOUNT'],
    ['a budget in nothing', { budget: { amount: '5', unit: '' } }, 'E_AMOUNT'],
    ['no scopes', { scopes: [] }, 'E_SCOPE'],
    ['scopes that JSON has no form for', { scopes: [{ actions: '*', when: { 'context.n': { gt: 1n } } }] }, 'E_SCOPE'],
    ['of an unknown one', { parent: 'dlg_0' }, 'E_DELEGATION'],
  ])('%s', async (_, more, code) => {
    const { guard } = await guardOver(trips)
    expect(await refusal(guard.delegations.create(terms(more)))).toBe(code)
  })

  test('a scope with too many combinations is refused, and not checked in part', async () => {
    const { guard } = await guardOver(trips)
    const many = (prefix: string) => Array.from({ length: 30 }, (_, i) => `${prefix}${i}`)
    const scopes = [{ actions: many('travel:'), on: { type: 'trip', id: many('t') } }]
    expect(await refusal(guard.delegations.create(terms({ scopes })))).toBe('E_SCOPE')
  })
})

describe('the grantor is judged again at each use', () => {
  const policies = {
    version: 1,
    rules: [{ id: 'managers', allow: 'travel:*', on: 'trip', to: { role: 'manager' } }],
  } as const

  test('by the attributes in the policies', async () => {
    const entity = (roles: string[]) => ({ ...policies, entities: { subjects: [{ type: 'user', id: 'ann', roles }] } })
    const { guard } = await guardOver(entity(['manager']))
    await guard.delegations.create(terms())
    expect(await guard.authorize(ask(bot, 'travel:book'))).toMatchObject({ decision: true })
    await guard.engine.replacePolicies(entity([]))
    expect(await guard.authorize(ask(bot, 'travel:book'))).toMatchObject({ decision: false, delegations: [] })
  })

  test('by those that the delegation carries', async () => {
    const { guard } = await guardOver(policies)
    expect(await refusal(guard.delegations.create(terms()))).toBe('E_DELEGATION_GRANTOR')
    const grantor = user('ann', { roles: ['manager'] })
    const made = await guard.delegations.create(terms({ grantor }))
    expect(await guard.authorize(ask(bot, 'travel:book'))).toMatchObject({ decision: true })
    expect(JSON.stringify(made)).not.toContain('manager')
  })

  test('by those that the host tells, before all others', async () => {
    let roles = ['manager']
    const { guard } = await guardOver(policies, {
      attributes: async ({ type, id }) => (type === 'user' && id === 'ann' ? { roles } : undefined),
    })
    await guard.delegations.create(terms({ grantor: user('ann', { roles: ['clerk'] }) }))
    expect(await guard.authorize(ask(bot, 'travel:book'))).toMatchObject({ decision: true })
    roles = []
    expect(await guard.authorize(ask(bot, 'travel:book'))).toMatchObject({ decision: false })
  })

  test('not in the session of who asks, nor by marks on it', async () => {
    const { guard } = await guardOver(policies)
    await guard.delegations.create(terms({ grantor: user('ann', { roles: ['manager'] }) }))
    const request = { ...ask(bot, 'travel:book'), state: { session: { roles: [] } } }
    expect(await guard.authorize(request, { untrusted: ['subject', 'chain'] })).toMatchObject({ decision: true })
  })

  test('all the way up', async () => {
    const { guard } = await guardOver({
      version: 1,
      rules: [
        { id: 'people', allow: 'travel:*', on: 'trip', to: { type: 'user' }, when: { 'context.open': { eq: true } } },
        { id: 'bad', deny: '*', to: { id: 'bot' }, when: { 'context.blocked': { eq: true, otherwise: false } } },
      ],
    })
    const first = await guard.delegations.create(terms({ redelegate: 1 }))
    await guard.delegations.create({ ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id })
    const request = (context: object) => ({ ...ask(sub, 'travel:book'), context: { ...context } })
    expect(await guard.authorize(request({ open: true }))).toMatchObject({ decision: true })
    expect(await guard.authorize(request({ open: false }))).toMatchObject({ decision: false })
    expect(await guard.authorize(request({ open: true, blocked: true }))).toMatchObject({ decision: false })
  })
})

describe('passing on', () => {
  async function line(more: object = {}) {
    const setting = await guardOver(trips)
    const first = await setting.guard.delegations.create(
      terms({
        redelegate: 2,
        maxUses: 10,
        budget: { amount: '100.00', unit: 'EUR' },
        expiresAt: Date.UTC(2026, 5, 1),
        ...more,
      }),
    )
    const pass = (given: object = {}) =>
      setting.guard.delegations.create({ ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id, ...given })
    return { ...setting, first, passOn: pass }
  }

  test('inside the parent', async () => {
    const { guard, first, passOn } = await line()
    const second = await passOn({
      scopes: [{ actions: 'travel:book', on: { type: 'trip', id: 't*' } }],
      maxUses: 10,
      budget: { amount: '99.9', unit: 'EUR' },
      expiresAt: Date.UTC(2026, 5, 1),
      redelegate: 1,
    })
    expect(second).toMatchObject({
      parent: first.id,
      root: first.id,
      depth: 1,
      budget: { amount: '99.90', unit: 'EUR' },
    })
    const decision = await guard.authorize(ask(sub, 'travel:book'))
    expect(decision.delegations).toEqual([{ id: second.id, grantor: bot, root: ann, line: [first.id, second.id] }])
  })

  test.each<[string, object, RegExp]>([
    ['a wider scope', { scopes: [{ actions: 'travel:*' }] }, /covers what the parent does not: "travel:" on "" ""/],
    ['more uses', { maxUses: 11 }, /maxUses 11 is more than the parent has, 10/],
    ['a larger budget', { budget: { amount: '100.01', unit: 'EUR' } }, /100.01 EUR is more than .* 100.00 EUR/],
    ['another unit', { budget: { amount: '1', unit: 'USD' } }, /in USD, that of the parent in EUR/],
    ['a later end', { expiresAt: Date.UTC(2026, 5, 2) }, /expiresAt 2026-06-02.* is later/],
    ['further on', { redelegate: 2 }, /redelegate 2 is more than the parent leaves, 1/],
  ])('not outside of it: %s', async (_, more, message) => {
    const { passOn } = await line()
    await expect(passOn(more)).rejects.toThrow(message)
    expect(await refusal(passOn(more))).toBe('E_DELEGATION_EXCEEDS')
  })

  test('a budget that is finer than that of the parent', async () => {
    const { passOn } = await line()
    expect(await refusal(passOn({ budget: { amount: '1.001', unit: 'EUR' } }))).toBe('E_AMOUNT')
  })

  test('an end that is later than a Date can say', async () => {
    const { guard } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms({ redelegate: 1, expiresAt: 9e15 - 5 }))
    const part = { ...terms(), by: bot, grantor: bot, grantee: sub, parent: id }
    expect(await refusal(guard.delegations.create({ ...part, expiresAt: 9e15 }))).toBe('E_DELEGATION_EXCEEDS')
    expect((await guard.delegations.create({ ...part, expiresAt: 9e15 - 5 })).state).toBe('active')
  })

  test('limits further up count, too', async () => {
    const { guard, passOn } = await line()
    const second = await passOn({ redelegate: 1 })
    const third = (more: object) =>
      guard.delegations.create({
        ...terms(),
        by: sub,
        grantor: sub,
        grantee: agent('third'),
        parent: second.id,
        ...more,
      })
    for (const more of [
      { maxUses: 11 },
      { expiresAt: Date.UTC(2026, 5, 2) },
      { budget: { amount: '101', unit: 'EUR' } },
    ]) {
      expect(await refusal(third(more))).toBe('E_DELEGATION_EXCEEDS')
    }
    expect((await third({})).depth).toBe(2)
  })

  test('only by its grantee, only while it is active, and only where it may be', async () => {
    const { guard, first, passOn } = await line()
    expect(await refusal(passOn({ by: sub, grantor: sub, grantee: agent('x') }))).toBe('E_DELEGATION_GRANTOR')
    await guard.delegations.suspend(first.id, { by: ann })
    expect(await refusal(passOn())).toBe('E_DELEGATION_STATE')
    const fixed = await guard.delegations.create(terms({ grantee: sub }))
    const more = { by: sub, grantor: sub, grantee: bot, parent: fixed.id }
    expect(await refusal(guard.delegations.create({ ...terms(), ...more }))).toBe('E_DELEGATION_EXCEEDS')
  })

  test('conditions of all above hold for what is below', async () => {
    const cheap = [{ actions: 'travel:*', on: 'trip', when: { 'context.price': { lte: 100 } } }]
    const { guard, passOn } = await line({ scopes: cheap })
    await passOn({ scopes: [{ actions: 'travel:book', on: 'trip' }] })
    const request = (price: number) => ({ ...ask(sub, 'travel:book'), context: { price } })
    expect(await guard.authorize(request(100))).toMatchObject({ decision: true })
    expect(await guard.authorize(request(101))).toMatchObject({ decision: false })
  })
})

describe('made once', () => {
  test('the same terms give the same delegation, until it is over', async () => {
    const { guard } = await guardOver(trips)
    const [first, second] = await Promise.all([guard.delegations.create(terms()), guard.delegations.create(terms())])
    expect(second).toEqual(first)
    expect((await guard.delegations.create(terms({ maxUses: 3 }))).id).not.toBe(first.id)
    await guard.delegations.revoke(first.id, { by: ann })
    const next = await guard.delegations.create(terms())
    expect(next.id).not.toBe(first.id)
    expect((await guard.delegations.create(terms())).id).toBe(next.id)
  })

  test('keys that no terms have change nothing of it', async () => {
    const { guard } = await guardOver(trips)
    const made = await guard.delegations.create(terms())
    const posing = { way: 'push', subjects: ['user:ann', 'user:ann', 'agent:bot'], properties: null, end: null }
    const asked = terms({ by: sub, grantee: sub, ...posing })
    const proposed = await guard.delegations.propose(asked)
    expect(proposed.id).not.toBe(made.id)
    expect(proposed).toMatchObject({ state: 'proposed', grantee: sub })
  })

  test('the same key gives the same delegation also after that, and never of other terms', async () => {
    const { guard } = await guardOver(trips)
    const keyed = terms({ idempotencyKey: 'k1' })
    const first = await guard.delegations.create(keyed)
    await guard.delegations.revoke(first.id, { by: ann })
    expect(await guard.delegations.create(keyed)).toMatchObject({ id: first.id, state: 'revoked' })
    expect(await refusal(guard.delegations.create({ ...keyed, maxUses: 1 }))).toBe('E_IDEMPOTENCY')
    const ofBob = await guard.delegations.create({ ...keyed, by: bob, grantor: bob })
    expect(ofBob.id).not.toBe(first.id)
  })
})
