/** Delegations, approvals, sessions and tasks over HTTP, from their beginning to their end. */
import { beforeEach, describe, expect, it } from 'vitest'
import { answerOf, type Client, type ServiceError } from '../../../src/client/index.ts'
import { type ApiUnderTest, apiUnderTest } from './support.ts'

let under: ApiUnderTest
let pep: Client
beforeEach(async () => {
  under = await apiUnderTest()
  pep = under.as('pep')
})

const ann = { type: 'user', id: 'ann' }
const mia = { type: 'user', id: 'mia' }
const planner = { type: 'agent', id: 'planner' }
const booker = { type: 'agent', id: 'booker' }
const scopes = [{ actions: 'travel:*', on: 'trip' }]
const expires_at = '2026-05-01T13:00:00Z'
const at = (id: string) => ({ params: { path: { id } } })

async function codeOf(call: Promise<{ error?: unknown; response: Response }>): Promise<string> {
  return answerOf(call).then(
    () => 'answered',
    ({ status, problem }: ServiceError) => `${status} ${problem?.code}`,
  )
}

describe('a delegation', () => {
  const terms = { by: ann, grantor: ann, grantee: planner, scopes, redelegate: 1 }
  const lend = (more: object = {}) => answerOf(pep.POST('/v1/delegations', { body: { ...terms, ...more } }))

  it('is made with its terms, once for one key, and says where it is', async () => {
    const body = { ...terms, expires_at, lease_ms: 60_000, renewable_by: [mia], max_uses: 3 }
    const made = await pep.POST('/v1/delegations', { params: { header: { 'idempotency-key': 'k' } }, body })
    expect(made.data).toMatchObject({
      state: 'active',
      max_uses: 3,
      uses_left: 3,
      lease_ms: 60_000,
      leased_until: '2026-05-01T12:01:00.000Z',
      expires_at: '2026-05-01T13:00:00.000Z',
      renewable_by: [mia],
    })
    const id = made.data?.id ?? ''
    expect([made.response.status, made.response.headers.get('location')]).toEqual([
      201,
      `http://localhost/v1/delegations/${id}`,
    ])
    const again = await answerOf(pep.POST('/v1/delegations', { params: { header: { 'idempotency-key': 'k' } }, body }))
    expect(again.id).toBe(id)
    const other = { params: { header: { 'idempotency-key': 'k' } }, body: { ...body, max_uses: 4 } }
    expect(await codeOf(pep.POST('/v1/delegations', other))).toBe('409 E_IDEMPOTENCY')
  })

  it('is refused beyond what the grantor has, or the parent', async () => {
    const all = { body: { ...terms, scopes: [{ actions: 'fly' }] } }
    expect(await codeOf(pep.POST('/v1/delegations', all))).toBe('403 E_DELEGATION_GRANTOR')
    const { id } = await lend()
    const wide = { by: planner, grantor: planner, grantee: booker, parent: id, scopes: [{ actions: '*', on: 'trip' }] }
    expect(await codeOf(pep.POST('/v1/delegations', { body: wide }))).toBe('403 E_DELEGATION_EXCEEDS')
    const wrong = { body: { ...terms, scopes: [{ actions: 'a', when: { nonsense: 1 } }] } }
    expect(await codeOf(pep.POST('/v1/delegations', wrong))).toBe('400 E_SCOPE')
    expect(await codeOf(pep.POST('/v1/delegations', { body: { ...terms, parent: 'dlg_none' } }))).toBe(
      '404 E_DELEGATION',
    )
  })

  it('is proposed, accepted, suspended, resumed, and revoked with all below it', async () => {
    const proposed = await answerOf(pep.POST('/v1/delegation-proposals', { body: { ...terms, by: planner } }))
    expect(proposed).toMatchObject({ state: 'proposed', awaits: 'grantor' })
    const { id } = proposed
    expect(await codeOf(pep.POST('/v1/delegations/{id}/accept', { ...at(id), body: { by: planner } }))).toBe(
      '403 E_DELEGATION_FORBIDDEN',
    )
    expect(await answerOf(pep.POST('/v1/delegations/{id}/accept', { ...at(id), body: { by: ann } }))).toMatchObject({
      state: 'active',
    })
    const below = await answerOf(
      pep.POST('/v1/delegations', { body: { by: planner, grantor: planner, grantee: booker, parent: id, scopes } }),
    )
    expect(below).toMatchObject({ parent: id, root: id, depth: 1 })
    await answerOf(pep.POST('/v1/delegations/{id}/suspend', { ...at(id), body: { by: ann } }))
    expect(await codeOf(pep.POST('/v1/delegations/{id}/suspend', { ...at(id), body: { by: ann } }))).toBe(
      '409 E_DELEGATION_STATE',
    )
    await answerOf(pep.POST('/v1/delegations/{id}/resume', { ...at(id), body: { by: ann } }))
    const revoked = await answerOf(pep.POST('/v1/delegations/{id}/revoke', { ...at(id), body: { by: ann } }))
    expect(revoked).toMatchObject({ state: 'revoked', below: 1, ended: { by: ann, at: '2026-05-01T12:00:00.000Z' } })
    const query = { by: 'user:ann' }
    // Who lent the root sees what was passed on.
    const child = await answerOf(pep.GET('/v1/delegations/{id}', { params: { path: { id: below.id }, query } }))
    expect(child.state).toBe('revoked')
  })

  it('is declined, and renewed by who may', async () => {
    const proposed = await answerOf(pep.POST('/v1/delegation-proposals', { body: { ...terms, by: planner } }))
    const declined = await answerOf(pep.POST('/v1/delegations/{id}/decline', { ...at(proposed.id), body: { by: ann } }))
    expect(declined.state).toBe('declined')
    const { id } = await lend({ lease_ms: 60_000, renewable_by: [mia] })
    under.now += 60_000
    const renewed = await answerOf(pep.POST('/v1/delegations/{id}/renew', { ...at(id), body: { by: mia } }))
    expect(renewed).toMatchObject({ state: 'active', leased_until: '2026-05-01T12:02:00.000Z' })
  })

  it('is found by who lent and who holds it, in pages whose cursors fit no other list', async () => {
    const ids = []
    for (const id of ['a1', 'a2', 'a3']) ids.push((await lend({ grantee: { type: 'agent', id } })).id)
    const page = (query: object) =>
      pep.GET('/v1/delegations', { params: { query: { by: 'user:ann', role: 'grantor', ...query } } })
    const first = await answerOf(page({ limit: 2 }))
    // What becomes of those that were listed moves no page.
    for (const { id } of first.delegations)
      await answerOf(pep.POST('/v1/delegations/{id}/revoke', { ...at(id), body: { by: ann } }))
    const second = await answerOf(page({ limit: 2, cursor: first.cursor }))
    expect([...first.delegations, ...second.delegations].map(({ id }) => id).sort()).toEqual([...ids].sort())
    expect(second.cursor).toBeUndefined()
    expect(await codeOf(page({ by: 'user:mia', cursor: first.cursor }))).toBe('400 E_CURSOR')
    expect(await codeOf(page({ cursor: 'made-up' }))).toBe('400 E_CURSOR')
    const held = await answerOf(pep.GET('/v1/delegations', { params: { query: { by: 'agent:a2' } } }))
    expect(held.delegations).toMatchObject([{ id: ids[1], grantee: { id: 'a2' } }])
  })
})

