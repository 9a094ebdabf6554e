/**
 * Every route of the app, those that are yet to come included: strangers are refused, and a tenant that is not the caller's is answered
 * as one that does not exist. A new route fails here until it begins with `askedOf` or `pointOf`.
 */
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { accessRequestProfile, memoryDesk } from '../../src/authzen/profiles/access-request/index.ts'
import { createSigner } from '../../src/authzen/signer.ts'
import type { Engine } from '../../src/engine/types.ts'
import { createProofIssuer } from '../../src/identity/index.ts'
import { createPermissions } from '../../src/pap/permissions.ts'
import { adminApi, administer } from '../../src/service/admin/index.ts'
import { decisionApi } from '../../src/service/api/index.ts'
import { createApp } from '../../src/service/app.ts'
import { openGuardApi } from '../../src/service/compat/open-guard/index.ts'
import { EventHub } from '../../src/service/events/index.ts'
import { serviceMetrics } from '../../src/service/observe/index.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import { bearer, keysOf, random } from '../service/auth/support.ts'

/** Read before anybody can say who they are: they hold nothing of a tenant. `docs/service.md` names them. */
const open = [
  '/.well-known/authzen-configuration',
  '/.well-known/authzen-configuration/authz',
  '/.well-known/authzen-configuration/tenants/:tenant',
  '/.well-known/authzen-configuration/authz/tenants/:tenant',
  '/tenants/:tenant/.well-known/authzen-configuration',
  '/access/v1/jwks',
  '/tenants/:tenant/access/v1/jwks',
  '/v1/jwks',
  '/tenants/:tenant/v1/jwks',
  '/healthz',
  '/readyz',
  '/openapi.json',
]

const publicUrl = 'https://pdp.example.com/authz'
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const signer = createSigner({ issuer: publicUrl, jwk: { ...(await exportJWK(privateKey)), alg: 'ES256' } })
const newId = () => crypto.randomUUID()
const attributes = { roles: ['sallyport:owner'], permissions: ['act_for:any'] }
const { made, identify } = await keysOf([{ tenants: ['acme'], attributes }])
const store = memoryStore()
const names = ['default', 'acme', 'bolt']
const opened = await Promise.all(names.map((tenant) => administer({ tenant, store, clock: Date.now, random })))
const tenants = new Map(opened.map((one) => [one.tenant.engine.tenant, one]))
const engines = new Map<string, Engine>(opened.map(({ tenant: { engine } }) => [engine.tenant, engine]))
const permissions = await createPermissions()
const proving = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
const proofs = createProofIssuer({ issuer: publicUrl, jwk: await exportJWK(proving.privateKey) })
const apis = [
  decisionApi({ guard: (engine) => tenants.get(engine.tenant)?.guard, proofs }),
  adminApi({ tenants, permissions }),
  openGuardApi({ tenants, permissions }),
]
const own = bearer(made[0]?.key ?? '')
const hub = new EventHub({ now: Date.now, newId })
/** With everything that it can have. */
const app = createApp({
  engines,
  publicUrl,
  signer,
  identify,
  apis,
  profiles: [accessRequestProfile({ desk: memoryDesk({ newId }), signer, newId })],
  metrics: serviceMetrics(engines, Date.now),
  events: { hub, stream: { maxAge: 20 } },
  // So slow that none comes back while the tests run.
  rates: { tenant: { requests: 1_000_000, per: 1e12 } },
})

const routes = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, path }))
/** Of POSTs, those that have nothing to read. */
const bodiless = apis
  .flatMap(({ operations }) => operations)
  .filter(({ method, body }) => method === 'POST' && body === undefined)
  .map(({ path }) => path.replace(/\{(\w+)\}/g, ':$1'))
const guarded = routes.filter(({ path }) => !open.includes(path))
const ofTenants = guarded.filter(({ path }) => path.includes(':tenant'))

async function ask({ method, path }: { method: string; path: string }, tenant: string, headers: HeadersInit) {
  const to = path.replace(':tenant', tenant).replaceAll(/:\w+(?:\{[^}]*\})?/g, 'an-id')
  const body = method === 'GET' || method === 'HEAD' || method === 'DELETE' ? undefined : '{}'
  const init = { method, headers: { 'Content-Type': 'application/json', ...headers }, ...(body && { body }) }
  const response = await app.request(to, init)
  const kept = [...response.headers].filter(([name]) => name !== 'x-request-id')
  return { status: response.status, headers: kept, body: await response.text() }
}

async function rateOf({ method, path }: { method: string; path: string }): Promise<string> {
  const { headers } = await ask({ method, path }, 'acme', own)
  return new Map(headers).get('ratelimit') ?? ''
}

