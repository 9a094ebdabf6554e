import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, jwtVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSigner } from '../../src/authzen/signer.ts'
import { readAnswer, recordsApp } from './support.ts'

const publicUrl = 'https://pdp.example.com/authz'
const wellKnown = '/.well-known/authzen-configuration'

describe('discovery', () => {
  it('describes itself under its public URL', async () => {
    const app = await recordsApp({ publicUrl: `${publicUrl}/` })
    const { body } = await readAnswer(await app.request(wellKnown))
    expect(body).toMatchObject({
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: `${publicUrl}/access/v1/evaluation`,
    })
    for (const wrong of [
      'pdp.example.com',
      'ftp://pdp.example.com',
      'https://pdp.example.com/?a',
      'https://a/#b',
      'https://u:p@a',
      'https://a/b c',
      ' https://a',
      'https://a/%',
      'https://a/%C3',
    ]) {
      await expect(recordsApp({ publicUrl: wrong }), wrong).rejects.toMatchObject({ code: 'E_USAGE' })
    }
  })

  it('is found where its public URL leads: the well-known path before the path', async () => {
    const app = await recordsApp({ publicUrl })
    for (const [path, base] of [
      [`${wellKnown}/authz`, publicUrl],
      [`${wellKnown}/authz/tenants/default`, `${publicUrl}/tenants/default`],
      [wellKnown, publicUrl],
    ] as const) {
      const { status, body } = await readAnswer(await app.request(path))
      expect([status, body.policy_decision_point], path).toEqual([200, base])
    }
    expect((await app.request(`${wellKnown}/other`)).status).toBe(404)
  })

  it.each(['/a%20b', '/\u00e9', '/%C3%A9'])('is found under the path %s', async (path) => {
    const app = await recordsApp({ publicUrl: `https://pdp.example.com${path}` })
    const { pathname } = new URL(`https://pdp.example.com${path}`)
    const { status, body } = await readAnswer(await app.request(wellKnown + pathname))
    expect([status, body.policy_decision_point]).toEqual([200, `https://pdp.example.com${path}`])
  })

  it('leaves out what has no value, and declares capabilities once', async () => {
    const plain = await readAnswer(await (await recordsApp()).request(wellKnown))
    expect(Object.keys(plain.body)).not.toContain('capabilities')
    for (const value of Object.values(plain.body)) expect(value).toBeTypeOf('string')
    const urn = 'urn:ietf:params:authzen:capability:example'
    const app = await recordsApp({ capabilities: [urn, urn] })
    expect((await readAnswer(await app.request(wellKnown))).body.capabilities).toEqual([urn])
  })

  it('answers GET alone, with status 200 and JSON', async () => {
    const app = await recordsApp()
    const found = await app.request(wellKnown)
    expect(found.status).toBe(200)
    expect(found.headers.get('content-type')).toBe('application/json')
    expect((await app.request(wellKnown, { method: 'POST' })).status).toBe(405)
  })
})

describe.each(['ES256', 'EdDSA', 'RS256'])('signed metadata with %s', (alg) => {
  let jwk: JWK
  beforeAll(async () => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true })
    jwk = { ...(await exportJWK(privateKey)), alg }
  })

  it('asserts the same values, is verified with the published keys, and names its issuer', async () => {
    const app = await recordsApp({
      publicUrl,
      signer: createSigner({ issuer: publicUrl, jwk }),
      now: () => Date.parse('2026-05-01T12:00:00Z'),
    })
    const { body } = await readAnswer(await app.request(wellKnown))
    const { signed_metadata, ...plain } = body
    expect(body.jwks_uri).toBe(`${publicUrl}/access/v1/jwks`)
    const keys = await readAnswer(await app.request('/access/v1/jwks'))
    const keySet = createLocalJWKSet(keys.body as unknown as { keys: JWK[] })
    const { payload, protectedHeader } = await jwtVerify(String(signed_metadata), keySet, { issuer: publicUrl })
    expect(payload).toEqual({ ...plain, iss: publicUrl, iat: Date.parse('2026-05-01T12:00:00Z') / 1000 })
    expect(payload).not.toHaveProperty('signed_metadata')
    expect(protectedHeader).toMatchObject({ alg, typ: 'JWT' })
  })

  it('publishes no private part of the key', async () => {
    const app = await recordsApp({ publicUrl, signer: createSigner({ issuer: publicUrl, jwk }) })
    const { body } = await readAnswer(await app.request('/access/v1/jwks'))
    const [key = {}] = body.keys as JWK[]
    expect(key).toMatchObject({ use: 'sig', alg, kid: expect.stringMatching(/./) })
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret)
  })

  it('may have another issuer', async () => {
    const signer = createSigner({ jwk, issuer: 'https://trust.example.org' })
    const app = await recordsApp({ publicUrl, signer })
    const { body } = await readAnswer(await app.request(wellKnown))
    const [, payload = ''] = String(body.signed_metadata).split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss: 'https://trust.example.org' })
  })
})

it('signs nothing that a client could choose, and only with a private key', async () => {
  const sign = (jwk: JWK) => createSigner({ issuer: publicUrl, jwk })
  const signer = sign({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', x: 'AA', d: 'AA' })
  await expect(recordsApp({ signer })).rejects.toThrow('signer needs publicUrl')
  expect(() => sign({ kty: 'oct', k: 'AA', alg: 'HS256' })).toThrow('the signing key needs "alg"')
  expect(() => sign({ kty: 'OKP', crv: 'Ed25519', alg: 'none', x: 'AA', d: 'AA' })).toThrow(
    'the signing key needs "alg"',
  )
  expect(() => sign({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', x: 'AA' })).toThrow('"d" is missing')
})
