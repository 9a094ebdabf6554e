/** Administration over HTTP: what it changes, what stays, and what is refused. */
import { beforeEach, expect, test } from 'vitest'
import { adminOperations } from '../../../src/service/admin/api.ts'
import { checked } from '../../../src/service/operation/check.ts'
import { type Filled, fill, now, policies, type Reply, rich, type Service, startService } from './support.ts'

const base = '/tenants/acme/admin/v1'
let service: Service
let filled: Filled
beforeEach(async () => {
  service = await startService()
  filled = await fill(service, 'acme')
})

/** As an admin of acme; the answer is of the schema that its operation states. */
async function call(
  operationId: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
  as = 'acme:admin',
): Promise<Reply> {
  const operation = adminOperations.find((one) => one.operationId === operationId)!
  const reply = await service.call(as, operation.method, base + path, body, headers)
  const schema = operation.answers[reply.status]?.body
  if (schema !== undefined) checked(schema, reply.body, operationId)
  return reply
}

const travel = {
  subject: { type: 'agent', id: 'bot' },
  action: { name: 'travel:book' },
  resource: { type: 'trip', id: '1' },
}
const open = policies('rules: [{ id: open, allow: read, on: page }]')

test('policies are read with an entity tag, and replaced with it', async () => {
  const first = await call('getPolicies', '/policies')
  expect(first.body).toMatchObject({ tenant: 'acme', writable: true, revision: 1, in_force: 1, sources: [rich] })
  expect(first.headers.get('ETag')).toBe('"r1"')
  const done = await call('replacePolicies', '/policies', { sources: [open], note: 'open it' }, { 'If-Match': '"r1"' })
  expect(done.status).toBe(200)
  expect(done.headers.get('ETag')).toBe('"r2"')
  expect(done.body).toMatchObject({ revision: { revision: 2, by: 'user:admin', note: 'open it' } })
  const asked = { subject: { type: 'user', id: 'zoe' }, action: { name: 'read' }, resource: { type: 'page', id: '1' } }
  const decided = await service.call('acme:', 'POST', '/tenants/acme/access/v1/evaluation', asked)
  expect(decided.body).toMatchObject({ decision: true })
})

