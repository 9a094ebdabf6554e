/** Uses and budgets: what is taken, from whom, and that it is taken once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AccessRequest } from '../../../src/engine/types.ts'
import { digestOf } from '../../../src/guard/canonical.ts'
import type { PolicyDocument, Rule } from '../../../src/policy/document.ts'
import { sqliteStore } from '../../../src/store/sqlite/index.ts'
import { agent, ann, ask, bob, bot, guardOver, refusal, start, sub, terms, trips } from './support.ts'

const eur = (amount: string) => ({ amount, unit: 'EUR' })
const book = ask(bot, 'travel:book')

describe('uses', () => {
  test('are taken one by one, until none is left', async () => {
    const { guard } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms({ maxUses: 2 }))
    expect(await guard.authorizeAndConsume(book)).toMatchObject({ decision: true, paid: [{ id, uses: 1 }] })
    // Asking alone takes nothing.
    expect(await guard.authorize(book)).toMatchObject({ decision: true })
    expect(await guard.authorizeAndConsume(book)).toMatchObject({ decision: true, paid: [{ id, uses: 0 }] })
    const spent = { decision: false, status: 'deny', code: 'delegation_spent' }
    expect(await guard.authorizeAndConsume(book)).toMatchObject({ ...spent, paid: [], delegations: [] })
    expect(await guard.authorize(book)).toMatchObject(spent)
    expect((await guard.delegations.get(id)).state).toBe('exhausted')
  })

  test('several at once are taken all or not', async () => {
    const { guard } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms({ maxUses: 5 }))
    expect(await guard.authorizeAndConsume(book, { amount: 3 })).toMatchObject({ paid: [{ id, uses: 2 }] })
    expect(await guard.authorizeAndConsume(book, { amount: 3 })).toMatchObject({ code: 'delegation_spent' })
    expect(await guard.authorizeAndConsume(book, { amount: 2 })).toMatchObject({ paid: [{ id, uses: 0 }] })
  })

  test('without a limit are only written down', async () => {
    const { guard, store } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms())
    expect((await guard.authorizeAndConsume(book)).paid).toEqual([{ id }])
    const [entry] = await store.tenant('default').find('delegation_uses', { limit: 9 })
    expect(entry).toMatchObject({ delegation: id, uses: 1, amount: 0, at: start })
    expect(JSON.parse(entry!.document)).toEqual({ subject: 'agent:bot', action: 'travel:book', resource: 'trip:t1' })
  })

  test('without a limit are never full, for those that share them', async () => {
    const { guard, store } = await guardOver(trips)
    const first = await guard.delegations.create(terms({ redelegate: 1 }))
    const part = { ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id }
    await guard.delegations.create({ ...part, maxUses: 5 })
    // As a store may hold it where they were counted.
    const uses = Number.MAX_SAFE_INTEGER
    await store.tenant('default').write([{ update: 'delegations', key: { id: first.id }, set: { uses } }])
    expect((await guard.authorizeAndConsume(book, { amount: 1_000_000_000 })).decision).toBe(true)
    expect((await guard.authorizeAndConsume(ask(sub, 'travel:book'))).paid).toMatchObject([{ uses: 4 }])
    const { reservation } = await guard.authorizeAndReserve(ask(sub, 'travel:book'), { amount: 2, holdFor: 1000 })
    await guard.delegations.commit(reservation!.id, { amount: 3 })
    expect(await refusal(guard.delegations.commit(reservation!.id, { amount: 2e9 }))).toBe('E_AMOUNT')
    const [{ usesLeft } = {}] = (await guard.delegations.list({ grantee: sub })).delegations
    expect(usesLeft).toBe(1)
  })

  test('are not taken for what the policies allow, or deny', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms({ maxUses: 1 }))
    await guard.delegations.create(terms({ grantor: bob, by: bob, grantee: ann, maxUses: 1 }))
    expect(await guard.authorizeAndConsume(ask(ann, 'travel:book'))).toMatchObject({ decision: true, paid: [] })
    expect(await guard.authorizeAndConsume(ask(bot, 'travel:book', 'frozen'))).toMatchObject({
      code: 'matched',
      paid: [],
    })
    expect(await guard.authorizeAndConsume(book)).toMatchObject({ decision: true })
  })

  test('of a part are uses of the whole', async () => {
    const { guard } = await guardOver(trips)
    const first = await guard.delegations.create(terms({ maxUses: 3, redelegate: 1 }))
    const pass = (grantee: { type: string; id: string }) =>
      guard.delegations.create({ ...terms({ maxUses: 2 }), by: bot, grantor: bot, grantee, parent: first.id })
    const [second, third] = [await pass(sub), await pass(agent('other'))]
    expect((await guard.authorizeAndConsume(ask(sub, 'travel:book'))).paid).toEqual([{ id: second.id, uses: 1 }])
    expect((await guard.authorizeAndConsume(ask(sub, 'travel:book'))).paid).toEqual([{ id: second.id, uses: 0 }])
    // One is left of the whole.
    expect((await guard.authorizeAndConsume(ask(agent('other'), 'travel:book'))).paid).toEqual([
      { id: third.id, uses: 0 },
    ])
    expect(await guard.authorizeAndConsume(ask(agent('other'), 'travel:book'))).toMatchObject({
      code: 'delegation_spent',
    })
    expect(await guard.authorizeAndConsume(book)).toMatchObject({ code: 'delegation_spent' })
    expect(await guard.delegations.get(third.id)).toMatchObject({ state: 'active', usesLeft: 1 })
  })

  test.each([0, -1, 1.5, Number.NaN, 1_000_000_001, Number.MAX_SAFE_INTEGER])(
    'an amount of %d is refused',
    async (amount) => {
      const { guard } = await guardOver(trips)
      expect(await refusal(guard.authorizeAndConsume(book, { amount }))).toBe('E_AMOUNT')
    },
  )
})

describe('budgets', () => {
  test('are exact to the last part', async () => {
    const { guard } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms({ budget: eur('0.30') }))
    for (const left of ['0.20', '0.10', '0.00']) {
      expect((await guard.authorizeAndConsume(book, { cost: eur('0.1') })).paid).toEqual([{ id, budget: eur(left) }])
    }
    expect(await guard.authorizeAndConsume(book, { cost: eur('0.01') })).toMatchObject({ code: 'delegation_spent' })
    expect(await guard.delegations.get(id)).toMatchObject({ state: 'exhausted', budgetLeft: eur('0.00') })
  })

  test('pay only what is left', async () => {
    const { guard } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms({ budget: eur('10.00') }))
    expect(await guard.authorizeAndConsume(book, { cost: eur('10.01') })).toMatchObject({ code: 'delegation_spent' })
    expect((await guard.authorizeAndConsume(book, { cost: eur('10') })).paid).toEqual([{ id, budget: eur('0.00') }])
  })

  test('pay nothing without a cost, in another unit, or finer than they count', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms({ budget: eur('10.00') }))
    for (const consumption of [{}, { cost: { amount: '1', unit: 'USD' } }, { cost: eur('0.001') }]) {
      const answer = await guard.authorizeAndConsume(book, consumption)
      expect(answer).toMatchObject({ decision: false, code: 'delegation_cost' })
    }
    expect(await guard.authorizeAndConsume(book, { cost: eur('0') })).toMatchObject({ decision: true })
    for (const amount of ['-1', '1e2', 'x']) {
      expect(await refusal(guard.authorizeAndConsume(book, { cost: eur(amount) }))).toBe('E_AMOUNT')
    }
  })

  test('pay costs as large as they can count', async () => {
    const { guard } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms({ budget: eur('1000000.00') }))
    // More than 2^53 − 1 parts of twelve decimals.
    expect((await guard.authorizeAndConsume(book, { cost: eur('9007.20') })).paid).toEqual([
      { id, budget: eur('990992.80') },
    ])
    const { reservation } = await guard.authorizeAndReserve(book, { cost: eur('1'), holdFor: 1000 })
    await guard.delegations.commit(reservation!.id, { cost: eur('10000') })
    expect(await guard.delegations.get(id)).toMatchObject({ budgetLeft: eur('980992.80') })
    // Too large to be counted so finely: certainly more than there is.
    expect(await guard.authorizeAndConsume(book, { cost: eur('90071992547410') })).toMatchObject({
      code: 'delegation_spent',
    })
    for (const amount of ['9007199254740992', '0.1234567890123']) {
      expect(await refusal(guard.authorizeAndConsume(book, { cost: eur(amount) }))).toBe('E_AMOUNT')
    }
  })

  test('bind all below, and tell the least that is left', async () => {
    const { guard } = await guardOver(trips)
    const first = await guard.delegations.create(terms({ budget: eur('10.00'), redelegate: 1 }))
    const second = await guard.delegations.create({ ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id })
    const asked = ask(sub, 'travel:book')
    expect((await guard.authorizeAndConsume(asked, { cost: eur('7.50') })).paid).toEqual([
      { id: second.id, budget: eur('2.50') },
    ])
    expect(await guard.authorizeAndConsume(asked, { cost: eur('2.51') })).toMatchObject({ code: 'delegation_spent' })
  })
})

describe('which of several pays', () => {
  async function three() {
    const setting = await guardOver(trips)
    const late = await setting.guard.delegations.create(terms({ maxUses: 1, expiresAt: start + 9000 }))
    const soon = await setting.guard.delegations.create(terms({ maxUses: 1, expiresAt: start + 1000 }))
    return { ...setting, late, soon }
  }

  test('one without limits before all others, then the one that ends first', async () => {
    const { guard, late, soon } = await three()
    const free = await guard.delegations.create(terms({ by: bob, grantor: bob }))
    expect((await guard.authorizeAndConsume(book)).paid).toEqual([{ id: free.id }])
    await guard.delegations.revoke(free.id, { by: bob })
    expect((await guard.authorizeAndConsume(book)).paid).toEqual([{ id: soon.id, uses: 0 }])
    expect((await guard.authorizeAndConsume(book)).paid).toEqual([{ id: late.id, uses: 0 }])
    expect(await guard.authorizeAndConsume(book)).toMatchObject({ code: 'delegation_spent' })
  })

  test('the next one, where the first has too little', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms({ budget: eur('1.00'), expiresAt: start + 1000 }))
    const { id } = await guard.delegations.create(terms({ budget: eur('5.00'), expiresAt: start + 2000 }))
    expect((await guard.authorizeAndConsume(book, { cost: eur('3') })).paid).toEqual([{ id, budget: eur('2.00') }])
  })

  test('none, where each is to pay and what they rest on has not enough for all', async () => {
    const { guard } = await guardOver(trips, { payers: 'each' })
    const first = await guard.delegations.create(terms({ maxUses: 3, redelegate: 1 }))
    const part = { ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id }
    for (const maxUses of [2, 3]) await guard.delegations.create({ ...part, maxUses })
    const use = () => guard.authorizeAndConsume(ask(sub, 'travel:book'))
    expect(await use()).toMatchObject({ decision: true, paid: [{ uses: 1 }, { uses: 1 }] })
    expect(await use()).toMatchObject({ decision: false, code: 'delegation_spent', paid: [] })
    expect((await guard.delegations.get(first.id)).usesLeft).toBe(1)
  })

  test('each that grants, where the guard is told so', async () => {
    const { guard } = await guardOver(trips, { payers: 'each' })
    const a = await guard.delegations.create(terms({ maxUses: 1 }))
    const b = await guard.delegations.create(terms({ maxUses: 2 }))
    const { paid, delegations } = await guard.authorizeAndConsume(book)
    expect(new Map(paid.map(({ id, uses }) => [id, uses]))).toEqual(
      new Map([
        [a.id, 0],
        [b.id, 1],
      ]),
    )
    expect(delegations.length).toBe(2)
    expect((await guard.authorizeAndConsume(book)).paid).toEqual([{ id: b.id, uses: 0 }])
  })

  test('or each, as many as one write can charge: the first in the same order', async () => {
    const { guard, store } = await guardOver(trips, { payers: 'each' })
    for (let i = 0; i < 120; i++) {
      const on = { type: 'trip', id: ['t1', `t${i + 2}`] }
      await guard.delegations.create(terms({ scopes: [{ actions: 'travel:*', on }], expiresAt: start + 1000 - i }))
    }
    const { decision, paid, delegations } = await guard.authorizeAndConsume(book, { idempotencyKey: 'k' })
    expect([decision, paid.length]).toEqual([true, 64])
    expect((await guard.authorize(book)).delegations).toEqual(delegations)
    expect((await guard.delegations.get(paid[0]!.id)).expiresAt).toBe(start + 881)
    expect(await store.tenant('default').find('delegation_uses', { limit: 200 })).toHaveLength(64)
    const { reservation } = await guard.authorizeAndReserve(book, { holdFor: 100 })
    await guard.delegations.commit(reservation!.id)
  })
})

describe('the same call twice', () => {
  test('is one use', async () => {
    const { guard } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms({ maxUses: 5 }))
    const consumption = { idempotencyKey: 'k' }
    const answers = await Promise.all([1, 2, 3].map(() => guard.authorizeAndConsume(book, consumption)))
    expect(answers.every(({ decision }) => decision)).toBe(true)
    expect(answers.filter(({ repeated }) => repeated).length).toBe(2)
    expect((await guard.delegations.get(id)).usesLeft).toBe(4)
    // Also when it could not be granted any more.
    await guard.delegations.revoke(id, { by: ann })
    expect(await guard.authorizeAndConsume(book, consumption)).toMatchObject({ decision: true, repeated: true })
    expect(await guard.authorizeAndConsume(book)).toMatchObject({ decision: false })
  })

  test('is no other call', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms({ maxUses: 5 }))
    await guard.delegations.create(terms({ maxUses: 5, grantee: sub }))
    await guard.authorizeAndConsume(book, { idempotencyKey: 'k' })
    const again = (request = book, more = {}) => guard.authorizeAndConsume(request, { idempotencyKey: 'k', ...more })
    expect(await refusal(again(ask(bot, 'travel:fly')))).toBe('E_IDEMPOTENCY')
    expect(await refusal(again(book, { amount: 2 }))).toBe('E_IDEMPOTENCY')
    expect((await again(ask(sub, 'travel:book'))).repeated).toBeUndefined()
  })

  test('on behalf of somebody else is another call', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms({ maxUses: 5 }))
    const use = (subject: AccessRequest['subject'], call = {}) =>
      guard.authorizeAndConsume(ask(subject, 'travel:book'), { idempotencyKey: 'k' }, call)
    const forAnn = { ...bot, on_behalf_of: ann }
    expect(await use(forAnn)).toMatchObject({ decision: true, code: 'delegated' })
    expect((await use(forAnn)).repeated).toBe(true)
    const others = [
      { ...bot, on_behalf_of: bob },
      { ...bot, on_behalf_of: { ...ann, on_behalf_of: bob } },
      { ...bot, delegation_chain: [ann] },
      { ...forAnn, properties: { level: 1 } },
      bot,
    ]
    for (const other of others) expect(await refusal(use(other))).toBe('E_IDEMPOTENCY')
    expect(await refusal(use(forAnn, { untrusted: ['context'] }))).toBe('E_IDEMPOTENCY')
  })

  test('outweighs no rule that denies now', async () => {
    const { guard } = await guardOver(trips)
    await guard.delegations.create(terms({ maxUses: 5 }))
    const use = () => guard.authorizeAndConsume(book, { idempotencyKey: 'k' })
    const change = (rule: Rule) =>
      guard.engine.replacePolicies({ ...(trips as PolicyDocument), rules: [...(trips as PolicyDocument).rules!, rule] })
    expect((await use()).decision).toBe(true)
    await change({ id: 'closed', deny: '*', on: 'trip' })
    expect(await use()).toMatchObject({ decision: false, code: 'matched', rules: ['closed'], paid: [] })
    await change({ id: 'asked', review: 'travel:*', on: 'trip' })
    expect(await use()).toMatchObject({ decision: false, code: 'no_approver' })
    await change({ id: 'unlent', deny: '*', on: 'trip', when: { 'state.delegation.id': { exists: true } } })
    expect(await use()).toMatchObject({ decision: false, code: 'no_match', paid: [] })
    await guard.engine.replacePolicies(trips)
    expect(await use()).toMatchObject({ decision: true, repeated: true })
  })

  test('outweighs nothing that the policies say of who lent it, now', async () => {
    const { guard } = await guardOver(trips)
    const first = await guard.delegations.create(terms({ redelegate: 1, maxUses: 5 }))
    await guard.delegations.create({ ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id })
    const use = () => guard.authorizeAndConsume(ask(sub, 'travel:book'), { idempotencyKey: 'k' })
    const { rules = [], ...rest } = trips as PolicyDocument
    expect((await use()).decision).toBe(true)
    const denied = { decision: false, code: 'no_match', paid: [] }
    for (const by of [ann, bot]) {
      const closed: Rule = { id: 'closed', deny: 'travel:*', on: 'trip', to: by }
      await guard.engine.replacePolicies({ ...rest, rules: [...rules, closed] })
      expect(await use()).toMatchObject(denied)
    }
    // Ann may not do so herself any more.
    await guard.engine.replacePolicies({ ...rest, rules: rules.map((rule) => ({ ...rule, to: bob })) })
    expect(await use()).toMatchObject(denied)
    await guard.engine.replacePolicies(trips)
    expect(await use()).toMatchObject({ decision: true, repeated: true, paid: [{ uses: 4 }] })
  })

  test('is known by notes of before actors were in them', async () => {
    const { guard, store } = await guardOver(trips)
    await guard.delegations.create(terms({ maxUses: 5 }))
    await guard.authorizeAndConsume(book, { idempotencyKey: 'k' })
    const { subject, action, resource } = book
    const digest = await digestOf({ subject, action, resource, context: null, amount: 1, cost: null })
    const id = await digestOf({ key: 'k', by: 'agent:bot' })
    expect(await store.tenant('default').get('idempotency', { kind: 'consume', id })).toMatchObject({ digest })
    expect(await refusal(guard.authorizeAndConsume(book, { idempotencyKey: 'k', amount: 2 }))).toBe('E_IDEMPOTENCY')
  })

  test('is another one after thirty days', async () => {
    const { guard, pass } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms())
    const { id: ended } = await guard.delegations.create(terms({ grantee: sub, expiresAt: start + 1000 }))
    await guard.delegations.revoke(ended, { by: ann })
    const use = () => guard.authorizeAndConsume(book, { idempotencyKey: 'k' })
    await use()
    expect(await guard.delegations.sweep()).toBe(0)
    pass(30 * 86_400_000)
    expect((await use()).repeated).toBe(true)
    pass(1)
    expect(await guard.delegations.sweep()).toBe(2)
    expect(await use()).toMatchObject({ decision: true, paid: [{ id }] })
    expect((await use()).repeated).toBe(true)
  })

  test('a denial is not kept', async () => {
    const { guard } = await guardOver(trips)
    const consumption = { idempotencyKey: 'k' }
    expect(await guard.authorizeAndConsume(book, consumption)).toMatchObject({ decision: false })
    await guard.delegations.create(terms())
    expect(await guard.authorizeAndConsume(book, consumption)).toMatchObject({ decision: true })
  })
})

test('through two connections to one file, too', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sallyport-guard-')), 'store.db')
  onTestFinished(() => rmSync(dirname(file), { recursive: true }))
  const open = async () => (await guardOver(trips, { store: await sqliteStore(new DatabaseSync(file)) })).guard
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const guards = [
    await open(),
    (await guardOver(trips, { random, store: await sqliteStore(new DatabaseSync(file)) })).guard,
  ]
  const { id } = await guards[0]!.delegations.create(terms({ maxUses: 25 }))
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => guards[i % 2]!.authorizeAndConsume(book)))
  expect(answers.filter(({ decision }) => decision).length).toBe(25)
  expect(await guards[1]!.delegations.get(id)).toMatchObject({ state: 'exhausted', usesLeft: 0 })
})

test('a hundred at once get exactly what there is', async () => {
  const { guard } = await guardOver(trips)
  const first = await guard.delegations.create(terms({ maxUses: 37, budget: eur('100.00'), redelegate: 1 }))
  await guard.delegations.create({ ...terms(), by: bot, grantor: bot, grantee: sub, parent: first.id })
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      guard.authorizeAndConsume(ask(i % 2 === 0 ? bot : sub, 'travel:book'), { cost: eur('0.07') }),
    ),
  )
  expect(answers.filter(({ decision }) => decision).length).toBe(37)
  expect(await guard.delegations.get(first.id)).toMatchObject({ usesLeft: 0, budgetLeft: eur('97.41') })
})
