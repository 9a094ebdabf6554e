/** Whose action it is: what callers may do, for whom, and what of others they never see. */
import { beforeEach, describe, expect, it } from 'vitest'
import { answerOf, type Client, type ServiceError } from '../../../src/client/index.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { createGuard } from '../../../src/guard/guard.ts'
import { decisionApi } from '../../../src/service/api/index.ts'
import { decisionOperations } from '../../../src/service/api/operations.ts'
import { createApp } from '../../../src/service/app.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'
import { postInit, readAnswer } from '../support.ts'
import { type ApiUnderTest, apiUnderTest } from './support.ts'

let under: ApiUnderTest
let asAnn: Client
let pep: Client
beforeEach(async () => {
  under = await apiUnderTest()
  asAnn = under.as('user-ann')
  pep = under.as('pep')
})

const ann = { type: 'user', id: 'ann' }
const planner = { type: 'agent', id: 'planner' }
const read = { action: { name: 'travel:book' }, resource: { type: 'trip', id: 't1' } }
const expires_at = '2026-05-01T13:00:00Z'
const scopes = [{ actions: 'travel:*', on: 'trip' }]

async function problem(call: Promise<{ error?: unknown; response: Response }>): Promise<readonly [number, string]> {
  const error: ServiceError = await answerOf(call).then(
    (answer) => {
      throw new Error(`it was answered: ${JSON.stringify(answer)}`)
    },
    (thrown: ServiceError) => thrown,
  )
  return [error.status, `${error.problem?.code}: ${error.problem?.detail}`]
}

describe('a caller that is a subject itself', () => {
  it('acts as that one, without saying so', async () => {
    expect(await answerOf(asAnn.POST('/v1/authorize', { body: read }))).toMatchObject({ decision: true })
    expect(await answerOf(asAnn.POST('/v1/authorize', { body: { ...read, subject: ann } }))).toMatchObject({
      decision: true,
    })
    const lent = await answerOf(asAnn.POST('/v1/delegations', { body: { grantor: ann, grantee: planner, scopes } }))
    expect(lent).toMatchObject({ created_by: ann, grantor: ann })
  })

  it('acts for nobody else', async () => {
    const mia = { type: 'user', id: 'mia' }
    const denied = [403, 'E_FORBIDDEN: this caller may not "decide" for user "mia"']
    expect(await problem(asAnn.POST('/v1/authorize', { body: { ...read, subject: mia } }))).toEqual(denied)
    const requests = [read, { ...read, subject: mia }]
    expect(await problem(asAnn.POST('/v1/authorize-many', { body: { requests } }))).toEqual(denied)
    const query = { by: 'user:mia' }
    expect(await problem(asAnn.GET('/v1/approvals', { params: { query } }))).toEqual([
      403,
      'E_FORBIDDEN: this caller may not "approvals:read" for user "mia"',
    ])
  })

  it('is what its credentials say, and has no say in it', async () => {
    // vip is a property of its credentials.
    const lounge = { action: { name: 'lounge' }, resource: { type: 'room', id: '1' } }
    expect(await answerOf(asAnn.POST('/v1/authorize', { body: lounge }))).toMatchObject({ decision: true })
    const asMia = under.as('user-mia')
    expect(await answerOf(asMia.POST('/v1/authorize', { body: lounge }))).toMatchObject({ decision: false })
    for (const claimed of [{ properties: { vip: true } }, { on_behalf_of: ann }, { delegation_chain: [ann] }]) {
      const subject = { type: 'user', id: 'mia', ...claimed }
      const [status, text] = await problem(asMia.POST('/v1/authorize', { body: { ...lounge, subject } }))
      expect([status, text]).toEqual([
        403,
        `E_FORBIDDEN: ${Object.keys(claimed)[0]} of yourself come from your credentials; leave them out`,
      ])
    }
    const grantor = { type: 'user', id: 'mia', properties: { vip: true } }
    const body = { grantor, grantee: planner, scopes: [{ actions: 'lounge' }] }
    expect((await problem(asMia.POST('/v1/delegations', { body })))[0]).toBe(403)
    const [status, text] = await problem(
      asMia.POST('/v1/delegations', { body: { ...body, grantor: { type: 'user', id: 'mia' } } }),
    )
    expect([status, text.split(':')[0]]).toEqual([403, 'E_DELEGATION_GRANTOR'])
  })

  it('states context that policies may look away from', async () => {
    const body = { action: { name: 'checked' }, resource: { type: 'room', id: '1' }, context: { ok: true } }
    expect(await answerOf(pep.POST('/v1/authorize', { body: { ...body, subject: ann } }))).toMatchObject({
      decision: true,
    })
    expect(await answerOf(asAnn.POST('/v1/authorize', { body }))).toMatchObject({ decision: false })
  })

  it('sees no explanation, and nothing about others', async () => {
    expect(await problem(asAnn.POST('/v1/explain', { body: read }))).toEqual([
      403,
      'E_FORBIDDEN: this caller may not "explain" for user "ann"',
    ])
    const body = { subject: { type: 'user' }, ...read }
    expect((await problem(asAnn.POST('/v1/list/subjects', { body })))[0]).toBe(403)
  })
})