/** Sends a body to a route as the caller whose tenant it is. */
async function send({ method, path }: { method: string; path: string }, body: BodyInit, headers: object = {}) {
  const to = path.replace(':tenant', 'acme').replaceAll(/:\w+(?:\{[^}]*\})?/g, 'an-id')
  const all = { 'Content-Type': 'application/json', ...own, ...headers }
  return (await app.request(to, { method, headers: all, body, duplex: 'half' } as RequestInit)).status
}

/** What clients of another service expect has its own form of errors, and 422 for bodies. */
const isOurs = ({ path }: { path: string }) => !path.includes('/compat/')

describe('the routes', () => {
  it('are found, and the list of open ones is that of the app', () => {
    expect(ofTenants.length).toBeGreaterThanOrEqual(8)
    expect(open.filter((path) => !routes.some((route) => route.path === path))).toEqual([])
    // Whatever there is at the root, there is below a tenant, and the other way round.
    const below = ofTenants.map(({ method, path }) => `${method} ${path.replace('/tenants/:tenant', '')}`)
    const root = guarded.filter(({ path }) => !path.includes(':tenant') && path !== '/metrics')
    expect(below.sort()).toEqual(root.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it.each(guarded)('$method $path is for those who prove who they are', async (route) => {
    for (const headers of [{}, { Authorization: 'Bearer spk_no' }, { Authorization: 'Basic eA==' }]) {
      for (const tenant of ['acme', 'bolt', 'nobody']) {
        const answer = await ask(route, tenant, headers)
        expect(answer.status, JSON.stringify(headers)).toBe(401)
        if (isOurs(route)) expect(JSON.parse(answer.body).code).toBe('E_UNAUTHENTICATED')
      }
    }
  })

  it.each(ofTenants)('$method $path does not tell a tenant of others from one that is not there', async (route) => {
    const [others, none] = [await ask(route, 'bolt', own), await ask(route, 'nobody', own)]
    expect(others).toEqual(none)
    expect(others.status).toBe(404)
    if (isOurs(route)) expect(JSON.parse(others.body).code).toBe('E_TENANT')
    // And the way there works: what is refused is refused for the tenant.
    expect((await ask(route, 'acme', own)).body).not.toBe(others.body)
  })

  const withBody = guarded.filter(
    ({ method, path }) => method === 'POST' && !bodiless.includes(path.replace('/tenants/:tenant', '')),
  )
  it.each(withBody)('$method $path has the bounds of all bodies', async (route) => {
    const large = `{"x":"${'x'.repeat(1024 * 1024)}"}`
    // What is addressed may be looked for before the body is.
    const named = /:(?!tenant\b)/.test(route.path)
    const check = async (status: number, what: string, body: BodyInit, headers = {}) =>
      expect([status, ...(named ? [400, 404] : []), ...(isOurs(route) ? [] : [422])], what).toContain(
        await send(route, body, headers),
      )
    await check(413, 'by its length', large)
    await check(413, 'in chunks', new Blob([large]).stream(), { 'Transfer-Encoding': 'chunked' })
    await check(400, 'another type', '{}', { 'Content-Type': 'text/plain' })
    await check(400, 'compressed', '{}', { 'Content-Encoding': 'gzip' })
    await check(400, 'deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)
    await check(400, 'a name twice', '{"a":1,"a":2}')
    await check(400, 'no object', '[]')
  })

  // Metrics are asked for by those who run the service, and are of no tenant.
  const rated = guarded.filter(({ path }) => path !== '/metrics')
  it.each(rated)('$method $path counts against the rates', async ({ method, path }) => {
    const taken = async () => Number(/"tenant";r=(\d+)/.exec(await rateOf({ method, path }))?.[1])
    const first = await taken()
    expect(first).toBeGreaterThan(0)
    expect(await taken()).toBe(first - 1)
  })

  it.each(open.filter((path) => path.includes(':tenant')))('%s tells strangers nothing of tenants', async (path) => {
    const answers = await Promise.all(['acme', 'nobody'].map((tenant) => ask({ method: 'GET', path }, tenant, {})))
    const [there, absent] = answers.map(({ status, body }) => [status, body])
    const named = String(there?.[1]).replaceAll('acme', 'nobody')
    // Signed metadata differs by its signature.
    const unsigned = (text: unknown) => String(text).replace(/"signed_metadata":"[^"]+"/, '')
    expect([there?.[0], unsigned(named)]).toEqual([absent?.[0], unsigned(absent?.[1])])
  })
})
