/** Approvals from request to use: who may vote, how many must, what is bound to what, and what time does. */
import { describe, expect, test } from 'vitest'
import type { Subject } from '../../../../src/engine/types.ts'
import type { ApprovalModel } from '../../../../src/policy/approval-model.ts'
import { codeOf, hour, purge, start, use, user, world } from './support.ts'

describe('a request', () => {
  test('is one for one thing, however often it is asked', async () => {
    const it = await world({ by: 'role:manager' })
    const ids = await Promise.all(Array.from({ length: 20 }, () => it.open()))
    expect(new Set(ids).size).toBe(1)
    const [id = ''] = ids
    expect(await it.approvals.get(id)).toMatchObject({
      state: 'pending',
      rule: 'purge',
      requester: { type: 'user', id: 'eve' },
      request: purge(),
      approved: 0,
      needed: 1,
      createdAt: start,
      expiresAt: start + 24 * hour,
    })
  })
  test('is another one for any other parameter, and the same whatever the order of keys', async () => {
    const it = await world({ by: 'role:manager' })
    const one = await it.open()
    const { subject, action, resource, context } = purge()
    expect(await it.open({ context: { ...context }, resource, action, subject })).toBe(one)
    expect(await it.open({ ...purge(), context: { why: 'new' } })).not.toBe(one)
    expect(await it.open(purge(user('eve'), 'r2'))).not.toBe(one)
    expect(await it.open(purge(user('eve', 'x')))).not.toBe(one)
    expect(await it.open({ ...purge(), action: { name: 'purge', properties: { all: true } } })).not.toBe(one)
    // What the host knows is no part of what is asked for.
    expect(await it.open({ ...purge(), state: { usage: { mails: 3 } } })).toBe(one)
  })
  test('is of one revision of the policies', async () => {
    const it = await world({ by: 'role:manager' })
    const one = await it.open()
    await it.replace({ by: 'role:manager', uses: 2 })
    expect(await codeOf(it.approvals.approve(one, user('mia')))).toBe('E_APPROVAL_STATE')
    const two = await it.open()
    expect(two).not.toBe(one)
    expect((await it.approvals.approve(two, user('mia'))).state).toBe('approved')
  })
  test('without approvers that could ever be enough is none', async () => {
    const managers = await world({ by: 'relation:owner', quorum: 'all' })
    expect((await managers.ask(purge(user('eve'), 'unowned'))).outcome).toBe('nobody')
    const unnamed = await world({ by: 'role:manager' })
    const required = unnamed.approvals.demandedBy({ rules: ['other'] })
    expect(await unnamed.approvals.review({ request: purge(), imageId: 'x', required })).toEqual({
      outcome: 'nobody',
      rules: ['other'],
    })
  })
})

describe('approvers', () => {
  test.each<[string, string, Subject, string]>([
    ['a role that the policies know', 'role:manager', user('mia'), 'approved'],
    ['a role that is inherited', 'role:manager', user('dan'), 'approved'],
    ['a role that the caller vouches for', 'role:manager', user('new', 'director'), 'approved'],
    ['another role', 'role:manager', user('new', 'clerk'), 'E_APPROVAL_FORBIDDEN'],
    ['a name like the role', 'role:manager', user('role:manager'), 'E_APPROVAL_FORBIDDEN'],
    ['a relation to the resource', 'relation:owner', user('olga'), 'approved'],
    ['a relation through a group', 'relation:owner', user('gil'), 'approved'],
    ['no relation', 'relation:owner', user('mia'), 'E_APPROVAL_FORBIDDEN'],
    ['a member of a group', 'group:eng', user('gil'), 'approved'],
    ['not of the group', 'group:eng', user('olga'), 'E_APPROVAL_FORBIDDEN'],
    ['a subject', 'user:ann', user('ann'), 'approved'],
    ['another type', 'user:ann', { type: 'agent', id: 'ann' }, 'E_APPROVAL_FORBIDDEN'],
    ['whoever asked', 'group:eng', user('eve'), 'E_APPROVAL_FORBIDDEN'],
    ['on behalf of an approver', 'user:ann', { ...user('ann'), on_behalf_of: user('bob') }, 'E_APPROVAL_FORBIDDEN'],
  ])('%s', async (_, by, approver, expected) => {
    const it = await world({ by })
    const id = await it.open()
    const vote = it.approvals.approve(id, approver)
    expect(expected === 'approved' ? (await vote).state : await codeOf(vote)).toBe(expected)
  })
  test('nobody on whose behalf it is asked', async () => {
    const it = await world({ by: 'role:manager' })
    const agent = { type: 'agent', id: 'bot', on_behalf_of: { type: 'agent', id: 'boss', on_behalf_of: user('mia') } }
    const id = await it.open(purge(agent))
    expect(await codeOf(it.approvals.approve(id, user('mia')))).toBe('E_APPROVAL_FORBIDDEN')
    const listed = await it.open(purge({ type: 'agent', id: 'bot', delegation_chain: [user('mia')] }))
    expect(await codeOf(it.approvals.approve(listed, user('mia')))).toBe('E_APPROVAL_FORBIDDEN')
    expect((await it.approvals.approve(listed, user('max'))).state).toBe('approved')
  })
  test('an unknown request', async () => {
    const it = await world({ by: 'role:manager' })
    expect(await codeOf(it.approvals.approve('apr_x_1', user('mia')))).toBe('E_APPROVAL_UNKNOWN')
  })
})

