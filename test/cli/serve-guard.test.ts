/** The decision API of `sallyport serve`: over a store that lasts, for whom, and when it is off. */
import { writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { expect, it, onTestFinished, vi } from 'vitest'
import { answerOf, createClient } from '../../src/client/index.ts'
import { cli, folder, records, startCli, until, type World } from './support.ts'

async function start(argv: readonly string[], world: World = {}) {
  const service = startCli(['serve', ...argv, '--port', '0'], world)
  const end = async () => {
    service.stop()
    return service.ended
  }
  onTestFinished(async () => void (await end()))
  const failed = service.ended.then(({ stderr }) => {
    throw new Error(`ended early: ${stderr}`)
  })
  const started = until(
    () => service.written.stdout,
    (text) => text.includes('Ctrl-C stops it'),
  )
  const text = await Promise.race([started, failed])
  return { url: /at (http:\S+)/.exec(text)?.[1] ?? '', text, end }
}

const policies = `
version: 1
rules:
  - { id: people, allow: 'travel:*', on: trip, to: { type: user } }
`
const ann = { type: 'user', id: 'ann' }
const planner = { type: 'agent', id: 'planner' }
const terms = { by: ann, grantor: ann, grantee: planner, scopes: [{ actions: 'travel:*', on: 'trip' }] }
const ask = { subject: planner, action: { name: 'travel:book' }, resource: { type: 'trip', id: 't1' } }

it('keeps what is lent in the store that it is given', async () => {
  const cwd = await folder({ 'p.yaml': policies })
  expect(await cli(['serve', 'p.yaml', '--port', '0', '--store', 'sqlite:g.db'], { cwd })).toMatchObject({ code: 1 })
  await cli(['db', 'init', 'g.db'], { cwd })
  const argv = ['p.yaml', '--store', 'sqlite:g.db']
  const first = await start(argv, { cwd })
  await answerOf(createClient({ url: first.url }).POST('/v1/delegations', { body: terms }))
  expect((await first.end()).code).toBe(0)
  const second = await start(argv, { cwd })
  const { code } = await answerOf(createClient({ url: second.url }).POST('/v1/authorize', { body: ask }))
  expect(code).toBe('delegated')
})

it('lets in callers with a key as the key says, and says so in its document', async () => {
  const cwd = await folder({ 'p.yaml': policies })
  const key = async (name: string, ...more: string[]) =>
    (await cli(['key', 'create', name, '--all-tenants', '--keys', 'keys.json', ...more], { cwd })).stdout.trim()
  const gateway = await key('gateway', '--role', 'enforcement-point')
  const other = await key('other')
  const { url } = await start(['p.yaml', '--keys', 'keys.json', '--host', '0.0.0.0'], { cwd })
  const decided = await answerOf(createClient({ url, token: gateway }).POST('/v1/authorize', { body: ask }))
  expect(decided.code).toBe('no_match')
  const refused = createClient({ url, token: other }).POST('/v1/authorize', { body: ask })
  expect((await refused).response.status).toBe(403)
  expect((await createClient({ url }).POST('/v1/authorize', { body: ask })).response.status).toBe(401)
  const document = await (await fetch(`${url}/openapi.json`)).json()
  expect(Object.keys(document.paths)).toContain('/v1/authorize')
})

it('is for this machine alone where nobody proves who they are', async () => {
  const { url } = await start([records])
  await answerOf(createClient({ url }).POST('/v1/authorize', { body: ask }))
  // A page of the web may give this address a name of its own.
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { Host: 'rebound.example', 'Content-Type': 'application/json' }
    const sent = httpRequest(`${url}/v1/authorize`, { method: 'POST', headers }, ({ statusCode }) =>
      resolve(statusCode),
    )
    sent.on('error', reject).end(JSON.stringify(ask))
  })
  expect(status).toBe(403)
})

it('is off, and says so, where anybody could come', async () => {
  const { url, text } = await start([records, '--host', '0.0.0.0'])
  expect(text).toContain('The decision API is off: it needs --keys or --auth.')
  expect((await createClient({ url }).POST('/v1/authorize', { body: ask })).response.status).toBe(404)
  const refused = await cli(['serve', records, '--port', '0', '--host', '0.0.0.0', '--store', 'memory'], {})
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--store needs --keys or --auth')])
  expect((await cli(['serve', records, '--port', '0', '--store', 'mysql://x'], {})).code).toBe(2)
})

it('follows the policies, over the same store', async () => {
  const cwd = await folder({ 'p.yaml': policies })
  const { url } = await start(['p.yaml', '--watch'], { cwd })
  const client = createClient({ url })
  await answerOf(client.POST('/v1/delegations', { body: terms }))
  const code = async () => (await answerOf(client.POST('/v1/authorize', { body: ask }))).code
  expect(await code()).toBe('delegated')
  await writeFile(join(cwd, 'p.yaml'), `${policies}  - { id: stop, deny: 'travel:*' }\n`)
  await until(code, (now) => now === 'matched')
})

it('counts its decisions among the metrics', async () => {
  const cwd = await folder({ 'p.yaml': policies })
  const { url } = await start(['p.yaml', '--metrics'], { cwd })
  await answerOf(createClient({ url }).POST('/v1/authorize', { body: ask }))
  const counted = 'sallyport_decisions_total{tenant="default",outcome="deny",code="no_match"} 1'
  await vi.waitFor(async () => expect(await (await fetch(`${url}/metrics`)).text()).toContain(counted))
})

it('signs proofs with the key that it is given, and with no other', async () => {
  const jwk = async (algorithm: string) => {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
    return JSON.stringify(await exportJWK(privateKey))
  }
  const files = { 'key.json': await jwk('EdDSA'), 'ec.json': await jwk('ES256'), 'null.json': 'null' }
  const cwd = await folder({ 'p.yaml': policies, ...files })
  const issuer = 'https://authz.example.com'
  const wrong = async (...argv: string[]) => (await cli(['serve', 'p.yaml', '--port', '0', ...argv], { cwd })).stderr
  expect(await wrong('--proof-key', 'key.json')).toContain('--proof-key needs --public-url')
  expect(await wrong('--proof-key', 'ec.json', '--public-url', issuer)).toContain('private key of Ed25519')
  expect(await wrong('--proof-key', 'null.json', '--public-url', issuer)).toContain('holds no JSON object  E_USAGE')
  const made = await cli(
    ['key', 'create', 'gateway', '--all-tenants', '--keys', 'k.json', '--role', 'enforcement-point'],
    { cwd },
  )
  const argv = ['p.yaml', '--keys', 'k.json', '--public-url', `${issuer}/`]
  const given = await start([...argv, '--proof-key', 'key.json'], { cwd })
  const client = createClient({ url: given.url, token: made.stdout.trim() })
  const { id } = await answerOf(client.POST('/v1/delegations', { body: terms }))
  const holder = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const
  const body = { by: planner, holder }
  const { proof } = await answerOf(client.POST('/v1/delegations/{id}/proof', { params: { path: { id } }, body }))
  const keys = createLocalJWKSet(await answerOf(createClient({ url: given.url }).GET('/v1/jwks')))
  // The service is told what time it is.
  const { payload } = await jwtVerify(proof, keys, { issuer, currentDate: new Date(Date.UTC(2026, 0, 1)) })
  expect(payload.jti).toBe(id)
  const without = await start(argv, { cwd })
  expect(await (await fetch(`${without.url}/v1/jwks`)).json()).toMatchObject({ status: 404, code: 'E_PROOF_KEY' })
})
