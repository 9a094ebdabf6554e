/** Limits, approvals and delegations that one request uses up: all of them, or none; and once for a call that is repeated. */
import { describe, expect, test } from 'vitest'
import type { Subject } from '../../../src/engine/types.ts'
import type { Guard, Limit } from '../../../src/guard/index.ts'
import { user } from './approval/support.ts'
import { ask, guardTime, make } from './flow-support.ts'

describe('limits, approvals and what is lent', () => {
  const ann = user('ann')
  const bot: Subject = { type: 'agent', id: 'bot' }
  const limits: Limit[] = [
    {
      name: 'own',
      actions: 'own:*',
      per: 'subject',
      over: 'ever',
      reviewAbove: 1,
      approval: { by: 'user:mia', uses: 1 },
      denyAbove: 3,
    },
  ]
  const only = (denyAbove: number): Limit => ({
    name: 'own',
    actions: 'own:*',
    per: 'subject',
    over: 'ever',
    denyAbove,
  })
  const lend = (guard: Guard, more: object) =>
    guard.delegations.create({
      by: ann,
      grantor: ann,
      grantee: bot,
      scopes: [{ actions: 'own:*', on: 'record' }],
      ...more,
    })
  const request = ask('own:use', bot)
  const used = async (guard: Guard) => (await guard.authorize(request, { dryRun: true })).code

  test('are used together, or not at all', async () => {
    const { guard } = await make({ limits })
    await lend(guard, { budget: { amount: '10', unit: 'EUR' } })
    const pay = (amount: string) => guard.authorizeAndConsume(request, { cost: { amount, unit: 'EUR' } })
    expect((await pay('4')).code).toBe('delegated')
    const { approvals, code } = await pay('4')
    expect(code).toBe('approval_pending')
    const [{ id = '' } = {}] = approvals
    await guard.approvals.approve(id, user('mia'))
    // Too little is left: neither the approval nor the limit is used.
    for (let i = 0; i < 3; i++) expect((await pay('7')).code).toBe('delegation_spent')
    expect(await guard.approvals.get(id)).toMatchObject({ state: 'approved', uses: 0 })
    expect(await used(guard)).toBe('approved')
    const paid = await pay('4')
    expect(paid).toMatchObject({ decision: true, code: 'delegated', approvals: [{ id }] })
    expect(paid.paid[0]?.budget?.amount).toBe('2')
    expect(await guard.approvals.get(id)).toMatchObject({ state: 'used' })
    expect((await pay('1')).code).toBe('approval_pending')
  })

  test('by many at once: exactly as often as all of them permit', async () => {
    const { guard } = await make({ limits: [only(2)] })
    await lend(guard, { maxUses: 50 })
    const all = await Promise.all(Array.from({ length: 24 }, () => guard.authorizeAndConsume(request)))
    expect(all.filter(({ decision }) => decision)).toHaveLength(2)
    const [lent] = (await guard.delegations.list({ grantee: bot })).delegations
    expect(lent?.usesLeft).toBe(48)
  })

  test('an amount that is beyond all measure is none', async () => {
    const { guard } = await make({
      limits: [{ name: 'seen', actions: 'mail:*', per: 'tenant', over: { fixed: '1d' }, amount: 'n' }],
    })
    const send = async (n: number) => (await guard.authorize(ask('mail:send', user('eve'), { n }))).code
    for (const n of [Number.MAX_SAFE_INTEGER, 1e12 + 1]) expect(await send(n)).toBe('limit_amount')
    for (const n of [1e12, 1]) expect(await send(n)).toBe('matched')
  })

  test('the same call again is answered, although they are used up', async () => {
    const { guard } = await make({ limits: [{ ...limits[0]!, reviewAbove: 0, denyAbove: 1 }] })
    await lend(guard, { maxUses: 5 })
    const use = () => guard.authorizeAndConsume(request, { idempotencyKey: 'k' })
    const [{ id = '' } = {}] = (await use()).approvals
    await guard.approvals.approve(id, user('mia'))
    const answer = await use()
    expect(answer).toMatchObject({ decision: true, code: 'delegated', approvals: [{ id }], paid: [{ uses: 4 }] })
    expect(await use()).toEqual({ ...answer, repeated: true })
    expect((await guard.authorizeAndConsume(request)).code).toBe('limit_exceeded')
    expect(await guard.approvals.pending()).toEqual([])
  })

  test('the same call many times at once is one use of them', async () => {
    const { guard } = await make({ limits: [only(1)] })
    await lend(guard, { maxUses: 1 })
    const use = () => guard.authorizeAndConsume(request, { idempotencyKey: 'k' })
    const all = await Promise.all(Array.from({ length: 12 }, use))
    expect(all.filter(({ decision }) => decision)).toHaveLength(12)
    expect(all.filter(({ repeated }) => repeated)).toHaveLength(11)
  })

  test('a limit of each delegation counts for the one that pays', async () => {
    const { guard } = await make({ limits: [{ ...only(2), per: 'delegation' }] })
    const eur = (amount: string) => ({ amount, unit: 'EUR' })
    await lend(guard, { budget: eur('0.01'), expiresAt: guardTime(1) })
    const { id } = await lend(guard, { budget: eur('1000.00'), expiresAt: guardTime(2) })
    const pay = (amount: string) => guard.authorizeAndConsume(request, { cost: eur(amount) })
    for (let i = 0; i < 2; i++) expect((await pay('100')).paid[0]).toMatchObject({ id })
    expect((await pay('100')).code).toBe('limit_exceeded')
    expect((await pay('0.01')).decision).toBe(true)
  })

  test('room that is made counts as well', async () => {
    const { guard, pass } = await make({ limits: [only(1)] })
    await lend(guard, { maxUses: 1 })
    expect((await guard.authorizeAndReserve(request, { holdFor: 1000 })).decision).toBe(true)
    pass(2000)
    // The use comes back, but the limit is used up.
    expect((await guard.authorizeAndConsume(request)).code).toBe('limit_exceeded')
  })
})
