/** open-guard's HTTP API without its client: who may, which tenant, and ids of others. */
import { beforeEach, expect, test } from 'vitest'
import { type Filled, fill, type Service, startService } from '../admin/support.ts'

const base = '/tenants/acme/compat/open-guard/v1'
const ask = {
  subject: { id: 'ann', actor_type: 'user' },
  action: { name: 'travel:book' },
  resource: { id: 't1', resource_type: 'trip' },
}
let service: Service
let theirs: Filled
beforeEach(async () => {
  service = await startService()
  await fill(service, 'acme')
  theirs = await fill(service, 'other')
})

test('who may not speak for a subject is not answered about it', async () => {
  for (const path of ['/authorize', '/authorize/traced', '/authorize_and_consume']) {
    const { status, body } = await service.call('acme:owner', 'POST', base + path, ask)
    expect([status, body.error], path).toMatchObject([403, { code: 'forbidden' }])
    expect((await service.call('acme::pep', 'POST', base + path, ask)).body, path).toMatchObject({ status: 'allowed' })
  }
  const list = { subject: ask.subject, action: 'view', resource_type: 'document' }
  expect((await service.call('acme:owner', 'POST', `${base}/list_authorized`, list)).status).toBe(403)
})

test('who has no role of administration changes nothing', async () => {
  const tenant_id = 'acme'
  const policy = { tenant_id, evaluator_type: 'rbac' }
  const tuple = { tenant_id, subject_id: 'a', relation: 'viewer', object_type: 'document', object_id: '1' }
  const scopes = [{ action_match: 'travel:book', resource_type: 'trip' }]
  const delegation = { tenant_id, from_subject_id: 'ann', to_subject_id: 'bob', scopes }
  const session = { tenant_id, subject_id: 'ann', activated_roles: ['editor'] }
  for (const [method, path, body] of [
    ['POST', '/policies', policy],
    ['GET', '/policies?tenant_id=acme', undefined],
    ['GET', '/policies/x', undefined],
    ['DELETE', '/policies/x', undefined],
    ['POST', '/roles', { tenant_id, subject_id: 'a', role: 'editor' }],
    ['POST', '/relationships', tuple],
    ['GET', '/relationships', undefined],
    ['POST', '/relationships/check', tuple],
    ['DELETE', '/relationships/x', undefined],
    ['POST', '/delegations', delegation],
    ['GET', '/delegations?subject_id=bot', undefined],
    ['DELETE', '/delegations/x', undefined],
    ['POST', '/sessions', session],
    ['GET', '/sessions?subject_id=ann', undefined],
    ['DELETE', '/sessions/x', undefined],
  ] as const) {
    const { status } = await service.call('acme::pep', method, `${base}/admin${path}`, body)
    expect(status, `${method} ${path}`).toBe(403)
    expect((await service.call(undefined, method, `${base}/admin${path}`, body)).status).toBe(401)
  }
  expect((await service.tenants.get('acme')!.tenant.revisions.list(10)).length).toBe(1)
})

test('the tenant is that of the path: not of a header, a query or a body; and ids of others are not there', async () => {
  const header = { 'X-Tenant-ID': 'other' }
  const crossed = await service.call('*::pep', 'POST', `${base}/authorize`, ask, header)
  expect(crossed.body).toMatchObject({ error: { code: 'cross_tenant_forbidden' } })
  expect((await service.call('*:admin', 'GET', `${base}/admin/policies?tenant_id=other`)).status).toBe(403)
  const policy = { tenant_id: 'other', evaluator_type: 'rbac' }
  expect((await service.call('*:admin', 'POST', `${base}/admin/policies`, policy)).status).toBe(403)
  expect((await service.call('other::pep', 'POST', `${base}/authorize`, ask)).status).toBe(404)
  expect((await service.call('*:admin', 'DELETE', `${base}/admin/delegations/${theirs.delegation}`)).status).toBe(404)
  expect((await service.call('*:admin', 'DELETE', `${base}/admin/sessions/${theirs.session}`)).status).toBe(404)
  expect((await service.guard('other').delegations.get(theirs.delegation)).state).toBe('active')
  const lent = { ...ask, session_id: theirs.session }
  expect((await service.call('*::pep', 'POST', `${base}/authorize`, lent)).body).toMatchObject({ status: 'denied' })
})

