/** The way of a request through the guard: each capability, and several at once. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest, Subject } from '../../../src/engine/types.ts'
import type { Guard, GuardOptions, Limit } from '../../../src/guard/index.ts'
import { createGuard } from '../../../src/guard/index.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'
import { codeOf, hour, start, user } from './approval/support.ts'

const policies: PolicyDocument = {
  version: 1,
  roles: { manager: [], editor: [], auditor: [] },
  separation: { dynamic: [{ roles: ['editor', 'auditor'] }] },
  entities: { subjects: [{ type: 'user', id: 'mia', roles: ['manager'] }] },
  rules: [
    { id: 'mail', allow: 'mail:*' },
    { id: 'edit', allow: 'edit', to: { role: 'editor' } },
    { id: 'purge', review: 'purge', approval: { by: 'role:manager', within: '4h' }, obligations: [{ id: 'tell' }] },
    { id: 'unnamed', review: 'wipe' },
    { id: 'tired', deny: 'mail:news', when: { 'state.usage.news': { gte: 3, otherwise: false } } },
    { id: 'at-work', allow: 'work', when: { 'state.task.status': 'active' } },
    { id: 'lend', allow: 'delegate', to: { type: 'user' } },
    { id: 'own', allow: 'own:*', to: { id: 'ann' } },
  ],
}

interface Made {
  readonly guard: Guard
  readonly pass: (milliseconds: number) => void
}

async function make(options: Partial<GuardOptions> = {}): Promise<Made> {
  let now = start
  const guard = createGuard({
    engine: await createEngine({ policies }),
    store: memoryStore(),
    clock: () => now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    ...options,
  })
  const pass = (milliseconds: number): void => {
    now += milliseconds
  }
  return { guard, pass }
}

function ask(name: string, subject: Subject = user('eve'), context?: AccessRequest['context']): AccessRequest {
  return { subject, action: { name }, resource: { type: 'record', id: 'r1' }, ...(context && { context }) }
}

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

describe('tasks', () => {
  const bot: Subject = { type: 'agent', id: 'bot' }
  const terms = { owner: bot, scopes: [{ actions: ['mail:*', 'work'], on: 'record' }], expiresAt: guardTime(2) }

  test('every transition', async () => {
    const moves = ['start', 'complete', 'fail', 'cancel'] as const
    const reach = {
      created: [],
      active: ['start'],
      completed: ['start', 'complete'],
      failed: ['start', 'fail'],
      cancelled: ['cancel'],
    } as const
    const possible: Record<string, string> = {}
    for (const [state, way] of Object.entries(reach)) {
      for (const move of moves) {
        const { guard } = await make()
        const { id } = await guard.tasks.create(terms)
        for (const step of way) await guard.tasks[step](id)
        expect((await guard.tasks.get(id)).state).toBe(state)
        const code = await codeOf(guard.tasks[move](id, 'why'))
        if (code === 'no error') possible[`${state} ${move}`] = (await guard.tasks.get(id)).state
        else expect(code).toBe('E_TASK_STATE')
      }
    }
    expect(possible).toEqual({
      'created start': 'active',
      'created cancel': 'cancelled',
      'active complete': 'completed',
      'active fail': 'failed',
      'active cancel': 'cancelled',
    })
  })
  test('narrow what is allowed, and allow nothing', async () => {
    const { guard, pass } = await make()
    const { id } = await guard.tasks.create(terms)
    const decide = async (name: string, task = id, subject = bot) =>
      (await guard.authorize(ask(name, subject), { task })).code
    expect(await decide('mail:send')).toBe('task_inactive')
    await guard.tasks.start(id)
    expect(await decide('mail:send')).toBe('matched')
    expect(await decide('work')).toBe('matched')
    expect((await guard.authorize(ask('work', bot))).code).not.toBe('matched')
    expect(await decide('edit')).toBe('outside_task')
    expect(await decide('mail:send', id, user('eve'))).toBe('task_inactive')
    expect(await decide('mail:send', 'tsk_x')).toBe('task_inactive')
    pass(2 * hour)
    expect(await decide('mail:send')).toBe('task_inactive')
    expect((await guard.tasks.get(id)).state).toBe('expired')
    expect(await codeOf(guard.tasks.complete(id))).toBe('E_TASK_STATE')
  })
  test('a child lies inside its parent, and ends with it', async () => {
    const { guard } = await make()
    const { id: parent } = await guard.tasks.create(terms)
    const child = (more: object) => guard.tasks.create({ ...terms, parent, ...more })
    expect(await codeOf(child({ scopes: [{ actions: '*' }] }))).toBe('E_TASK_EXCEEDS')
    expect(await codeOf(child({ scopes: [{ actions: 'mail:send', on: '*' }] }))).toBe('E_TASK_EXCEEDS')
    expect(await codeOf(child({ expiresAt: guardTime(3) }))).toBe('E_TASK_EXCEEDS')
    expect(await codeOf(child({ parent: 'tsk_x' }))).toBe('E_TASK')
    expect(await codeOf(child({ scopes: [] }))).toBe('E_SCOPE')
    const { id } = await child({ scopes: [{ actions: 'mail:send', on: 'record' }], title: 'send it' })
    await guard.tasks.start(id)
    const decide = async (name = 'mail:send') => (await guard.authorize(ask(name, bot), { task: id })).code
    expect(await decide()).toBe('task_inactive')
    await guard.tasks.start(parent)
    expect(await decide()).toBe('matched')
    expect(await decide('mail:read')).toBe('outside_task')
    await guard.tasks.complete(parent, 'done')
    expect(await decide()).toBe('task_inactive')
    expect(await codeOf(child({}))).toBe('E_TASK_STATE')
    expect(await guard.tasks.get(parent)).toMatchObject({ outcome: 'done', title: '' })
  })
  test('of nobody are none', async () => {
    const { guard } = await make()
    for (const owner of [undefined, null, {}, { type: 'agent', id: '' }])
      expect(await codeOf(guard.tasks.create({ ...terms, owner: owner as never }))).toBe('E_USAGE')
    const session = { subject: undefined as never, roles: ['editor'], expiresAt: guardTime(1) }
    expect(await codeOf(guard.sessions.start(session))).toBe('E_USAGE')
  })
  test('not too deep', async () => {
    const { guard } = await make()
    let { id } = await guard.tasks.create(terms)
    for (let depth = 1; depth < 8; depth++) ({ id } = await guard.tasks.create({ ...terms, parent: id }))
    expect(await codeOf(guard.tasks.create({ ...terms, parent: id }))).toBe('E_TASK_EXCEEDS')
  })
})

/** So many hours after the start. */
function guardTime(hours: number): number {
  return start + hours * hour
}
