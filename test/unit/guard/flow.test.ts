/** The way of a request through the guard: approvals, limits and sessions, each by itself; and sweeping what they leave. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { Subject } from '../../../src/engine/types.ts'
import type { Limit } from '../../../src/guard/index.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'
import { codeOf, hour, user } from './approval/support.ts'
import { ask, guardTime, make } from './flow-support.ts'

describe('approvals', () => {
  test('pending, approved, used once', async () => {
    const { guard } = await make()
    const pending = await guard.authorize(ask('purge'))
    expect(pending).toMatchObject({ decision: false, status: 'review', code: 'approval_pending', rules: ['purge'] })
    const [{ id, state }] = pending.approvals as [(typeof pending.approvals)[number]]
    expect(state).toBe('pending')
    expect((await guard.authorize(ask('purge'))).approvals[0]?.id).toBe(id)
    await guard.approvals.approve(id, user('mia'))
    const asked = await guard.authorize(ask('purge'), { dryRun: true })
    expect(asked).toMatchObject({ decision: true, code: 'approved' })
    const answers = await Promise.all(Array.from({ length: 8 }, () => guard.authorize(ask('purge'))))
    const allowed = answers.filter(({ decision }) => decision)
    expect(allowed).toHaveLength(1)
    expect(allowed[0]).toMatchObject({
      status: 'allow',
      code: 'approved',
      obligations: [{ id: 'tell' }],
      approvals: [{ id }],
    })
    expect(new Set(answers.filter(({ decision }) => !decision).map(({ code }) => code))).toEqual(
      new Set(['approval_pending']),
    )
  })
  test('rejected, and rules that name nobody', async () => {
    const { guard, pass } = await make()
    const { approvals } = await guard.authorize(ask('purge'))
    await guard.approvals.reject(approvals[0]?.id ?? '', user('mia'))
    expect(await guard.authorize(ask('purge'))).toMatchObject({ status: 'deny', code: 'approval_rejected' })
    pass(4 * hour)
    expect(await guard.authorize(ask('purge'))).toMatchObject({ status: 'review', code: 'approval_pending' })
    expect(await guard.authorize(ask('wipe'))).toMatchObject({
      decision: false,
      status: 'review',
      code: 'no_approver',
      approvals: [],
    })
    const { guard: other } = await make({ approvals: { otherwise: { by: 'user:boss' } } })
    expect(await other.authorize(ask('wipe'))).toMatchObject({
      code: 'approval_pending',
      approvals: [{ rule: 'unnamed' }],
    })
  })
  test('of a limit is none of a rule that is called like it', async () => {
    const named: PolicyDocument = {
      version: 1,
      rules: [{ id: 'limit mails', review: 'mail:send', approval: { by: 'user:mia', uses: 9 } }],
    }
    const { guard } = await make({
      engine: await createEngine({ policies: named }),
      limits: [{ name: 'mails', per: 'subject', over: 'ever', reviewAbove: 0, approval: { by: 'user:boss' } }],
    })
    const { approvals } = await guard.authorize(ask('mail:send'))
    expect(new Set(approvals.map(({ id }) => id)).size).toBe(2)
    await guard.approvals.approve(approvals[0]!.id, user('mia'))
    expect((await guard.authorize(ask('mail:send'))).code).toBe('approval_pending')
    await guard.approvals.approve(approvals[1]!.id, user('boss'))
    expect((await guard.authorize(ask('mail:send'))).code).toBe('approved')
  })
  test('by somebody whom the options do not name any more is worth nothing', async () => {
    const store = memoryStore()
    const by = async (id: string) => {
      const approval = { by: `user:${id}` }
      const limit: Limit = { name: 'mails', actions: 'mail:*', per: 'subject', over: 'ever', reviewAbove: 0, approval }
      return (await make({ store, limits: [limit], approvals: { otherwise: approval } })).guard
    }
    for (const action of ['mail:send', 'wipe']) {
      const [before, after] = [await by('mia'), await by('boss')]
      const [{ id = '' } = {}] = (await before.authorize(ask(action))).approvals
      await after.approvals.approve(id, user('mia'))
      expect(await after.authorize(ask(action))).toMatchObject({ code: 'approval_pending' })
      expect((await before.authorize(ask(action))).code).toBe('approved')
    }
  })
  test('of what was not marked is none of what is', async () => {
    const { guard } = await make()
    const marked = (...untrusted: string[]) => guard.authorize(ask('purge'), { untrusted })
    const [{ id = '' } = {}] = (await marked()).approvals
    await guard.approvals.approve(id, user('mia'))
    const [{ id: other = '' } = {}] = (await marked('context', 'resource')).approvals
    expect(other).not.toBe(id)
    expect((await marked('resource', 'context', 'context')).approvals[0]?.id).toBe(other)
    expect((await marked()).code).toBe('approved')
  })
  test('a dry run asks nobody', async () => {
    const { guard } = await make()
    expect(await guard.authorize(ask('purge'), { dryRun: true })).toMatchObject({
      code: 'approval_pending',
      approvals: [],
    })
    expect(await guard.approvals.pending()).toEqual([])
  })
})

describe('limits', () => {
  const mails: Limit = { name: 'mails', actions: 'mail:send', per: 'subject', over: { sliding: '1h' }, denyAbove: 3 }

  test('of each subject by itself, over time', async () => {
    const { guard, pass } = await make({ limits: [mails] })
    const all = await Promise.all(Array.from({ length: 12 }, () => guard.authorize(ask('mail:send'))))
    expect(all.filter(({ decision }) => decision)).toHaveLength(3)
    expect(await guard.authorize(ask('mail:send'))).toMatchObject({ status: 'deny', code: 'limit_exceeded' })
    expect((await guard.authorize(ask('mail:send', user('bob')))).decision).toBe(true)
    expect((await guard.authorize(ask('mail:other'))).decision).toBe(true)
    pass(1.1 * hour)
    expect((await guard.authorize(ask('mail:send'))).decision).toBe(true)
    expect(await guard.sweep()).toBe(0)
    pass(9 * hour)
    expect(await guard.sweep()).toBeGreaterThan(3)
  })
  test('what is denied, or only asked, does not count', async () => {
    const { guard } = await make({ limits: [{ ...mails, actions: '*', denyAbove: 1 }] })
    expect((await guard.authorize(ask('nothing'))).code).toBe('no_match')
    expect((await guard.authorize(ask('purge'))).code).toBe('approval_pending')
    expect((await guard.authorize(ask('mail:send'), { dryRun: true })).decision).toBe(true)
    expect((await guard.authorize(ask('mail:send'))).decision).toBe(true)
    expect((await guard.authorize(ask('mail:send'), { dryRun: true })).code).toBe('limit_exceeded')
  })
  test('above one number somebody must approve, above another nobody can', async () => {
    const limit: Limit = { ...mails, over: 'ever', reviewAbove: 2, approval: { by: 'role:manager' }, denyAbove: 3 }
    const { guard } = await make({ limits: [limit] })
    const first = await Promise.all([1, 2, 3, 4].map(() => guard.authorize(ask('mail:send'))))
    expect(first.map(({ status }) => status).sort()).toEqual(['allow', 'allow', 'review', 'review'])
    const { approvals } = await guard.authorize(ask('mail:send'))
    expect(approvals).toMatchObject([{ rule: 'limit mails', state: 'pending' }])
    await guard.approvals.approve(approvals[0]?.id ?? '', user('mia'))
    expect(await guard.authorize(ask('mail:send'))).toMatchObject({ decision: true, code: 'approved' })
    expect(await guard.authorize(ask('mail:send'))).toMatchObject({ status: 'deny', code: 'limit_exceeded' })
  })
  test('policies see what was used, exactly', async () => {
    const { guard } = await make({ limits: [{ name: 'news', actions: 'mail:news', per: 'tenant', over: 'ever' }] })
    const all = await Promise.all(
      Array.from({ length: 16 }, (_, i) => guard.authorize(ask('mail:news', user(`u${i}`)))),
    )
    expect(all.filter(({ decision }) => decision)).toHaveLength(3)
    expect(await guard.authorize(ask('mail:news'))).toMatchObject({ rules: ['tired'] })
  })
  test('amounts, by rule and by delegation', async () => {
    const limits: Limit[] = [
      { name: 'tokens', actions: 'mail:*', per: 'rule', over: { fixed: '1d' }, amount: 'tokens', denyAbove: 100 },
      { name: 'lent', actions: 'own:*', per: 'delegation', over: { bucket: 2, refill: '1h' } },
    ]
    const { guard } = await make({ limits })
    expect((await guard.authorize(ask('mail:send', user('a'), { tokens: 60 }))).decision).toBe(true)
    expect((await guard.authorize(ask('mail:send', user('b'), { tokens: 60 }))).code).toBe('limit_exceeded')
    expect((await guard.authorize(ask('mail:send', user('b'), { tokens: 40 }))).decision).toBe(true)
    for (const tokens of [-1, 0.5, '3', undefined]) {
      expect((await guard.authorize(ask('mail:send', user('b'), { tokens }))).code).toBe('limit_amount')
    }
    const ann = user('ann')
    const terms = { by: ann, grantor: ann, scopes: [{ actions: 'own:*' }], maxUses: 10 }
    const { id } = await guard.delegations.create({ ...terms, grantee: user('bot') })
    await guard.delegations.create({ ...terms, grantee: user('bit') })
    const use = (subject: Subject) => guard.authorizeAndConsume(ask('own:x', subject))
    expect((await use(user('bot'))).decision).toBe(true)
    expect((await use(user('bot'))).decision).toBe(true)
    expect((await use(user('bot'))).code).toBe('limit_exceeded')
    expect((await use(user('bit'))).decision).toBe(true)
    expect((await guard.delegations.get(id)).usesLeft).toBe(8)
  })
  test('what nobody paid for is given back, and a repeated call counts once', async () => {
    const limit: Limit = { name: 'own', actions: 'own:*', per: 'subject', over: 'ever', denyAbove: 2 }
    const { guard } = await make({ limits: [limit] })
    const ann = user('ann')
    const scopes = [{ actions: 'own:*' }]
    await guard.delegations.create({
      by: ann,
      grantor: ann,
      grantee: user('bot'),
      scopes,
      budget: { amount: '5', unit: 'EUR' },
    })
    const use = (amount: string, idempotencyKey?: string) =>
      guard.authorizeAndConsume(ask('own:x', user('bot')), {
        cost: { amount, unit: 'EUR' },
        ...(idempotencyKey && { idempotencyKey }),
      })
    expect((await use('9')).decision).toBe(false)
    expect((await use('9')).decision).toBe(false)
    expect((await use('1', 'k')).decision).toBe(true)
    expect(await use('1', 'k')).toMatchObject({ decision: true, repeated: true })
    expect((await use('1')).decision).toBe(true)
    expect((await use('1')).code).toBe('limit_exceeded')
  })
  test.each<[string, Partial<Limit> & object, string]>([
    ['a name', { name: 'a b' }, 'a name is up to'],
    ['a duration', { over: { fixed: 'soon' } }, '"soon" is not an ISO 8601 duration'],
    ['a slide', { over: { sliding: 'PT0.005S' } }, 'a sliding window has 10 equal parts'],
    ['a bucket', { over: { bucket: 0, refill: '1s' } }, 'a bucket holds at least one token'],
    ['a bucket that is never full', { over: { bucket: 1000, refill: 'P90D' } }, 'the bucket takes too long to fill'],
    ['an order', { reviewAbove: 5, approval: { by: 'user:a' }, denyAbove: 5 }, 'reviewAbove must be below denyAbove'],
    ['an approver', { reviewAbove: 1 }, 'reviewAbove and approval belong together'],
    ['an approval', { reviewAbove: 1, approval: { by: 'ann' } }, 'an approver cannot be "ann"'],
    ['a bound', { denyAbove: -1 }, 'a bound is a whole number'],
    ['a pattern', { actions: '[a' }, 'bad pattern'],
    ['nobody', { per: [] }, 'per is one of'],
  ])('a wrong definition: %s', async (_, wrong, expected) => {
    await expect(make({ limits: [{ ...mails, ...wrong }] })).rejects.toThrow(expected)
    expect(await codeOf(make({ limits: [{ ...mails, ...wrong }] }))).toBe('E_USAGE')
  })
  test('two of one name', async () => {
    expect(await codeOf(make({ limits: [mails, mails] }))).toBe('E_USAGE')
  })
})

describe('sessions', () => {
  test('activate some roles, for a while', async () => {
    const { guard, pass } = await make()
    const eve = user('eve', 'editor', 'auditor')
    expect(await guard.authorize(ask('edit', eve))).toMatchObject({ code: 'separation_of_duty' })
    const start = { subject: eve, expiresAt: guardTime(2) }
    const { id } = await guard.sessions.start({ ...start, roles: ['editor'] })
    const auditing = await guard.sessions.start({ ...start, roles: ['auditor'] })
    expect((await guard.authorize(ask('edit', eve), { session: id })).decision).toBe(true)
    expect((await guard.authorize(ask('edit', eve), { session: auditing.id })).decision).toBe(false)
    expect(await guard.sessions.list(eve)).toHaveLength(2)
    const expired = { status: 'deny', code: 'session_expired' }
    expect(await guard.authorize(ask('edit', user('bob', 'editor')), { session: id })).toMatchObject(expired)
    expect(await guard.authorize(ask('edit', eve), { session: 'ses_x' })).toMatchObject(expired)
    expect((await guard.sessions.end(auditing.id)).state).toBe('ended')
    expect(await guard.authorize(ask('mail:send', eve), { session: auditing.id })).toMatchObject(expired)
    pass(2 * hour)
    expect(await guard.authorize(ask('edit', eve), { session: id })).toMatchObject(expired)
    expect((await guard.sessions.get(id)).state).toBe('expired')
    expect(await guard.sessions.list(eve)).toEqual([])
  })
  test('of roles that are held, and may be active together', async () => {
    const { guard } = await make()
    const expiresAt = guardTime(1)
    const subject = user('eve', 'editor', 'auditor')
    expect(await codeOf(guard.sessions.start({ subject, roles: ['manager'], expiresAt }))).toBe('E_SESSION')
    expect(await codeOf(guard.sessions.start({ subject, roles: ['editor', 'auditor'], expiresAt }))).toBe('E_SESSION')
    expect(await codeOf(guard.sessions.start({ subject, roles: [], expiresAt }))).toBe('E_SESSION')
    expect(await codeOf(guard.sessions.start({ subject, roles: ['editor'], expiresAt: 0 }))).toBe('E_USAGE')
    expect(await codeOf(guard.sessions.get('ses_x'))).toBe('E_SESSION')
  })
})

describe('sweeping', () => {
  test('deletes what is over and old changes, so much at a time', async () => {
    const { guard, pass } = await make({
      limits: [{ name: 'sent', actions: 'mail:*', per: 'subject', over: { fixed: '1h' }, denyAbove: 100 }],
    })
    for (let i = 0; i < 30; i++) await guard.authorize(ask('mail:send', user(`u${i}`)))
    pass(3 * hour)
    const swept: number[] = []
    for (let i = 0; i < 5; i++) swept.push(await guard.sweep(20, 0))
    expect(swept[0]).toBeGreaterThanOrEqual(20)
    expect(swept.at(-1)).toBe(0)
  })
})