describe('an enforcement point', () => {
  it.each([
    [{ permissions: ['act_for:any'] }, 200],
    [{ scopes: ['openid', 'act_for:any'] }, 200],
    [{ roles: ['enforcement-point'] }, 200],
    [{ roles: ['admin'], scopes: ['act_for'], permissions: 'none' }, 403],
    [{ acts_as: 'agent:planner' }, 403],
    [{}, 403],
  ])('is a caller with %j: %i', async (attributes, status) => {
    const engine = under.engines.get('default')
    if (engine === undefined) throw new Error('no engine')
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
    const guard = () => createGuard({ engine, store: memoryStore(), clock: () => under.now, random })
    const identify = () => ({ id: 'gateway', tenants: 'all' as const, attributes })
    const app = createApp({ engine, identify, apis: [decisionApi({ guard })] })
    expect((await app.request('/v1/authorize', postInit({ ...read, subject: planner }))).status).toBe(status)
  })

  it('is who the host’s own policy says it is', async () => {
    const engine = under.engines.get('default')
    if (engine === undefined) throw new Error('no engine')
    const rule = {
      id: 'desk',
      allow: 'decide',
      on: { type: 'subject', id: 'agent:*' },
      to: { type: 'caller', id: 'desk' },
    }
    const access = await createEngine({ policies: { version: 1, rules: [rule] } })
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
    const guard = () => createGuard({ engine, store: memoryStore(), clock: () => under.now, random })
    const identify = () => ({ id: 'desk', tenants: 'all' as const })
    const app = createApp({ engine, identify, apis: [decisionApi({ guard, access })] })
    const ask = async (path: string, subject: object) =>
      (await app.request(path, postInit({ ...read, subject }))).status
    expect(await ask('/v1/authorize', planner)).toBe(200)
    expect(await ask('/v1/authorize', ann)).toBe(403)
    expect(await ask('/v1/authorize-and-consume', planner)).toBe(403)
  })
})

describe('what is another’s', () => {
  it('is as unknown as what is not there', async () => {
    const { id } = await answerOf(asAnn.POST('/v1/delegations', { body: { grantor: ann, grantee: planner, scopes } }))
    const session = await answerOf(asAnn.POST('/v1/sessions', { body: { roles: ['editor'], expires_at } }))
    const task = await answerOf(asAnn.POST('/v1/tasks', { body: { scopes, expires_at } }))
    const purge = { action: { name: 'purge' }, resource: { type: 'record', id: 'r1' } }
    const { approvals } = await answerOf(asAnn.POST('/v1/authorize', { body: purge }))
    const approval = approvals[0]?.id ?? ''
    // Another subject, and the same one in another tenant.
    for (const client of [under.as('user-eve'), under.as('user-ann', 'acme')]) {
      const path = (of: string) => ({ params: { path: { id: of } } })
      const codes = await Promise.all([
        problem(client.GET('/v1/delegations/{id}', path(id))),
        problem(client.GET('/v1/sessions/{id}', path(session.id))),
        problem(client.POST('/v1/sessions/{id}/end', { ...path(session.id), body: {} })),
        problem(client.GET('/v1/tasks/{id}', path(task.id))),
        problem(client.POST('/v1/tasks/{id}/start', { ...path(task.id), body: {} })),
        problem(client.POST('/v1/tasks', { body: { scopes, expires_at, parent: task.id } })),
        problem(client.GET('/v1/approvals/{id}', path(approval))),
        problem(client.POST('/v1/approvals/{id}/votes', { ...path(approval), body: { vote: 'approve' } })),
        problem(client.POST('/v1/approvals/{id}/withdraw', { ...path(approval), body: {} })),
        problem(client.GET('/v1/delegations', { params: { query: { parent: id } } })),
      ])
      expect(codes.map(([status]) => status)).toEqual(codes.map(() => 404))
      expect(
        (await answerOf(client.GET('/v1/delegations', { params: { query: { role: 'grantor' } } }))).delegations,
      ).toEqual([])
    }
    const eve = under.as('user-eve')
    const revoked = await problem(eve.POST('/v1/delegations/{id}/revoke', { params: { path: { id } }, body: {} }))
    expect([revoked[0], revoked[1].split(':')[0]]).toEqual([403, 'E_DELEGATION_FORBIDDEN'])
    const still = await answerOf(asAnn.GET('/v1/delegations/{id}', { params: { path: { id } } }))
    expect(still.state).toBe('active')
  })
})

