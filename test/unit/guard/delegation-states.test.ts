/** The life of a delegation: proposing, accepting, leases, suspending, revoking, and who may do what. */
import { describe, expect, test } from 'vitest'
import { SallyportError } from '../../../src/errors.ts'
import { agent, ann, ask, bob, bot, guardOver, refusal, start, sub, terms, trips } from './support.ts'

const may = (setting: Awaited<ReturnType<typeof guardOver>>, subject = bot) =>
  setting.guard.authorize(ask(subject, 'travel:book')).then(({ decision }) => decision)

describe('asked for by the grantee', () => {
  test('it waits for the grantor', async () => {
    const setting = await guardOver(trips)
    const { delegations } = setting.guard
    const made = await delegations.propose(terms({ by: bot, lease: 1000 }))
    expect(made).toMatchObject({ state: 'proposed', awaits: 'grantor' })
    expect(await may(setting)).toBe(false)
    setting.pass(5000)
    for (const by of [bot, bob, sub])
      expect(await refusal(delegations.accept(made.id, { by }))).toBe('E_DELEGATION_FORBIDDEN')
    const accepted = await delegations.accept(made.id, { by: ann })
    expect(accepted).toMatchObject({ state: 'active', leasedUntil: start + 6000 })
    expect(accepted).not.toHaveProperty('awaits')
    expect(await may(setting)).toBe(true)
    expect(await refusal(delegations.accept(made.id, { by: ann }))).toBe('E_DELEGATION_STATE')
  })

  test('only by the grantee; the grantor gives', async () => {
    const { guard } = await guardOver(trips)
    expect(await refusal(guard.delegations.propose(terms({ by: sub })))).toBe('E_DELEGATION_FORBIDDEN')
    expect(await refusal(guard.delegations.create(terms({ by: bot })))).toBe('E_DELEGATION_FORBIDDEN')
    expect(await refusal(guard.delegations.create(terms({ by: bob })))).toBe('E_DELEGATION_FORBIDDEN')
  })

  test('the grantor brings its attributes, and the grantee does not', async () => {
    const rules = [{ id: 'managers', allow: 'travel:*', on: 'trip', to: { role: 'manager' } }]
    const { guard } = await guardOver({ version: 1, rules })
    const manager = { ...ann, properties: { roles: ['manager'] } }
    expect(await refusal(guard.delegations.propose(terms({ by: bot, grantor: manager })))).toBe('E_USAGE')
    const made = await guard.delegations.propose(terms({ by: bot }))
    const clerk = { ...ann, properties: { roles: ['clerk'] } }
    for (const by of [ann, clerk])
      expect(await refusal(guard.delegations.accept(made.id, { by }))).toBe('E_DELEGATION_GRANTOR')
    expect((await guard.delegations.accept(made.id, { by: manager })).state).toBe('active')
    expect(await guard.authorize(ask(bot, 'travel:book'))).toMatchObject({ decision: true })
  })

  test('it can be declined, withdrawn, and run out', async () => {
    const setting = await guardOver(trips)
    const { delegations } = setting.guard
    const ask = (maxUses: number) => delegations.propose(terms({ by: bot, maxUses, expiresAt: start + 1000 }))
    const [declined, withdrawn, late] = [await ask(1), await ask(2), await ask(3)]
    expect((await delegations.decline(declined!.id, { by: ann })).state).toBe('declined')
    expect((await delegations.revoke(withdrawn!.id, { by: bot })).state).toBe('revoked')
    setting.pass(1000)
    expect(await refusal(delegations.accept(late!.id, { by: ann }))).toBe('E_DELEGATION_STATE')
  })

  test('what no longer holds is not accepted', async () => {
    const { guard } = await guardOver(trips)
    const first = await guard.delegations.create(terms({ redelegate: 1 }))
    const asked = await guard.delegations.propose({ ...terms(), by: sub, grantor: bot, grantee: sub, parent: first.id })
    const own = await guard.delegations.propose(terms({ by: bot }))
    await guard.delegations.revoke(first.id, { by: ann })
    // Revoking reached what was asked for, too.
    expect(await refusal(guard.delegations.accept(asked.id, { by: bot }))).toBe('E_DELEGATION_STATE')
    await guard.engine.replacePolicies({ version: 1, rules: [{ id: 'none', allow: 'x', to: { id: 'nobody' } }] })
    expect(await refusal(guard.delegations.accept(own.id, { by: ann }))).toBe('E_DELEGATION_GRANTOR')
  })
})