describe('an approval', () => {
  const purge = { action: { name: 'purge' }, resource: { type: 'record', id: 'r1' } }
  const ask = async (subject = planner, id = 'r1') => {
    const body = { ...purge, subject, resource: { type: 'record', id } }
    return answerOf(pep.POST('/v1/authorize', { body }))
  }
  const vote = (id: string, by: object, cast: 'approve' | 'reject' = 'approve') =>
    pep.POST('/v1/approvals/{id}/votes', { ...at(id), body: { by: by as typeof mia, vote: cast, reason: 'old' } })

  it('is found by its approver, voted on, and used once', async () => {
    const [{ id } = { id: '' }] = (await ask()).approvals
    const mine = await answerOf(pep.GET('/v1/approvals', { params: { query: { by: 'user:mia' } } }))
    expect(mine.approvals).toMatchObject([
      { id, requester: planner, request: { ...purge, subject: planner }, needed: 1 },
    ])
    expect((await answerOf(pep.GET('/v1/approvals', { params: { query: { by: 'user:ann' } } }))).approvals).toEqual([])
    const asked = await answerOf(
      pep.GET('/v1/approvals', { params: { query: { by: 'agent:planner', role: 'requester' } } }),
    )
    expect(asked.approvals).toHaveLength(1)
    expect(await codeOf(vote(id, planner))).toBe('403 E_APPROVAL_FORBIDDEN')
    expect(await codeOf(vote(id, ann))).toBe('404 E_APPROVAL_UNKNOWN')
    expect(await answerOf(vote(id, mia))).toMatchObject({
      state: 'approved',
      votes: [{ approver: mia, vote: 'approve', reason: 'old', at: '2026-05-01T12:00:00.000Z' }],
    })
    expect(await codeOf(vote(id, mia))).toBe('409 E_APPROVAL_STATE')
    expect((await ask()).code).toBe('approved')
    expect((await ask()).code).toBe('approval_pending')
  })

  it('is rejected, or taken back', async () => {
    const [first = { id: '' }] = (await ask()).approvals
    await answerOf(vote(first.id, mia, 'reject'))
    expect((await ask()).code).toBe('approval_rejected')
    const [second = { id: '' }] = (await ask(planner, 'r2')).approvals
    const withdraw = (by: typeof mia) => pep.POST('/v1/approvals/{id}/withdraw', { ...at(second.id), body: { by } })
    expect(await codeOf(withdraw(mia))).toBe('403 E_APPROVAL_FORBIDDEN')
    expect((await answerOf(withdraw(planner))).state).toBe('withdrawn')
  })

  it('is waited for, and no longer than asked', async () => {
    const [{ id } = { id: '' }] = (await ask()).approvals
    const get = (wait: number) =>
      answerOf(pep.GET('/v1/approvals/{id}', { params: { path: { id }, query: { by: 'agent:planner', wait } } }))
    const began = performance.now()
    expect((await get(1)).state).toBe('pending')
    expect(performance.now() - began).toBeGreaterThan(900)
    const waiting = get(30)
    setTimeout(() => vote(id, mia), 50)
    expect((await waiting).state).toBe('approved')
    const query = { by: 'agent:planner', wait: 31 }
    expect(await codeOf(pep.GET('/v1/approvals/{id}', { params: { path: { id }, query } }))).toBe('400 E_REQUEST')
  })

  it('is listed in pages', async () => {
    for (const id of ['r1', 'r2', 'r3']) await ask(planner, id)
    const page = (cursor?: string) =>
      answerOf(pep.GET('/v1/approvals', { params: { query: { by: 'user:mia', limit: 2, ...(cursor && { cursor }) } } }))
    const first = await page()
    const second = await page(first.cursor)
    expect(new Set([...first.approvals, ...second.approvals].map(({ id }) => id)).size).toBe(3)
  })
})

