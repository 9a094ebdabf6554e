/** Delegations as proofs over HTTP: for whom, for how long, and good for those who verify them offline. */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { answerOf, type Client, type ServiceError } from '../../../src/client/index.ts'
import { createEngine } from '../../../src/engine/index.ts'
import {
  attenuateProof,
  decideByProof,
  type JWK,
  proveByNonce,
  readRevocationList,
  verifyProof,
} from '../../../src/identity/index.ts'
import { type ApiUnderTest, apiUnderTest, issuer, policies, start } from './support.ts'

const ann = { type: 'user', id: 'ann' }
const planner = { type: 'agent', id: 'planner' }
const scopes = [{ actions: 'travel:*', on: 'trip' }]
const audience = 'https://edge.example'
const keys = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
const { x = '' } = await crypto.subtle.exportKey('jwk', keys.publicKey)
const holder = { kty: 'OKP', crv: 'Ed25519', x } as const

let under: ApiUnderTest
let pep: Client
beforeEach(async () => {
  under = await apiUnderTest()
  pep = under.as('pep')
})

const lend = async (more: object = {}) =>
  (await answerOf(pep.POST('/v1/delegations', { body: { by: ann, grantor: ann, grantee: planner, scopes, ...more } })))
    .id

const at = (id: string) => ({ params: { path: { id } } })
const prove = (client: Client, id: string, more: object = {}) =>
  client.POST('/v1/delegations/{id}/proof', { ...at(id), body: { holder, ...more } })

async function codeOf(call: Promise<{ error?: unknown; response: Response }>): Promise<string> {
  return answerOf(call).then(
    () => 'answered',
    ({ status, problem }: ServiceError) => `${status} ${problem?.code}`,
  )
}

/** As somebody who has nothing but what anybody can fetch. */
async function verify(
  proof: string,
  { list, by = keys, within = 60_000 }: { list: string; by?: CryptoKeyPair; within?: number },
) {
  const published = (await (await under.app.request('/v1/jwks')).json()) as { readonly keys: readonly JWK[] }
  const key = published.keys.find(({ kid }) => kid === decodeProtectedHeader(proof.split('~')[0] ?? '').kid)
  if (key === undefined) throw new Error('the key is not published')
  const { now } = under
  const nonce = 'n-1'
  const signature = await proveByNonce({ holder: by, proof, nonce, audience, now })
  return verifyProof(proof, {
    issuer,
    key,
    tenant: 'default',
    audience,
    now,
    holder: { kind: 'nonce', signature, nonce, audience },
    revocations: { list: await readRevocationList(list, { issuer, key, now }), within },
  })
}

const listOf = async () => (await answerOf(pep.GET('/v1/revocation-list'))).list

describe('a proof', () => {
  it('is given to the grantee, and others verify and decide by it offline', async () => {
    const id = await lend({ redelegate: 1 })
    const given = await answerOf(prove(under.as('agent-planner'), id, { audience: [audience] }))
    expect(given).toMatchObject({ issuer, metered: false, expires_at: '2026-05-01T13:00:00.000Z' })
    const verified = await verify(given.proof, { list: await listOf() })
    const edge = await createEngine({ policies: policies('default') })
    const ask = (subject: object, name: string) => ({
      subject: subject as typeof planner,
      action: { name },
      resource: { type: 'trip', id: 't1' },
    })
    expect((await decideByProof(edge, ask(planner, 'travel:book'), verified, { now: under.now })).code).toBe(
      'delegated',
    )
    expect((await decideByProof(edge, ask(planner, 'edit'), verified, { now: under.now })).decision).toBe(false)
    // The key that it was bound to passes on a part of it.
    const booker = { type: 'agent', id: 'booker' }
    const others = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
    const part = await attenuateProof(given.proof, {
      holder: keys,
      grantee: booker,
      to: others.publicKey,
      scopes: [{ actions: 'travel:book', on: 'trip' }],
      now: under.now,
      id: 'part-1',
    })
    const narrower = await verify(part, { list: await listOf(), by: others })
    expect((await decideByProof(edge, ask(booker, 'travel:book'), narrower, { now: under.now })).code).toBe('delegated')
  })

  it('is for its holder, its audience and its time', async () => {
    const id = await lend()
    const { proof } = await answerOf(prove(pep, id, { by: planner, audience: [audience] }))
    const list = await listOf()
    const others = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
    await expect(verify(proof, { list, by: others })).rejects.toMatchObject({ code: 'E_PROOF_HOLDER' })
    const elsewhere = await answerOf(prove(pep, id, { by: planner, audience: ['https://other.example'] }))
    await expect(verify(elsewhere.proof, { list })).rejects.toMatchObject({ code: 'E_PROOF' })
    under.now = start + 3_600_000
    await expect(verify(proof, { list, within: 1e9 })).rejects.toMatchObject({ code: 'E_PROOF_EXPIRED' })
  })

  it('is refused by verifiers once the delegation is revoked, and no other is made', async () => {
    const id = await lend()
    const { proof } = await answerOf(prove(pep, id, { by: planner, audience: [audience] }))
    await verify(proof, { list: await listOf() })
    await answerOf(pep.POST('/v1/delegations/{id}/revoke', { ...at(id), body: { by: ann } }))
    await expect(verify(proof, { list: await listOf() })).rejects.toMatchObject({ code: 'E_PROOF_REVOKED' })
    expect(await codeOf(prove(pep, id, { by: planner }))).toBe('409 E_DELEGATION_STATE')
  })

  it('ends within an hour, and with the delegation', async () => {
    const soon = await lend({ expires_at: '2026-05-01T12:10:00.500Z' })
    const first = await answerOf(prove(pep, soon, { by: planner }))
    expect(first.expires_at).toBe('2026-05-01T12:10:00.000Z')
    expect(decodeJwt(first.proof).exp).toBe(Date.parse(first.expires_at) / 1000)
    const id = await lend({ scopes: [{ actions: 'travel:book', on: 'trip' }] })
    const until = (expires_at: string) => prove(pep, id, { by: planner, expires_at })
    expect((await answerOf(until('2026-05-01T12:01:00Z'))).expires_at).toBe('2026-05-01T12:01:00.000Z')
    expect(await codeOf(until('2026-05-01T13:00:01Z'))).toBe('400 E_USAGE')
    expect(await codeOf(until('2026-05-01T12:00:00Z'))).toBe('400 E_USAGE')
  })

  it('says that uses are counted', async () => {
    const id = await lend({ max_uses: 3 })
    expect((await answerOf(prove(pep, id, { by: planner }))).metered).toBe(true)
  })
})