test('what the fleet has heard of as revoked is not stated any more', async () => {
  let stale = false
  const heard = new Set<string>()
  const revocations = {
    check: () => {
      if (stale) throw new SallyportError('E_REVOCATION_STALE', 'nothing was heard')
    },
    has: (_tenant: string, _kind: string, id: string) => heard.has(id),
  }
  const { guard } = await guardOver(trips, { revocations })
  const first = await guard.delegations.create(terms({ redelegate: 1 }))
  const part = { ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id }
  const second = await guard.delegations.create(part)
  expect((await guard.delegations.statement(second.id)).id).toBe(second.id)
  stale = true
  expect(await refusal(guard.delegations.statement(second.id))).toBe('E_REVOCATION_STALE')
  stale = false
  heard.add(first.id)
  for (const { id } of [first, second])
    expect(await refusal(guard.delegations.statement(id))).toBe('E_DELEGATION_STATE')
})

describe('what the policies say of it', () => {
  const policies = (rule: object) => ({ version: 1 as const, rules: [{ id: 'all', allow: 'travel:*' }, rule as never] })

  test('others may lend where a rule allows it', async () => {
    const office = { type: 'user', id: 'office', properties: { roles: ['hr'] } }
    const rule = { id: 'hr', allow: ['delegate', 'delegation:*'], on: 'delegation', to: { role: 'hr' } }
    const { guard } = await guardOver(policies(rule))
    const made = await guard.delegations.create(terms({ by: office }))
    expect(made).toMatchObject({ state: 'active', createdBy: { type: 'user', id: 'office' } })
    await guard.delegations.suspend(made.id, { by: office })
    // The grantor does not undo what stands above it.
    expect(await refusal(guard.delegations.resume(made.id, { by: ann }))).toBe('E_DELEGATION_FORBIDDEN')
    expect((await guard.delegations.resume(made.id, { by: office })).state).toBe('active')
    expect((await guard.delegations.revoke(made.id, { by: office })).state).toBe('revoked')
  })

  test('nobody may lend where a rule denies it, not even what is theirs', async () => {
    const { guard } = await guardOver(
      policies({ id: 'no', deny: 'delegate', when: { 'resource.grantee': 'agent:bot' } }),
    )
    expect(await refusal(guard.delegations.create(terms()))).toBe('E_DELEGATION_FORBIDDEN')
    expect((await guard.delegations.create(terms({ grantee: sub }))).state).toBe('active')
  })

  test('rules see what is to be lent', async () => {
    const { guard } = await guardOver(
      policies({ id: 'small', deny: 'delegate', unless: { 'resource.budget': { lte: 100 }, 'resource.unit': 'EUR' } }),
    )
    const lend = (amount: string) => guard.delegations.create(terms({ budget: { amount, unit: 'EUR' } }))
    expect((await lend('100.00')).state).toBe('active')
    expect(await refusal(lend('100.01'))).toBe('E_DELEGATION_FORBIDDEN')
    expect(await refusal(guard.delegations.create(terms()))).toBe('E_DELEGATION_FORBIDDEN')
  })

  test('where a rule asks for a review, somebody else must accept', async () => {
    const { guard } = await guardOver({
      version: 1,
      rules: [
        { id: 'all', allow: 'travel:*' },
        { id: 'ask', review: 'delegate' },
        { id: 'boss', allow: 'delegation:accept', to: { id: 'boss' } },
      ],
    })
    const made = await guard.delegations.create(terms())
    expect(made).toMatchObject({ state: 'proposed', awaits: 'approver' })
    for (const by of [ann, bot])
      expect(await refusal(guard.delegations.accept(made.id, { by }))).toBe('E_DELEGATION_FORBIDDEN')
    expect((await guard.delegations.accept(made.id, { by: { type: 'user', id: 'boss' } })).state).toBe('active')
  })

  describe('where a rule asks for a review of what is proposed', () => {
    const boss = { type: 'user', id: 'boss' }
    const reviewing = () =>
      guardOver({
        version: 1,
        rules: [
          { id: 'all', allow: 'travel:*', to: { type: 'user' } },
          { id: 'ask', review: 'delegate' },
          { id: 'boss', allow: ['delegation:accept', 'delegation:decline'], to: { id: ['boss', 'bot'] } },
        ],
      })

    test('the grantor agrees first, and then somebody else approves', async () => {
      const setting = await reviewing()
      const { delegations } = setting.guard
      const made = await delegations.propose(terms({ by: bot, lease: 1000 }))
      expect(made).toMatchObject({ state: 'proposed', awaits: 'grantor' })
      for (const by of [bot, bob, boss])
        expect(await refusal(delegations.accept(made.id, { by }))).toBe('E_DELEGATION_FORBIDDEN')
      setting.pass(5000)
      const agreed = await delegations.accept(made.id, { by: ann })
      expect(agreed).toMatchObject({ state: 'proposed', awaits: 'approver' })
      expect(await may(setting)).toBe(false)
      for (const by of [bot, bob, ann])
        expect(await refusal(delegations.accept(made.id, { by }))).toBe('E_DELEGATION_FORBIDDEN')
      setting.pass(5000)
      const active = await delegations.accept(made.id, { by: boss })
      expect(active).toMatchObject({ state: 'active', leasedUntil: start + 11_000 })
      expect(await may(setting)).toBe(true)
    })

    test('the grantor can decline, before and after', async () => {
      const { guard } = await reviewing()
      const [first, second] = [
        await guard.delegations.propose(terms({ by: bot })),
        await guard.delegations.propose(terms({ by: bot, maxUses: 2 })),
      ]
      expect((await guard.delegations.decline(first.id, { by: ann })).state).toBe('declined')
      await guard.delegations.accept(second.id, { by: ann })
      expect((await guard.delegations.decline(second.id, { by: ann })).state).toBe('declined')
    })

    test('nobody but the grantor gives without it', async () => {
      const { guard } = await reviewing()
      const made = await guard.delegations.create(terms({ by: bot }))
      expect(made).toMatchObject({ state: 'proposed', awaits: 'grantor' })
      expect(await refusal(guard.delegations.accept(made.id, { by: boss }))).toBe('E_DELEGATION_FORBIDDEN')
      await guard.delegations.accept(made.id, { by: ann })
      expect((await guard.delegations.accept(made.id, { by: boss })).state).toBe('active')
    })
  })

  test('whoever is party to it does not approve it, whatever a rule allows', async () => {
    const { guard } = await guardOver({
      version: 1,
      rules: [
        { id: 'all', allow: ['travel:*', 'delegation:accept'] },
        { id: 'ask', review: 'delegate' },
      ],
    })
    const made = await guard.delegations.create(terms())
    for (const by of [ann, bot])
      expect(await refusal(guard.delegations.accept(made.id, { by }))).toBe('E_DELEGATION_FORBIDDEN')
    expect((await guard.delegations.accept(made.id, { by: bob })).state).toBe('active')
  })
})

