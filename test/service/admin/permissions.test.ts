/** Every operation of administration: who lacks its permission is refused, and nothing changes. */
import { beforeAll, describe, expect, test } from 'vitest'
import { adminActions } from '../../../src/pap/actions.ts'
import { createPermissions } from '../../../src/pap/permissions.ts'
import { adminOperations } from '../../../src/service/admin/api.ts'
import type { TableName } from '../../../src/store/port.ts'
import { allTables } from '../../../src/store/schema/index.ts'
import { type Filled, fill, policies, rich, type Service, startService } from './support.ts'

let service: Service
let filled: Filled
beforeAll(async () => {
  service = await startService()
  filled = await fill(service, 'acme')
})

/** A call of the operation that would succeed if it were permitted. */
function callOf({ method, path, operationId }: (typeof adminOperations)[number]) {
  const id = /delegations|approvals|sessions|tasks/.exec(path)?.[0]
  const ids: Record<string, string> = {
    delegations: filled.delegation,
    approvals: filled.approval,
    sessions: filled.session,
    tasks: filled.task,
  }
  const there = path
    .replace('{id}', ids[id ?? ''] ?? '')
    .replace('{revision}', '1')
    .replace('{name}', 'other')
  const bodies: Record<string, unknown> = {
    validatePolicies: { sources: [rich] },
    replacePolicies: { sources: [policies('rules: [{ id: open, allow: read }]')] },
    rollBackPolicies: { to: 1 },
    writeRelations: { add: ['document:1#viewer@user:bob'] },
    writeEntities: { put: [{ kind: 'resource', type: 'page', id: '1' }] },
    cancelAnyTask: {},
    createTenant: { name: 'new' },
  }
  const headers = /replacePolicies|rollBackPolicies/.test(operationId) ? { 'If-Match': '"r1"' } : {}
  return { method, path: `/tenants/acme${there}`, body: bodies[operationId], headers }
}

async function everything(): Promise<string> {
  const rows: unknown[] = [[...service.tenants.keys()]]
  for (const name of ['acme', 'other']) {
    for (const table of allTables) {
      rows.push(await service.store.tenant(name).find(table.name as TableName, { limit: 1000 }))
    }
  }
  return JSON.stringify(rows)
}

test('each operation states a permission that the policies on administration know', () => {
  expect(adminOperations.length).toBeGreaterThan(20)
  for (const { operationId, permission } of adminOperations) expect(adminActions, operationId).toContain(permission)
})

describe.each(adminOperations.map((operation) => [operation.operationId, operation] as const))('%s', (_, operation) => {
  const { permission = '' } = operation

  test('is refused to who has no role, and nothing changes', async () => {
    const { method, path, body, headers } = callOf(operation)
    const before = await everything()
    // `acme:` has the role owner, but not of administration.
    const { status, body: problem, headers: given } = await service.call('acme:', method, path, body, headers)
    expect(status).toBe(403)
    expect(given.get('Content-Type')).toBe('application/problem+json')
    expect(problem).toMatchObject({ title: 'Forbidden', status: 403, code: 'E_FORBIDDEN' })
    expect(problem.detail).toContain(permission)
    expect(await everything()).toBe(before)
  })

  test('is refused to roles that do not have its permission, and open to the one that has', async () => {
    const permissions = await createPermissions()
    const { method, path, body, headers } = callOf(operation)
    for (const role of ['viewer', 'operator', 'admin', 'owner']) {
      const who = { type: 'user', id: role, attributes: { roles: [`sallyport:${role}`] } }
      const target = { type: permission.split(':')[0] ?? '' }
      const { allowed } = permissions.ask(permission as (typeof adminActions)[number], who, 'acme', target, 0)
      if (allowed) continue
      const before = await everything()
      expect((await service.call(`acme:${role}`, method, path, body, headers)).status, role).toBe(403)
      expect(await everything()).toBe(before)
    }
  })

  test('is unknown to who may not use the tenant, and to strangers', async () => {
    const { method, path, body, headers } = callOf(operation)
    const before = await everything()
    expect((await service.call('other:owner', method, path, body, headers)).body).toMatchObject({
      status: 404,
      code: 'E_TENANT',
    })
    expect((await service.call(undefined, method, path, body, headers)).status).toBe(401)
    expect(await everything()).toBe(before)
  })

  test('is open to an owner', async () => {
    const own = await startService()
    const mine = await fill(own, 'acme')
    const was = filled
    filled = mine
    const { method, path, body, headers } = callOf(operation)
    filled = was
    const { status, body: answer } = await own.call('*:owner', method, path, body, headers)
    const expected = { resumeAnyDelegation: 403 }[operation.operationId] ?? Number(Object.keys(operation.answers)[0])
    expect(status, JSON.stringify(answer)).toBe(expected)
  })
})

test('without a way to prove who one is, there is no administration', async () => {
  const open = await startService({ anonymous: true })
  const { method, path } = callOf(adminOperations[0]!)
  expect((await open.call('*:owner', method, path)).body).toMatchObject({ status: 404, code: 'E_NOT_FOUND' })
})

test('a host can put other policies on administration in place of ours', async () => {
  const permissions = await createPermissions({
    version: 1,
    rules: [{ id: 'ops', allow: 'policies:read', to: { type: 'user', id: 'ops' } }],
  })
  const own = await startService({ permissions })
  expect((await own.call('acme:x:ops', 'GET', '/tenants/acme/admin/v1/policies')).status).toBe(200)
  expect((await own.call('acme:owner', 'GET', '/tenants/acme/admin/v1/policies')).status).toBe(403)
})
