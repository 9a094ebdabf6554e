/** Reservations: what is put aside for work whose cost is known later. */
import { expect, test } from 'vitest'
import { ann, ask, bot, guardOver, refusal, start, sub, terms, trips } from './support.ts'

const eur = (amount: string) => ({ amount, unit: 'EUR' })
const book = ask(bot, 'travel:book')

const most = { cost: eur('6.00'), holdFor: 1000 }

async function reserved(more: object = {}) {
  const setting = await guardOver(trips)
  const first = await setting.guard.delegations.create(
    terms({ budget: eur('10.00'), maxUses: 3, redelegate: 1, ...more }),
  )
  const answer = await setting.guard.authorizeAndReserve(book, most)
  const left = async () => {
    const { usesLeft, budgetLeft } = await setting.guard.delegations.get(first.id)
    return [usesLeft, budgetLeft?.amount]
  }
  return { ...setting, first, answer, id: answer.reservation?.id ?? '', left }
}

test('put aside at once, and settle at the cost', async () => {
  const { guard, first, answer, id, left, store } = await reserved()
  expect(answer).toMatchObject({ decision: true, paid: [{ id: first.id }], reservation: { expiresAt: start + 1000 } })
  expect(await left()).toEqual([2, '4.00'])
  expect(await guard.authorizeAndReserve(book, most)).toMatchObject({ decision: false, code: 'delegation_spent' })
  await guard.delegations.commit(id, { cost: eur('1.25') })
  expect(await left()).toEqual([2, '8.75'])
  // Once; and the same again is no mistake, however it is written.
  await guard.delegations.commit(id, { cost: eur('1.250'), amount: 1 })
  for (const other of [{}, { cost: eur('1.26') }, { cost: eur('60') }, { cost: eur('1.25'), amount: 0 }]) {
    expect(await refusal(guard.delegations.commit(id, other))).toBe('E_RESERVATION')
  }
  expect(await left()).toEqual([2, '8.75'])
  expect(await refusal(guard.delegations.cancel(id))).toBe('E_RESERVATION')
  const row = await store.tenant('default').get('delegations', { id: first.id })
  expect(row).toMatchObject({ spent: 125, reserved: 0, uses: 1 })
  const [entry] = await store.tenant('default').find('delegation_uses', { limit: 9 })
  expect(entry).toMatchObject({ use: id, amount: 125, uses: 1 })
})

test('settle at what was reserved where nothing is said', async () => {
  const { guard, id, left } = await reserved()
  await guard.delegations.commit(id)
  expect(await left()).toEqual([2, '4.00'])
})

test('give all back when they are cancelled', async () => {
  const { guard, id, left } = await reserved()
  await guard.delegations.cancel(id)
  await guard.delegations.cancel(id)
  expect(await left()).toEqual([3, '10.00'])
  expect(await refusal(guard.delegations.commit(id))).toBe('E_RESERVATION')
})

test('take more than was put aside only while it is there', async () => {
  const { guard, id, left } = await reserved()
  expect(await refusal(guard.delegations.commit(id, { cost: eur('10.01') }))).toBe('E_RESERVATION')
  expect(await left()).toEqual([2, '4.00'])
  await guard.delegations.commit(id, { cost: eur('10') })
  expect(await left()).toEqual([2, '0.00'])
})

test('are released when their time is over and somebody needs them', async () => {
  const { guard, id, left, pass } = await reserved()
  pass(999)
  expect(await guard.authorizeAndConsume(book, { cost: eur('5') })).toMatchObject({ code: 'delegation_spent' })
  pass(1)
  expect(await guard.authorizeAndConsume(book, { cost: eur('5') })).toMatchObject({ decision: true })
  expect(await left()).toEqual([2, '5.00'])
  expect(await refusal(guard.delegations.commit(id))).toBe('E_RESERVATION')
})

test('are released also where another delegation is in the way', async () => {
  const { guard, pass } = await guardOver(trips)
  await guard.delegations.create(terms({ budget: eur('1'), expiresAt: start + 10_000 }))
  const second = await guard.delegations.create(terms({ maxUses: 1 }))
  await guard.authorizeAndReserve(book, { holdFor: 10 })
  // The first one would need a cost.
  expect(await guard.authorizeAndConsume(book)).toMatchObject({ code: 'delegation_cost' })
  pass(10)
  expect(await guard.authorizeAndConsume(book)).toMatchObject({ decision: true, paid: [{ id: second.id }] })
})

test('bring back what they exhausted', async () => {
  const { guard, id, pass } = await reserved({ maxUses: 1 })
  expect(await guard.authorize(book)).toMatchObject({ code: 'delegation_spent' })
  pass(1000)
  expect(await guard.delegations.releaseExpired()).toBe(1)
  expect(await guard.authorize(book)).toMatchObject({ decision: true })
  expect(await refusal(guard.delegations.commit(id))).toBe('E_RESERVATION')
})