describe('a quorum', () => {
  test('counts each approver once', async () => {
    const it = await world({ by: 'role:manager', quorum: 2 })
    const id = await it.open()
    expect(await it.approvals.approve(id, user('mia'))).toMatchObject({ state: 'pending', approved: 1, needed: 2 })
    expect(await codeOf(it.approvals.approve(id, user('mia')))).toBe('E_APPROVAL_VOTED')
    expect(await codeOf(it.approvals.reject(id, user('mia')))).toBe('E_APPROVAL_VOTED')
    expect(await it.approvals.approve(id, user('max'))).toMatchObject({ state: 'approved', approved: 2 })
    expect(await codeOf(it.approvals.approve(id, user('dan')))).toBe('E_APPROVAL_STATE')
    expect((await it.approvals.votes(id)).map(({ approver, vote }) => `${approver.id} ${vote}`)).toEqual([
      'max approve',
      'mia approve',
    ])
  })
  test('of all leaves out who asked', async () => {
    const it = await world({ by: ['role:manager', 'user:ann'], quorum: 'all' })
    expect(await it.approvals.get(await it.open())).toMatchObject({ needed: 4 })
    expect(await it.approvals.get(await it.open(purge(user('mia'))))).toMatchObject({ needed: 3 })
  })
  test('of a share is rounded up', async () => {
    const it = await world({ by: 'role:manager', quorum: '34%' })
    expect(await it.approvals.get(await it.open())).toMatchObject({ needed: 2 })
  })
  test('of a group counts its members', async () => {
    const it = await world({ by: 'group:eng', quorum: 'all' })
    expect(await it.approvals.get(await it.open(purge(user('ann'))))).toMatchObject({ needed: 2 })
    expect(await it.approvals.get(await it.open())).toMatchObject({ needed: 1 })
  })
  test('in order: each stage waits for the one before', async () => {
    const it = await world({ by: ['user:ann', 'role:manager'], order: 'sequence' })
    const id = await it.open()
    expect(await codeOf(it.approvals.approve(id, user('mia')))).toBe('E_APPROVAL_FORBIDDEN')
    expect(await it.approvals.approve(id, user('ann'))).toMatchObject({
      state: 'pending',
      stage: 1,
      stages: 2,
      approved: 0,
    })
    expect(await codeOf(it.approvals.approve(id, user('ann', 'manager')))).toBe('E_APPROVAL_VOTED')
    expect(await it.approvals.approve(id, user('mia'))).toMatchObject({ state: 'approved', stage: 1 })
  })
  test('is exact when all vote at once', async () => {
    const voters = Array.from({ length: 64 }, (_, i) => `user:v${i}`)
    const it = await world({ by: voters, quorum: 40 })
    const id = await it.open()
    const votes = await Promise.all(
      voters.flatMap((_, i) =>
        [it.approvals.approve(id, user(`v${i}`)), it.approvals.approve(id, user(`v${i}`))].map(codeOf),
      ),
    )
    expect(votes.filter((code) => code === 'no error')).toHaveLength(40)
    expect(await it.approvals.get(id)).toMatchObject({ state: 'approved', approved: 40 })
    expect(await it.approvals.votes(id)).toHaveLength(40)
  })
  test('one rejection ends it, and stands', async () => {
    const it = await world({ by: 'role:manager', quorum: 2, within: '4h' })
    const id = await it.open()
    expect(await it.approvals.reject(id, user('mia'), { reason: 'no' })).toMatchObject({ state: 'rejected' })
    expect((await it.approvals.votes(id))[0]?.reason).toBe('no')
    expect(await codeOf(it.approvals.approve(id, user('max')))).toBe('E_APPROVAL_STATE')
    expect((await it.ask()).outcome).toBe('rejected')
    it.pass(4 * hour)
    expect(await it.open()).not.toBe(id)
  })
  test('of a rejection and an approval at once, one wins', async () => {
    for (let i = 0; i < 20; i++) {
      const it = await world({ by: 'role:manager' })
      const id = await it.open()
      const codes = await Promise.all(
        [it.approvals.approve(id, user('mia')), it.approvals.reject(id, user('max'))].map(codeOf),
      )
      expect(codes.sort()).toEqual(['E_APPROVAL_STATE', 'no error'])
    }
  })
})