describe('sessions and tasks', () => {
  it('of sessions: held roles only, listed, ended', async () => {
    const begin = (roles: string[]) => pep.POST('/v1/sessions', { body: { subject: ann, roles, expires_at } })
    expect(await codeOf(begin(['manager']))).toBe('403 E_SESSION')
    const { id } = await answerOf(begin(['editor']))
    const list = () => answerOf(pep.GET('/v1/sessions', { params: { query: { by: 'user:ann' } } }))
    expect((await list()).sessions).toMatchObject([{ id, state: 'active', roles: ['editor'] }])
    expect(await answerOf(pep.POST('/v1/sessions/{id}/end', { ...at(id), body: { by: ann } }))).toMatchObject({
      state: 'ended',
    })
    expect((await list()).sessions).toEqual([])
    const query = { by: 'user:ann' }
    expect((await answerOf(pep.GET('/v1/sessions/{id}', { params: { path: { id }, query } }))).state).toBe('ended')
  })

  it('of tasks: inside their parents, from their start to their end', async () => {
    const make = (more: object) => pep.POST('/v1/tasks', { body: { owner: planner, scopes, expires_at, ...more } })
    const outer = await answerOf(make({ title: 'plan a trip' }))
    expect(outer).toMatchObject({ state: 'created', title: 'plan a trip', owner: planner })
    expect(await codeOf(make({ parent: outer.id, scopes: [{ actions: '*' }] }))).toBe('403 E_TASK_EXCEEDS')
    const inner = await answerOf(make({ parent: outer.id }))
    const step = (name: 'start' | 'complete' | 'fail' | 'cancel', id: string) =>
      pep.POST(`/v1/tasks/{id}/${name}`, { ...at(id), body: { by: planner } })
    expect((await answerOf(step('start', outer.id))).state).toBe('active')
    expect(await codeOf(step('start', outer.id))).toBe('409 E_TASK_STATE')
    expect((await answerOf(step('cancel', inner.id))).state).toBe('cancelled')
    const failed = pep.POST('/v1/tasks/{id}/fail', { ...at(outer.id), body: { by: planner, outcome: 'no seats' } })
    expect(await answerOf(failed)).toMatchObject({ state: 'failed', outcome: 'no seats' })
    const query = { by: 'agent:planner' }
    expect((await answerOf(pep.GET('/v1/tasks/{id}', { params: { path: { id: outer.id }, query } }))).state).toBe(
      'failed',
    )
  })
})