test('are free for who only asks once their time is over, and stay as they are', async () => {
  const { guard, pass } = await guardOver(trips)
  const scopes = [{ actions: 'travel:*', on: { type: 'trip', id: 't1' } }]
  const first = await guard.delegations.create(terms({ scopes, maxUses: 1, redelegate: 1 }))
  await guard.delegations.create({ ...terms({ scopes }), by: bot, grantor: bot, grantee: sub, parent: first.id })
  const { reservation } = await guard.authorizeAndReserve(ask(sub, 'travel:book'), { holdFor: 1000 })
  const answers = () =>
    Promise.all(
      [bot, sub].flatMap((subject) => [
        guard.authorize(ask(subject, 'travel:book')).then(({ code }) => code),
        guard
          .listAuthorized({ subject, action: book.action, resource: { type: 'trip' } })
          .then(({ results }) => results.map(({ id }) => id)),
      ]),
    )
  expect(await answers()).toEqual(['delegation_spent', [], 'delegation_spent', []])
  pass(1000)
  expect(await answers()).toEqual(['delegated', ['t1'], 'delegated', ['t1']])
  // Nothing was released by that.
  await guard.delegations.commit(reservation!.id)
  expect(await answers()).toEqual(['delegation_spent', [], 'delegation_spent', []])
})

test('settle although the delegation was revoked between: the cost was', async () => {
  const { guard, first, id, store } = await reserved()
  await guard.delegations.revoke(first.id, { by: ann })
  await guard.delegations.commit(id, { cost: eur('2.00') })
  expect(await store.tenant('default').get('delegations', { id: first.id })).toMatchObject({
    spent: 200,
    reserved: 0,
  })
})

test('take no more than was put aside once the delegation is over', async () => {
  const ways: ((setting: Awaited<ReturnType<typeof reserved>>) => Promise<unknown> | unknown)[] = [
    ({ guard, first }) => guard.delegations.revoke(first.id, { by: ann }),
    ({ guard, first }) => guard.delegations.suspend(first.id, { by: ann }),
    ({ pass }) => pass(900),
  ]
  for (const end of ways) {
    const setting = await reserved({ expiresAt: start + 900 })
    const { guard, id } = setting
    await end(setting)
    expect(await refusal(guard.delegations.commit(id, { cost: eur('6.01') }))).toBe('E_RESERVATION')
    expect(await refusal(guard.delegations.commit(id, { amount: 2 }))).toBe('E_RESERVATION')
    await guard.delegations.commit(id, { cost: eur('6.00'), amount: 1 })
  }
})

test('settle any number of uses once the delegation is over, where they are not counted', async () => {
  const { guard, id, pass } = await reserved({ maxUses: undefined, expiresAt: start + 900 })
  pass(900)
  await guard.delegations.commit(id, { cost: eur('2.00'), amount: 2 })
})

test('are nothing where the policies allow or deny', async () => {
  const { guard } = await reserved()
  expect(await guard.authorizeAndReserve(ask(ann, 'travel:book'), most)).not.toHaveProperty('reservation')
  expect(await guard.authorizeAndReserve(ask(bot, 'read'), most)).not.toHaveProperty('reservation')
})

test('are asked for as they should be', async () => {
  const { guard, id } = await reserved()
  for (const holdFor of [0, 1e15 + 1, Number.MAX_SAFE_INTEGER]) {
    expect(await refusal(guard.authorizeAndReserve(book, { ...most, holdFor }))).toBe('E_USAGE')
  }
  expect((await guard.authorizeAndReserve(book, { cost: eur('1'), holdFor: 1e15 })).decision).toBe(true)
  expect(await refusal(guard.authorizeAndReserve(book, { ...most, idempotencyKey: 'k' }))).toBe('E_USAGE')
  expect(await refusal(guard.delegations.commit('rsv_none'))).toBe('E_RESERVATION')
  expect(await refusal(guard.delegations.commit(id, { amount: -1 }))).toBe('E_AMOUNT')
  expect(await refusal(guard.delegations.commit(id, { cost: { amount: '1', unit: 'USD' } }))).toBe('E_AMOUNT')
})

test('are settled at no cost that is too large for what pays it several times', async () => {
  const { guard } = await guardOver(trips, { payers: 'each' })
  const first = await guard.delegations.create(terms({ grantee: sub, redelegate: 1, budget: eur('9.00') }))
  for (const actions of ['travel:*', 'travel:book']) {
    const scopes = [{ actions, on: 'trip' }]
    await guard.delegations.create({ ...terms({ scopes }), by: sub, grantor: sub, grantee: bot, parent: first.id })
  }
  const { reservation } = await guard.authorizeAndReserve(book, { cost: eur('1'), holdFor: 1000 })
  const commit = (amount: string) => guard.delegations.commit(reservation!.id, { cost: eur(amount) })
  expect(await refusal(commit('90071992547409.91'))).toBe('E_AMOUNT')
  expect(await refusal(commit('4.51'))).toBe('E_RESERVATION')
  await commit('4.50')
})

test('are settled at a cost that is one, also where none is counted', async () => {
  const { guard } = await guardOver(trips)
  await guard.delegations.create(terms())
  const { reservation } = await guard.authorizeAndReserve(book, { holdFor: 1000 })
  for (const cost of [null, {}, { amount: 'x', unit: 'EUR' }]) {
    expect(await refusal(guard.delegations.commit(reservation!.id, { cost: cost as never }))).toBe('E_AMOUNT')
  }
  await guard.delegations.commit(reservation!.id, { cost: eur('1') })
})