describe('leases', () => {
  test('lapse, and go on when they are renewed', async () => {
    const setting = await guardOver(trips)
    const { delegations } = setting.guard
    const made = await delegations.create(terms({ lease: 1000, expiresAt: start + 4500, renewableBy: [bob] }))
    expect(made).toMatchObject({ lease: 1000, leasedUntil: start + 1000, renewableBy: [bob] })
    setting.pass(999)
    expect(await may(setting)).toBe(true)
    setting.pass(1)
    expect(await may(setting)).toBe(false)
    expect((await delegations.get(made.id)).state).toBe('lapsed')
    expect(await refusal(delegations.renew(made.id, { by: bot }))).toBe('E_DELEGATION_FORBIDDEN')
    expect(await delegations.renew(made.id, { by: bob })).toMatchObject({ state: 'active', leasedUntil: start + 2000 })
    expect(await may(setting)).toBe(true)
    setting.pass(3000)
    // Not past the end of the delegation.
    expect(await delegations.renew(made.id, { by: ann })).toMatchObject({ leasedUntil: start + 4500 })
    setting.pass(500)
    expect(await may(setting)).toBe(false)
    expect(await refusal(delegations.renew(made.id, { by: ann }))).toBe('E_DELEGATION_STATE')
  })

  test('what rests on one that has lapsed grants nothing meanwhile', async () => {
    const setting = await guardOver(trips)
    const { delegations } = setting.guard
    const first = await delegations.create(terms({ lease: 1000, redelegate: 1 }))
    await delegations.create({ ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id })
    setting.pass(1000)
    expect(await may(setting, sub)).toBe(false)
    await delegations.renew(first.id, { by: ann })
    expect(await may(setting, sub)).toBe(true)
  })
})