describe('every operation', () => {
  const stranger = { 'X-Caller': 'nobody-special' }
  const filled = (path: string) => path.replace(/\{\w+\}/g, 'some-id')

  it.each(decisionOperations.map((operation) => [operation.operationId, operation] as const))(
    '%s has a permission, and refuses who has none, and who is nobody',
    async (_id, { method, path, permission, query: parameters }) => {
      expect(permission).toMatch(/^[a-z]+(?::[a-z]+)?$/)
      const by = { type: 'user', id: 'ann' }
      const body = bodies[`${method} ${path}`] ?? { by }
      const init = method === 'GET' ? { headers: stranger } : postInit(body, stranger)
      const named = parameters !== undefined && 'by' in parameters.properties
      const query = named ? '?by=user:ann' : ''
      const answer = await readAnswer(await under.app.request(filled(path) + query, init))
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 403, body: { code: 'E_FORBIDDEN' } })
      const unnamed = await under.app.request(filled(path), method === 'GET' ? {} : postInit(body))
      expect(unnamed.status).toBe(401)
    },
  )

  const naming = decisionOperations.filter(({ query }) => query !== undefined && 'by' in query.properties)
  it.each(naming.map((operation) => [operation.operationId, operation] as const))(
    '%s asks a caller that is no subject who acts',
    async (_id, { path }) => {
      const silent = await readAnswer(await under.app.request(filled(path), { headers: stranger }))
      expect(silent).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
    },
  )
  it('lets some ask for others', () => expect(naming.length).toBeGreaterThan(3))

  const bodies: Readonly<Record<string, object>> = {
    'POST /v1/authorize': { ...read, subject: ann },
    'POST /v1/authorize-many': { requests: [{ ...read, subject: ann }] },
    'POST /v1/authorize-and-consume': { ...read, subject: ann },
    'POST /v1/delegations/{id}/proof': { by: ann, holder: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } },
    'POST /v1/reservations': { ...read, subject: ann, hold_ms: 1 },
    'POST /v1/explain': { ...read, subject: ann },
    'POST /v1/why-not': { ...read, subject: ann },
    'POST /v1/list/resources': { subject: ann, action: read.action, resource: { type: 'trip' } },
    'POST /v1/list/subjects': { subject: { type: 'user' }, ...read },
    'POST /v1/list/actions': { subject: ann, resource: read.resource },
    'POST /v1/delegations': { by: ann, grantor: ann, grantee: planner, scopes },
    'POST /v1/delegation-proposals': { by: ann, grantor: ann, grantee: planner, scopes },
    'POST /v1/approvals/{id}/votes': { by: ann, vote: 'approve' },
    'POST /v1/sessions': { subject: ann, roles: ['editor'], expires_at },
    'POST /v1/tasks': { owner: ann, scopes, expires_at },
  }
})

describe('an app that does not ask who calls', () => {
  const guard = async () => {
    const engine = await createEngine({ policies: { version: 1, rules: [{ id: 'all', allow: 'travel:book' }] } })
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
    return { engine, guard: () => createGuard({ engine, store: memoryStore(), clock: Date.now, random }) }
  }

  it('does nothing, unless it is told whose word counts then', async () => {
    const { engine, guard: make } = await guard()
    const body = { ...read, subject: ann }
    const closed = createApp({ engine, apis: [decisionApi({ guard: make })] })
    expect(await readAnswer(await closed.request('/v1/authorize', postInit(body)))).toMatchObject({
      status: 403,
      body: { code: 'E_FORBIDDEN' },
    })
    const anonymous = { id: 'anonymous', type: 'service', tenants: 'all', proof: 'callback' } as const
    const permissions = { permissions: ['act_for:any'] }
    const open = createApp({
      engine,
      apis: [decisionApi({ guard: make, anonymous: () => ({ ...anonymous, attributes: permissions }) })],
    })
    expect((await open.request('/v1/authorize', postInit(body))).status).toBe(200)
  })

  it('has no guard where the host has none for its tenant', async () => {
    const { engine } = await guard()
    const identify = () => ({ id: 'pep', tenants: 'all' as const, attributes: { permissions: ['act_for:any'] } })
    const app = createApp({ engine, identify, apis: [decisionApi({ guard: () => undefined })] })
    const answer = await readAnswer(await app.request('/v1/authorize', postInit({ ...read, subject: ann })))
    expect(answer).toMatchObject({ status: 404, body: { code: 'E_NOT_FOUND' } })
  })

  it('follows the engine of its tenant: other policies, the same store', async () => {
    const { engine } = await guard()
    const engines = new Map([['default', engine]])
    const store = memoryStore()
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
    const identify = () => ({ id: 'pep', tenants: 'all' as const, attributes: { permissions: ['act_for:any'] } })
    const api = decisionApi({ guard: (one) => createGuard({ engine: one, store, clock: Date.now, random }) })
    const app = createApp({ engines, identify, apis: [api] })
    const ask = async () =>
      (await readAnswer(await app.request('/v1/authorize', postInit({ ...read, subject: planner })))).body.decision
    expect(await ask()).toBe(true)
    const people = { id: 'people', allow: 'travel:*', to: { type: 'user' } }
    engines.set('default', await createEngine({ policies: { version: 1, rules: [people] } }))
    expect(await ask()).toBe(false)
    await app.request('/v1/delegations', postInit({ by: ann, grantor: ann, grantee: planner, scopes }))
    expect(await ask()).toBe(true)
    engines.set('default', await createEngine({ policies: { version: 1, rules: [people] } }))
    expect(await ask()).toBe(true)
  })
})