test('who replaces says what; and of two, one wins', async () => {
  expect((await call('replacePolicies', '/policies', { sources: [open] })).body).toMatchObject({
    status: 428,
    code: 'E_PRECONDITION',
  })
  for (const tag of ['"r0"', '"r2"', '*', 'W/"r1"', '"other"']) {
    const { body } = await call('replacePolicies', '/policies', { sources: [open] }, { 'If-Match': tag })
    expect(body, tag).toMatchObject({ status: 412, code: 'E_POLICY_CONFLICT' })
  }
  const ends = await Promise.all(
    [1, 2, 3, 4].map(() => call('replacePolicies', '/policies', { sources: [open] }, { 'If-Match': '"r1"' })),
  )
  expect(ends.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
})

test('a dry run tells every mistake; a replacement the first, and changes nothing', async () => {
  const wrong = policies('rules: [{ id: a, allow: read, when: { nothing: 1 } }, { id: a, deny: x }]')
  const dry = await call('validatePolicies', '/policies/validate', { sources: [wrong] }, {}, 'acme:viewer')
  expect(dry.body).toMatchObject({ ok: false, summary: { errors: 2 } })
  const { status, body } = await call('replacePolicies', '/policies', { sources: [wrong] }, { 'If-Match': '"r1"' })
  expect(status).toBe(400)
  expect(body).toMatchObject({ code: 'E_POLICY' })
  expect(body.detail).toMatch(/^policies\.yaml:3:\d+ .* E_PATH; and 1 more: POST to /)
  expect((await call('getPolicies', '/policies')).body.revision).toBe(1)
})

test('revisions are listed, read, and rolled back to', async () => {
  await call('replacePolicies', '/policies', { sources: [open] }, { 'If-Match': '"r1"' })
  const back = await call('rollBackPolicies', '/policies/rollback', { to: 1, note: 'too open' }, { 'If-Match': '"r2"' })
  expect(back.body).toMatchObject({ revision: { revision: 3, from: 1 } })
  const { body } = await call('listPolicyRevisions', '/policies/revisions?limit=2')
  expect((body.revisions as { revision: number }[]).map(({ revision }) => revision)).toEqual([3, 2])
  expect((await call('getPolicyRevision', '/policies/revisions/2')).body).toMatchObject({ sources: [open] })
  expect((await call('getPolicyRevision', '/policies/revisions/9')).body).toMatchObject({
    status: 404,
    code: 'E_POLICY_REVISION',
  })
})

test('policies that leave nobody anything are a warning, and lock no administrator out', async () => {
  const none = policies("rules: [{ id: none, deny: '*' }]")
  const { body } = await call('replacePolicies', '/policies', { sources: [none] }, { 'If-Match': '"r1"' })
  expect(body.diagnostics).toMatchObject([{ code: 'W_LOCKOUT', severity: 'warning' }])
  expect((await call('rollBackPolicies', '/policies/rollback', { to: 1 }, { 'If-Match': '"r2"' })).status).toBe(200)
})

test('tuples are written in batches, listed in pages, and count at once', async () => {
  const add = Array.from({ length: 5 }, (_, i) => `document:${i}#viewer@user:zoe`)
  expect((await call('writeRelations', '/relations', { add, remove: ['document:0#viewer@user:nobody'] })).body).toEqual(
    { left_out: [] },
  )
  const seen: unknown[] = []
  let path = '/relations?limit=2&subject=user:zoe'
  for (;;) {
    const { body } = await call('listRelations', path)
    seen.push(...(body.tuples as unknown[]))
    if (body.cursor === undefined) break
    path = `/relations?limit=2&subject=user:zoe&cursor=${body.cursor}`
  }
  expect(seen).toHaveLength(5)
  const view = {
    subject: { type: 'user', id: 'zoe' },
    action: { name: 'view' },
    resource: { type: 'document', id: '3' },
  }
  const { body } = await service.call('acme:', 'POST', '/tenants/acme/access/v1/evaluation', view)
  expect(body).toMatchObject({ decision: true })
})

test('entities are put, listed and removed', async () => {
  const zoe = { kind: 'subject', type: 'user', id: 'zoe', roles: ['editor'], properties: { team: 'x' } }
  expect((await call('writeEntities', '/entities', { put: [zoe] })).status).toBe(204)
  expect((await call('listEntities', '/entities?kind=subject')).body.entities).toMatchObject([zoe])
  expect((await call('writeEntities', '/entities', { put: [{ ...zoe, roles: 5 }] })).status).toBe(400)
  const bad = await call('writeEntities', '/entities', { put: [{ ...zoe, properties: { a: { b: null } } }] })
  expect(bad.status).toBeLessThan(500)
  const { kind, type, id } = zoe
  expect((await call('writeEntities', '/entities', { remove: [{ kind, type, id }] })).status).toBe(204)
  expect((await call('listEntities', '/entities')).body.entities).toEqual([])
})

test('as many tuples and entities as are promised are taken at once', async () => {
  const numbers = Array.from({ length: 1000 }, (_, i) => i)
  const add = numbers.map((i) => `document:${i}#viewer@user:bob`)
  expect((await call('writeRelations', '/relations', { add })).status).toBe(200)
  const put = numbers.map((i) => ({ kind: 'resource', type: 'document', id: `${i}` }))
  expect((await call('writeEntities', '/entities', { put })).status).toBe(204)
  const tenant = service.store.tenant('acme')
  expect(await tenant.find('relation_tuples', { limit: 1000 })).toHaveLength(1000)
  expect((await tenant.find('entities', { limit: 1000 })).length).toBe(1000)
})

test('a delegation is revoked with all that rests on it, whoever lent it', async () => {
  const guard = service.guard('acme')
  expect((await guard.authorize(travel)).decision).toBe(true)
  const bot = travel.subject
  const sub = { type: 'agent', id: 'sub' }
  const scopes = [{ actions: 'travel:book', on: 'trip' }]
  await guard.delegations.create({ by: bot, grantor: bot, grantee: sub, scopes, parent: filled.delegation })
  const { body } = await call(
    'revokeAnyDelegation',
    `/delegations/${filled.delegation}/revoke`,
    undefined,
    {},
    'acme:operator',
  )
  expect(body).toMatchObject({
    delegation: { state: 'revoked', ended: { by: { type: 'user', id: 'operator' } } },
    below: 1,
  })
  expect((await guard.authorize(travel)).decision).toBe(false)
  expect((await call('listAllDelegations', '/delegations')).body.delegations).toHaveLength(2)
  const { body: again } = await call('suspendAnyDelegation', `/delegations/${filled.delegation}/suspend`)
  expect(again).toMatchObject({ status: 409, code: 'E_DELEGATION_STATE' })
})

test('what an administrator suspends only administrators resume; what a grantor suspends they do not', async () => {
  const guard = service.guard('acme')
  const id = filled.delegation
  const ann = { type: 'user', id: 'ann' }
  await call('suspendAnyDelegation', `/delegations/${id}/suspend`)
  await expect(guard.delegations.resume(id, { by: ann })).rejects.toMatchObject({ code: 'E_DELEGATION_FORBIDDEN' })
  expect((await call('resumeAnyDelegation', `/delegations/${id}/resume`)).body).toMatchObject({
    delegation: { state: 'active' },
  })
  await guard.delegations.suspend(id, { by: ann })
  expect((await call('resumeAnyDelegation', `/delegations/${id}/resume`)).body).toMatchObject({
    status: 403,
    code: 'E_DELEGATION_FORBIDDEN',
  })
})

test('approvals are looked at without what was asked, and taken back', async () => {
  const { body } = await call('getAnyApproval', `/approvals/${filled.approval}`)
  expect(body).toMatchObject({
    approval: { state: 'pending', action: 'pay', resource: { type: 'invoice', id: '1' } },
    votes: [],
  })
  const taken = await call('withdrawAnyApproval', `/approvals/${filled.approval}/withdraw`)
  expect(taken.body).toMatchObject({ approval: { state: 'withdrawn' } })
  expect((await call('withdrawAnyApproval', `/approvals/${filled.approval}/withdraw`)).status).toBe(409)
})

test('sessions are ended, and tasks cancelled with those inside', async () => {
  expect((await call('endAnySession', `/sessions/${filled.session}/end`)).body).toMatchObject({ state: 'ended' })
  const guard = service.guard('acme')
  const scopes = [{ actions: 'travel:*', on: 'trip' }]
  const owner = travel.subject
  await guard.tasks.create({ owner, scopes, expiresAt: now + 1000, parent: filled.task })
  const { body } = await call('cancelAnyTask', `/tasks/${filled.task}/cancel`, { outcome: 'not wanted' })
  expect(body).toMatchObject({ task: { state: 'cancelled', outcome: 'not wanted' }, below: 1 })
})

test('a change through other parts is told of before and after, also when it fails', async () => {
  await call('endAnySession', `/sessions/${filled.session}/end`)
  await call('endAnySession', '/sessions/none/end')
  const rows = await service.store.tenant('acme').find('decision_log', { limit: 1000 })
  const events = rows.map(({ document }) => JSON.parse(document)).filter(({ data }) => data.action === 'sessions:end')
  const told = events.map(({ subject, data }) => [subject, data.resource.id, data.outcome, data.code])
  expect(told.sort()).toEqual(
    [
      ['user:admin', filled.session, 'begun', undefined],
      ['user:admin', filled.session, 'done', undefined],
      ['user:admin', 'none', 'begun', undefined],
      ['user:admin', 'none', 'failed', 'E_SESSION'],
    ].sort(),
  )
})

test('tenants are made empty and closed, and removed', async () => {
  expect((await service.call('*:owner', 'POST', `${base}/tenants`, { name: 'fresh' })).status).toBe(201)
  const { body } = await service.call('*:owner', 'POST', '/tenants/fresh/access/v1/evaluation', travel)
  expect(body).toMatchObject({ decision: false })
  expect((await service.call('*:owner', 'POST', `${base}/tenants`, { name: 'fresh' })).status).toBe(409)
  expect((await service.call('acme,fresh:owner', 'GET', `${base}/tenants`)).body).toEqual({
    tenants: ['acme', 'fresh'],
  })
  expect((await service.call('acme:owner', 'DELETE', `${base}/tenants/fresh`)).status).toBe(403)
  expect((await service.call('*:owner', 'DELETE', `${base}/tenants/fresh`)).status).toBe(204)
  expect((await service.call('*:owner', 'POST', '/tenants/fresh/access/v1/evaluation', travel)).status).toBe(404)
})