describe('suspending and revoking', () => {
  /** Ann lends to bot, bot to sub, sub to a third. */
  async function threeDeep() {
    const setting = await guardOver(trips)
    const { delegations } = setting.guard
    const third = agent('third')
    const a = await delegations.create(terms({ redelegate: 2 }))
    const b = await delegations.create({
      ...terms({ redelegate: 1 }),
      by: bot,
      grantor: bot,
      grantee: sub,
      parent: a.id,
    })
    const c = await delegations.create({ ...terms(), by: sub, grantor: sub, grantee: third, parent: b.id })
    return { setting, delegations, third, a, b, c }
  }

  test('all that rests on it is out of use, and back with it', async () => {
    const { setting, delegations, third, a } = await threeDeep()
    expect(await may(setting, third)).toBe(true)
    await delegations.suspend(a.id, { by: ann })
    expect([await may(setting), await may(setting, sub), await may(setting, third)]).toEqual([false, false, false])
    await delegations.resume(a.id, { by: ann })
    expect([await may(setting), await may(setting, sub), await may(setting, third)]).toEqual([true, true, true])
  })

  test('by those above it; resumed by none below who suspended it', async () => {
    const { delegations, third, c } = await threeDeep()
    for (const by of [third, bob])
      expect(await refusal(delegations.suspend(c.id, { by }))).toBe('E_DELEGATION_FORBIDDEN')
    expect(await delegations.suspend(c.id, { by: bot })).toMatchObject({
      state: 'suspended',
      ended: { by: bot, at: start },
    })
    expect(await refusal(delegations.resume(c.id, { by: sub }))).toBe('E_DELEGATION_FORBIDDEN')
    const resumed = await delegations.resume(c.id, { by: ann })
    expect(resumed.state).toBe('active')
    expect(resumed).not.toHaveProperty('ended')
  })

  test('revoking reaches all below, for good and on record', async () => {
    const { setting, delegations, third, a, b, c } = await threeDeep()
    expect(await delegations.revoke(a.id, { by: ann })).toMatchObject({ state: 'revoked', below: 2 })
    expect([await may(setting), await may(setting, sub), await may(setting, third)]).toEqual([false, false, false])
    for (const { id, grantor } of [b, c]) {
      expect(await delegations.get(id)).toMatchObject({ state: 'revoked', ended: { by: ann } })
      expect(await refusal(delegations.renew(id, { by: grantor }))).toBe('E_DELEGATION_STATE')
    }
    const listed = await setting.store.tenant('default').find('revocations', { limit: 10 })
    expect(listed.map(({ id }) => id).sort()).toEqual([a.id, b.id, c.id].sort())
    // Once more is no mistake, and finds nothing to do.
    expect(await delegations.revoke(a.id, { by: ann })).toMatchObject({ state: 'revoked', below: 0 })
  })

  test('a grantee gives back what it holds, and its own go with it', async () => {
    const { setting, delegations, b, third } = await threeDeep()
    expect(await refusal(delegations.revoke(b.id, { by: third }))).toBe('E_DELEGATION_FORBIDDEN')
    expect(await delegations.revoke(b.id, { by: sub })).toMatchObject({ below: 1 })
    expect([await may(setting), await may(setting, sub), await may(setting, third)]).toEqual([true, false, false])
  })

  test('are listed as revoked until what they rest on would have ended', async () => {
    const { guard, pass } = await guardOver(trips)
    const { delegations } = guard
    const first = await delegations.create(terms({ redelegate: 2, expiresAt: start + 1000 }))
    // Neither has an end of its own.
    const part = { ...terms(), by: bot, grantor: bot }
    const second = await delegations.create({ ...part, grantee: sub, parent: first.id, redelegate: 1 })
    const alone = await delegations.create({ ...part, grantee: agent('alone'), parent: first.id })
    const third = { ...terms(), by: sub, grantor: sub, grantee: agent('third'), parent: second.id }
    const { id } = await delegations.create(third)
    await delegations.revoke(alone.id, { by: bot })
    await delegations.revoke(first.id, { by: ann })
    const grace = 10 * 60_000
    pass(1000 + grace - 1)
    expect([...(await delegations.revoked())].sort()).toEqual([first.id, second.id, alone.id, id].sort())
    pass(1)
    expect(await delegations.revoked()).toEqual([])
    pass(1)
    await guard.sweep()
    expect(await guard.sweep()).toBe(0)
  })

  test('many below one are reached, over pages', async () => {
    const setting = await guardOver(trips)
    const { delegations } = setting.guard
    const first = await delegations.create(terms({ redelegate: 1 }))
    for (let i = 0; i < 230; i++) {
      await delegations.create({ ...terms(), by: bot, grantor: bot, grantee: agent(`a${i}`), parent: first.id })
    }
    expect(await delegations.revoke(first.id, { by: ann })).toMatchObject({ below: 230 })
    const page = await delegations.list({ parent: first.id, limit: 200 })
    expect([page.delegations.length, page.more]).toEqual([200, true])
    const rest = await delegations.list({ parent: first.id, limit: 200, after: page.delegations[199]! })
    expect([rest.delegations.length, rest.more]).toEqual([30, false])
    expect([...page.delegations, ...rest.delegations].every(({ state }) => state === 'revoked')).toBe(true)
  })
})

