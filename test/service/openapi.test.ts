/** The OpenAPI document of a service with everything that it can have, and of one with nothing besides AuthZEN. */
import { Validator } from '@seriousme/openapi-schema-validator'
import type { Hono } from 'hono'
import { exportJWK, generateKeyPair } from 'jose'
import type { TSchema } from 'typebox'
import { Check } from 'typebox/schema'
import { beforeAll, describe, expect, it } from 'vitest'
import { accessRequestProfile, memoryDesk } from '../../src/authzen/profiles/access-request/index.ts'
import { createSigner } from '../../src/authzen/signer.ts'
import { createEngine } from '../../src/engine/index.ts'
import { createGuard } from '../../src/guard/guard.ts'
import { createProofIssuer } from '../../src/identity/index.ts'
import { decisionApi } from '../../src/service/api/index.ts'
import { createApp } from '../../src/service/app.ts'
import { EventHub } from '../../src/service/events/index.ts'
import { serviceMetrics } from '../../src/service/observe/index.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import { closed } from './closed.ts'
import { post, readAnswer } from './support.ts'

const publicUrl = 'https://pdp.example.com/authz'
const policies = {
  version: 1 as const,
  rules: [
    { id: 'read', allow: 'read' },
    { id: 'pay', review: 'pay' },
  ],
}

type Operation = {
  readonly operationId: string
  readonly security?: unknown
  readonly servers?: readonly { readonly url: string }[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>
}
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: object
}

let whole: Hono
let bare: Hono
const desk = memoryDesk({ newId: () => crypto.randomUUID() })
beforeAll(async () => {
  const engine = await createEngine({ policies })
  const engines = new Map([[engine.tenant, engine]])
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const signer = createSigner({ issuer: publicUrl, jwk: { ...(await exportJWK(privateKey)), alg: 'ES256' } })
  const { privateKey: proving } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const proofs = createProofIssuer({ issuer: publicUrl, jwk: await exportJWK(proving) })
  const newId = () => crypto.randomUUID()
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const store = memoryStore()
  bare = createApp({ engine })
  whole = createApp({
    engines,
    publicUrl,
    signer,
    identify: () => ({ id: 'pep', tenants: 'all' }),
    profiles: [accessRequestProfile({ desk, signer, newId })],
    metrics: serviceMetrics(engines, Date.now),
    events: { hub: new EventHub({ now: Date.now, newId }), stream: { maxAge: 20 } },
    apis: [decisionApi({ guard: (one) => createGuard({ engine: one, store, clock: Date.now, random }), proofs })],
  })
})

const documentOf = async (app: Hono) => (await (await app.request('/openapi.json')).json()) as Document

function operationsOf({ paths }: Document): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
}

function routesOf(app: Hono): string[] {
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes(':tenant'))
    // The metadata of a PDP below a path stands between the host and that path.
    .filter(({ path }) => !path.startsWith('/.well-known/authzen-configuration/'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  return [...new Set(routes)]
}

describe.each(['whole', 'bare'] as const)('the document of the %s service', (which) => {
  const app = () => (which === 'whole' ? whole : bare)

  it('has every route, and no other', async () => {
    const described = operationsOf(await documentOf(app()))
    expect(described.sort()).toEqual(routesOf(app()).sort())
    expect(described.includes('GET /v1/events')).toBe(which === 'whole')
    expect(described.includes('GET /metrics')).toBe(which === 'whole')
    expect(described.includes('POST /access/v1/requests/{task}/cancel')).toBe(which === 'whole')
  })

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(await documentOf(app())))
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
  })
})

describe('an operation', () => {
  it('says the type of what it answers', async () => {
    const { paths } = await documentOf(whole)
    for (const path of ['/v1/events', '/metrics', '/healthz', '/readyz', '/openapi.json']) {
      const response = await whole.request(path)
      const [type] = Object.keys(paths[path]?.get?.responses[200]?.content ?? {})
      expect(response.headers.get('content-type')).toContain(type)
      await response.body?.cancel()
    }
  })

  it('is at the root where it is there alone, and open where nobody has to say who they are', async () => {
    const { paths } = await documentOf(whole)
    for (const path of ['/metrics', '/healthz', '/readyz', '/openapi.json']) {
      expect(paths[path]?.get?.servers?.map(({ url }) => url)).toEqual([publicUrl])
    }
    expect(paths['/v1/events']?.get?.servers).toBeUndefined()
    const open = Object.entries(paths).filter(([, { get }]) => get?.security !== undefined)
    expect(open.map(([path]) => path).sort()).toEqual([
      '/access/v1/jwks',
      '/healthz',
      '/openapi.json',
      '/readyz',
      '/v1/jwks',
    ])
  })

  it('of the access request profile answers as its schema says', async () => {
    const document = await documentOf(whole)
    const check = (path: string, method: string, { status, body }: { status: number; body: object }) => {
      const { schema } = document.paths[path]?.[method]?.responses[status]?.content?.['application/json'] ?? {}
      // References are to the document, of which a schema may be a part.
      const complete = closed({ ...schema, components: document.components }) as TSchema
      expect(Check(complete, body), `${method} ${path} ${status}: ${JSON.stringify(body)}`).toBe(true)
      // The check does not let everything pass.
      expect(Check(complete, { ...body, other: 1 })).toBe(false)
    }
    const payment = {
      subject: { type: 'agent', id: 'clerk' },
      action: { name: 'pay' },
      resource: { type: 'invoice', id: '7' },
    }
    const opened = async (id: string) => {
      const request = { ...payment, resource: { type: 'invoice', id } }
      const { context } = (await post(whole, '/access/v1/evaluation', request)).body
      const { access_request } = context as { access_request: { expires_at: string; binding_token: string } }
      const { expires_at, binding_token } = access_request
      const answer = await post(whole, '/access/v1/requests', { ...request, denial: { expires_at, binding_token } })
      check('/access/v1/requests', 'post', answer)
      return { status: answer.status, id: (answer.body.task as { id: string }).id }
    }
    const { status, id } = await opened('7')
    expect(status).toBe(202)
    check('/access/v1/requests/{task}', 'get', await readAnswer(await whole.request(`/access/v1/requests/${id}`)))
    desk.approve(id, { approver: 'bob', until: Date.now() + 60_000 }, Date.now())
    const approved = await readAnswer(await whole.request(`/access/v1/requests/${id}`))
    expect(approved.body.result).toBeDefined()
    check('/access/v1/requests/{task}', 'get', approved)
    const other = await opened('8')
    const cancelled = await post(whole, `/access/v1/requests/${other.id}/cancel`, {})
    check('/access/v1/requests/{task}/cancel', 'post', cancelled)
  })
})