describe('a proof is not given', () => {
  it('to others: not to the grantor, who would name a key of its own', async () => {
    const id = await lend()
    expect(await codeOf(prove(under.as('user-ann'), id))).toBe('403 E_DELEGATION_FORBIDDEN')
    expect(await codeOf(prove(pep, id, { by: ann }))).toBe('403 E_DELEGATION_FORBIDDEN')
    expect(await codeOf(prove(under.as('user-ann'), id, { by: planner }))).toBe('403 E_FORBIDDEN')
    expect(await codeOf(prove(under.as('agent-booker'), id))).toBe('404 E_DELEGATION')
    expect(await codeOf(prove(under.as('nobody'), id, { by: planner }))).toBe('403 E_FORBIDDEN')
    expect(await codeOf(prove(under.as('agent-planner', 'acme'), id))).toBe('404 E_DELEGATION')
  })

  it('for what is suspended or proposed', async () => {
    const id = await lend()
    await answerOf(pep.POST('/v1/delegations/{id}/suspend', { ...at(id), body: { by: ann } }))
    expect(await codeOf(prove(pep, id, { by: planner }))).toBe('409 E_DELEGATION_STATE')
    const body = { by: planner, grantor: ann, grantee: planner, scopes: [{ actions: 'travel:x', on: 'trip' }] }
    const proposed = await answerOf(pep.POST('/v1/delegation-proposals', { body }))
    expect(await codeOf(prove(pep, proposed.id, { by: planner }))).toBe('409 E_DELEGATION_STATE')
  })

  it.each([
    ['of another kind', { kty: 'EC', crv: 'P-256', x, y: x }],
    ['with its private part', { ...holder, d: x }],
    ['that is cut short', { ...holder, x: x.slice(1) }],
    ['that names another', { ...holder, kid: 'k', jku: 'https://evil.example/jwks' }],
  ])('for a key %s', async (_, other) => {
    const id = await lend()
    expect(await codeOf(prove(pep, id, { by: planner, holder: other }))).toBe('400 E_REQUEST')
  })
})

describe('the list of revocations', () => {
  it('is for those who act for the tenant', async () => {
    expect(await codeOf(under.as('user-ann').GET('/v1/revocation-list'))).toBe('403 E_FORBIDDEN')
    const id = await lend()
    await answerOf(pep.POST('/v1/delegations/{id}/revoke', { ...at(id), body: { by: ann } }))
    expect(decodeJwt(await listOf()).ids).toEqual([id])
    expect(decodeJwt((await answerOf(under.as('pep', 'acme').GET('/v1/revocation-list'))).list).ids).toEqual([])
  })
})

describe('the keys', () => {
  it('are there for everybody, at each tenant and without their private part', async () => {
    const answers = await Promise.all(
      ['/v1/jwks', '/tenants/acme/v1/jwks', '/tenants/nobody/v1/jwks'].map((path) => under.app.request(path)),
    )
    const bodies = await Promise.all(answers.map((answer) => answer.json()))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers[0]?.headers.get('cache-control')).toBe('max-age=300')
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[2]).toEqual(bodies[0])
    expect(bodies[0].keys.map((key: object) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
    ])
  })
})

it('without a key to sign with there are no proofs, and no keys', async () => {
  under = await apiUnderTest({ proving: false })
  pep = under.as('pep')
  const id = await lend()
  expect(await codeOf(prove(pep, id, { by: planner }))).toBe('404 E_PROOF_KEY')
  expect(await codeOf(pep.GET('/v1/revocation-list'))).toBe('404 E_PROOF_KEY')
  expect(await codeOf(pep.GET('/v1/jwks'))).toBe('404 E_PROOF_KEY')
  const { paths } = await (await under.app.request('/openapi.json')).json()
  const described = Object.keys(paths)
  expect(described).toContain('/v1/delegations/{id}')
  expect(described.filter((path) => /proof|jwks|revocation/.test(path))).toEqual([])
  // Who may not ask at all is not told.
  expect(await codeOf(prove(under.as('nobody'), id, { by: planner }))).toBe('403 E_FORBIDDEN')
})