describe('pages of a list', () => {
  const sides = [{ grantee: bot }, { grantor: ann }] as const
  const changes = ['revoke', 'suspend'] as const
  const cases = sides.flatMap((side) => changes.map((change) => ({ side, change })))

  test.each(cases)('hold each once, whatever becomes of those listed: %o', async ({ side, change }) => {
    const { guard } = await guardOver(trips)
    const { delegations } = guard
    const made: string[] = []
    for (let i = 0; i < 10; i++) {
      made.push((await delegations.create(terms({ scopes: [{ actions: `travel:${i}`, on: 'trip' }] }))).id)
    }
    // Some have another state from the start.
    for (const id of [made[2]!, made[7]!]) await delegations.suspend(id, { by: ann })
    const seen: string[] = []
    for (let page = await delegations.list({ ...side, limit: 3 }); ; ) {
      for (const { id, state } of page.delegations) {
        seen.push(id)
        if (state === 'active') await delegations[change](id, { by: ann })
        if (state === 'suspended') await delegations.resume(id, { by: ann })
      }
      const after = page.delegations.at(-1)
      if (!page.more || after === undefined) break
      page = await delegations.list({ ...side, limit: 3, after })
    }
    expect(seen).toEqual(made.sort())
    const { delegations: all } = await delegations.list(side)
    expect(all.filter(({ state }) => state === 'active').map(({ id }) => id)).toEqual([made[2], made[7]])
  })
})

test('lists are of one kind', async () => {
  const { guard } = await guardOver(trips)
  const made = await guard.delegations.create(terms())
  expect((await guard.delegations.list({ grantor: ann })).delegations).toEqual([made])
  expect((await guard.delegations.list({ grantee: bot })).delegations).toEqual([made])
  expect(await refusal(guard.delegations.list({}))).toBe('E_USAGE')
  expect(await refusal(guard.delegations.list({ grantor: ann, grantee: bot }))).toBe('E_USAGE')
  expect(await refusal(guard.delegations.get('dlg_none'))).toBe('E_DELEGATION')
})
