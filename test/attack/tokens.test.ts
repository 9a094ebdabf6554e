/** Tokens that hostile callers make: each is answered with 401 by a real app, and nothing is fetched because of one. */
import { createServer } from 'node:http'
import { exportJWK, exportSPKI, generateKeyPair, importJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jwtCallers, remoteKeys } from '../../src/service/auth/index.ts'
import { appFor, audience, bearer, issuer, now, publicJwk, tokenOf, who } from '../service/auth/support.ts'
import { post, request } from '../service/support.ts'

const asked: string[] = []
let redirect: string | undefined
let broken: string | undefined
const server = createServer((incoming, response) => {
  asked.push(incoming.url ?? '')
  if (redirect !== undefined) response.writeHead(302, { Location: redirect }).end()
  else
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(broken ?? JSON.stringify({ keys: [publicJwk] }))
})
let url: string
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(() => void server.close())

const callersOf = (keysUrl = `${url}/jwks`) =>
  jwtCallers({
    issuer,
    audience,
    keys: remoteKeys({ url: keysUrl, cooldown: 60_000 }),
    type: 'at+jwt',
    tenants: { claim: 'tenants' },
    now: () => now,
  })
const seconds = now / 1000
const encode = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

describe('a forged token is 401', () => {
  it('whatever its claims are', async () => {
    const app = appFor(callersOf())
    const path = '/tenants/acme/access/v1/evaluation'
    expect(await post(app, path, request, bearer(await tokenOf()))).toMatchObject({ status: 200 })
    for (const claims of [
      { exp: seconds },
      { exp: undefined },
      { exp: 'tomorrow' },
      { nbf: seconds + 1 },
      { aud: 'https://other.example.com' },
      { aud: [] },
      { aud: undefined },
      { iss: `${issuer}/` },
      { iss: issuer.toUpperCase() },
      { iss: undefined },
      { iss: [issuer] },
      { sub: undefined },
      { sub: '' },
      { sub: 7 },
    ]) {
      const answer = await post(app, path, request, bearer(await tokenOf(claims)))
      expect(answer, JSON.stringify(claims)).toMatchObject({ status: 401, body: { code: 'E_UNAUTHENTICATED' } })
    }
  })

  it('whatever it says of its algorithm, type and key', async () => {
    const app = appFor(callersOf())
    const [header = '', payload = '', signature = ''] = (await tokenOf()).split('.')
    const other = await generateKeyPair('RS256', { extractable: true })
    const otherJwk = await exportJWK(other.publicKey)
    // The issuer's public key as the secret of an HMAC, in each form in which libraries were fooled by it.
    const pem = await exportSPKI((await importJWK(publicJwk, 'RS256')) as CryptoKey)
    const secrets = [pem, pem.trim(), JSON.stringify(publicJwk), publicJwk.n ?? ''].map((text) =>
      new TextEncoder().encode(text),
    )
    const confused = await Promise.all(secrets.map((secret) => tokenOf({}, { alg: 'HS256' }, secret)))
    const forged = [
      ...confused,
      await tokenOf({}, { typ: 'JWT' }),
      await tokenOf({}, { kid: '../../etc/passwd' }),
      await tokenOf({}, {}, other.privateKey),
      await tokenOf({}, { jwk: otherJwk }, other.privateKey),
      await tokenOf({}, { jku: `${url}/evil` }, other.privateKey),
      await tokenOf({}, { x5u: `${url}/evil` }, other.privateKey),
      await tokenOf({ iss: url }, {}, other.privateKey),
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${encode({ alg: 'NONE', typ: 'at+jwt' })}.${payload}.${signature}`,
      `${encode({ alg: 'none', typ: 'at+jwt', kid: 'k1' })}.${payload}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })}.${payload}.${signature}`,
      `${encode({ alg: 'RS256', typ: 'at+jwt', kid: 'k1', crit: ['b64'], b64: false })}.${payload}.${signature}`,
      `${header}.${encode({ iss: issuer, aud: audience, sub: 'root', exp: seconds + 60, tenants: ['acme'] })}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      `${header}.${payload}`,
      `${encode('{')}.${payload}.${signature}`,
    ]
    for (const token of forged) {
      const answer = await post(app, '/tenants/acme/access/v1/evaluation', request, bearer(token))
      expect(answer, token).toMatchObject({ status: 401, body: { code: 'E_UNAUTHENTICATED' } })
    }
    expect([...new Set(asked)]).toEqual(['/jwks'])
  })
})

describe('the address of keys', () => {
  it('is one that is safe, or refused when the service starts', () => {
    for (const wrong of [
      'http://as.example.com/jwks',
      'http://169.254.169.254/latest/meta-data',
      'http://127.0.0.1.evil.example/jwks',
      'http://2130706433/jwks',
      'https://user:secret@as.example.com/jwks',
      'file:///etc/passwd',
      'data:application/json,{"keys":[]}',
      'jwks.json',
    ]) {
      expect(() => remoteKeys({ url: wrong }), wrong).toThrow(expect.objectContaining({ code: 'E_ADDRESS' }))
    }
  })

  it('is not left by redirects', async () => {
    asked.length = 0
    redirect = '/elsewhere'
    await expect(who(callersOf(), bearer(await tokenOf()))).rejects.toThrow()
    redirect = undefined
    expect(asked).toEqual(['/jwks'])
  })

  it('may answer with too much, or nonsense: nobody gets in, and it is not the token that is blamed', async () => {
    for (const text of ['x'.repeat(300_000), '{"keys":1}', '[]', '<html>']) {
      broken = text
      await expect(who(callersOf(), bearer(await tokenOf())), text.slice(0, 9)).rejects.toThrow()
    }
    broken = undefined
  })

  it('is not asked again for every token with an unknown key', async () => {
    asked.length = 0
    const identify = callersOf()
    for (let i = 0; i < 20; i++)
      expect(await who(identify, bearer(await tokenOf({}, { kid: `k${i + 2}` })))).toBe('invalid')
    expect(asked).toEqual(['/jwks'])
  })
})