describe('an approval', () => {
  test('is used once', async () => {
    const it = await world({ by: 'role:manager' })
    const id = await it.open()
    await it.approvals.approve(id, user('mia'))
    const reviews = await Promise.all(Array.from({ length: 10 }, () => it.ask()))
    expect(reviews.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 10 }, () => 'approved'))
    const used = await Promise.all(reviews.map((review) => use(it, review)))
    expect(used.filter(Boolean)).toHaveLength(1)
    expect((await it.approvals.get(id)).state).toBe('used')
    expect(await it.open()).not.toBe(id)
  })
  test('is used as often as the policy says, and not when it is too late', async () => {
    const it = await world({ by: 'role:manager', uses: 3, valid: '10m' })
    const id = await it.open()
    await it.approvals.approve(id, user('mia'))
    expect(await use(it, await it.ask())).toBe(true)
    expect(await use(it, await it.ask())).toBe(true)
    it.pass(600_000)
    expect((await it.approvals.get(id)).state).toBe('expired')
    expect((await it.ask()).outcome).toBe('pending')
  })
  test('cannot be given too late', async () => {
    const it = await world({ by: 'role:manager', within: '1h' })
    const id = await it.open()
    it.pass(hour)
    expect((await it.approvals.get(id)).state).toBe('expired')
    expect(await codeOf(it.approvals.approve(id, user('mia')))).toBe('E_APPROVAL_STATE')
    expect(await it.approvals.pending()).toEqual([])
  })
  test('can be withdrawn by who asked, before it is used', async () => {
    const it = await world({ by: 'role:manager' })
    const id = await it.open()
    expect(await codeOf(it.approvals.withdraw(id, user('mia')))).toBe('E_APPROVAL_FORBIDDEN')
    await it.approvals.approve(id, user('mia'))
    const review = await it.ask()
    expect(await it.approvals.withdraw(id, user('eve'))).toMatchObject({ state: 'withdrawn' })
    expect(await use(it, review)).toBe(false)
    expect(await codeOf(it.approvals.withdraw(id, user('eve')))).toBe('E_APPROVAL_STATE')
    expect((await it.ask()).outcome).toBe('pending')
  })
  test('of two rules takes both', async () => {
    const it = await world({ by: 'role:manager' })
    const { approvals, store } = it
    const approval = (id: string): ApprovalModel => ({
      stages: [{ by: [{ kind: 'subject', type: 'user', id }], quorum: { kind: 'count', count: 1 } }],
      within: hour,
      valid: hour,
      uses: 1,
    })
    const required = [
      { rule: 'a', approval: approval('ann') },
      { rule: 'b', approval: approval('bob') },
    ]
    const { imageId } = await approvals.get(await it.open())
    const review = () => approvals.review({ request: purge(user('zoe')), imageId, required })
    const first = await review()
    const [a = '', b = ''] = first.outcome === 'pending' ? first.rows.map(({ id }) => id) : []
    await approvals.approve(a, user('ann'))
    expect((await review()).outcome).toBe('pending')
    await approvals.approve(b, user('bob'))
    const last = await review()
    expect(last.outcome === 'approved' && (await store.write(last.claims)).applied).toBe(true)
    expect((await review()).outcome).toBe('pending')
  })
})

test('escalation: others may approve as well once it is late', async () => {
  const it = await world({ by: 'user:ann', within: '4h', escalate: { after: '1h', to: 'role:director' } })
  const id = await it.open()
  expect(await codeOf(it.approvals.approve(id, user('dan')))).toBe('E_APPROVAL_FORBIDDEN')
  expect(await it.approvals.pending({ approver: user('dan') })).toEqual([])
  it.pass(hour)
  expect((await it.approvals.pending({ approver: user('dan') })).map((one) => one.id)).toEqual([id])
  expect((await it.approvals.approve(id, user('dan'))).state).toBe('approved')
})

test('pending requests for an approver are those on which it can still vote', async () => {
  const it = await world({ by: ['user:ann', 'user:ben'], quorum: 2 })
  const id = await it.open()
  const shown = async (approver = user('ann')) => (await it.approvals.pending({ approver })).map((one) => one.id)
  expect(await shown()).toEqual([id])
  expect(await shown({ ...user('ann'), on_behalf_of: user('zoe') })).toEqual([])
  await it.approvals.approve(id, user('ann'))
  expect([await shown(), await shown(user('ben'))]).toEqual([[], [id]])
  expect((await it.approvals.pending()).map((one) => one.id)).toEqual([id])
})

test('pending requests in pages, by approver and by requester', async () => {
  const it = await world({ by: 'relation:owner' })
  const ids: string[] = []
  for (let i = 0; i < 5; i++) {
    ids.push(await it.open({ ...purge(), context: { i } }))
    it.pass(1)
  }
  await it.open(purge(user('bob'), 'r2'))
  const mine = { approver: user('olga') }
  const first = await it.approvals.pending({ ...mine, limit: 3 })
  expect(first.map((one) => one.id)).toEqual(ids.slice(0, 3))
  const rest = await it.approvals.pending({ ...mine, limit: 3, after: first.at(-1)?.id ?? '' })
  expect(rest.map((one) => one.id)).toEqual(ids.slice(3))
  expect((await it.approvals.pending({ requester: user('bob') })).map((one) => one.request.resource.id)).toEqual(['r2'])
})