test('nobody gives rights to themselves by conditions, or takes away what denies or relates them', async () => {
  const policies = `${base}/admin/policies`
  const travel = { tenant_id: 'acme', evaluator_type: 'abac', action_match: 'travel:book' }
  const mine = { ...travel, conditions: { 'subject.id': { op: 'eq', value: 'ann' } } }
  const before = await service.tenants.get('acme')!.tenant.revisions.head()
  const given = await service.call('acme:admin:ann', 'POST', policies, mine)
  expect([given.status, given.body.error]).toMatchObject([403, { code: 'forbidden' }])
  expect(await service.tenants.get('acme')!.tenant.revisions.head()).toEqual(before)
  const denial = await service.call('acme:admin:bob', 'POST', policies, { ...mine, effect: 'deny' })
  expect(denial.status).toBe(201)
  const tuple = { tenant_id: 'acme', subject_id: 'ann', relation: 'blocked', object_type: 'document', object_id: '1' }
  const related = await service.call('acme:admin:bob', 'POST', `${base}/admin/relationships`, tuple)
  expect(related.status).toBe(201)
  for (const path of [`/policies/${denial.body.id}`, `/relationships/${related.body.id}`]) {
    expect((await service.call('acme:admin:ann', 'DELETE', `${base}/admin${path}`)).status, path).toBe(403)
    expect((await service.call('acme:owner:ann', 'DELETE', `${base}/admin${path}`)).status, path).toBe(204)
  }
  // What names nobody, and what names somebody else, is an admin's to change.
  const theirs = { ...travel, conditions: { 'subject.id': { op: 'eq', value: 'zed' } } }
  for (const policy of [travel, theirs]) {
    const { status, body } = await service.call('acme:admin:ann', 'POST', policies, policy)
    expect(status).toBe(201)
    expect((await service.call('acme:admin:ann', 'DELETE', `${policies}/${body.id}`)).status).toBe(204)
  }
})

test('nobody gives a role or a relationship to themselves', async () => {
  const role = { tenant_id: 'acme', subject_id: 'admin', role: 'editor' }
  expect((await service.call('acme:admin', 'POST', `${base}/admin/roles`, role)).status).toBe(403)
  const tuple = { tenant_id: 'acme', subject_id: 'admin', relation: 'viewer', object_type: 'document', object_id: '1' }
  expect((await service.call('acme:admin', 'POST', `${base}/admin/relationships`, tuple)).status).toBe(403)
})

test.each([
  ['YAML', 'policies: []\n'],
  ['a list', '[]'],
])('a source of its name that is %s is refused, and stays as it is', async (_form, text) => {
  const { tenant } = service.tenants.get('acme')!
  const theirs = { name: 'open-guard.json', dialect: 'open-guard' as const, text }
  await tenant.replace({ sources: [theirs], onto: 1, by: { type: 'user', id: 'bob' } })
  const policy = { tenant_id: 'acme', evaluator_type: 'rbac', action_match: 'read' }
  for (const [method, path, body] of [
    ['GET', '/policies', undefined],
    ['POST', '/policies', policy],
    ['DELETE', '/relationships/x', undefined],
  ] as const) {
    const { status, body: answer } = await service.call('acme:admin', method, `${base}/admin${path}`, body)
    expect([status, answer.error], path).toMatchObject([409, { code: 'conflict' }])
  }
  expect((await tenant.policies()).texts).toEqual([theirs])
})

test('chains that are too deep, and what is no subject in them, are refused', async () => {
  let subject: object = { id: 'root' }
  for (let i = 0; i < 7; i++) subject = { id: `a${i}`, actor_type: 'agent', on_behalf_of: subject }
  for (const wrong of [
    subject,
    { id: 'a', on_behalf_of: 5 },
    { id: 'a', on_behalf_of: { id: 'b', actor_type: 'x' } },
  ]) {
    const { status, body } = await service.call('acme::pep', 'POST', `${base}/authorize`, { ...ask, subject: wrong })
    expect([status, body.error]).toMatchObject([422, { code: 'validation_error' }])
  }
})

test('what waits for an approval says which', async () => {
  const pay = { ...ask, action: { name: 'pay' }, resource: { id: '1', resource_type: 'invoice' } }
  const { body } = await service.call('acme::pep', 'POST', `${base}/authorize`, pay)
  expect(body).toMatchObject({ status: 'pending_approval', allowed: false, approval_request_id: expect.any(String) })
})

test('without a way to prove who one is, there is none of it', async () => {
  const open = await startService({ anonymous: true })
  expect((await open.call(undefined, 'POST', `${base}/authorize`, ask)).status).toBe(404)
})

test('all active delegations are listed, however many there are besides', async () => {
  const { delegations } = service.guard('acme')
  const ann = { type: 'user', id: 'ann' }
  const made: string[] = []
  for (let i = 0; i < 1010; i++) {
    const scopes = [{ actions: 'travel:book', on: { type: 'trip', id: `t${i}` } }]
    made.push((await delegations.create({ by: ann, grantor: ann, grantee: { type: 'agent', id: 'many' }, scopes })).id)
  }
  const { status, body } = await service.call('acme:admin', 'GET', `${base}/admin/delegations?subject_id=many`)
  expect([status, body.length]).toEqual([200, made.length])
})
