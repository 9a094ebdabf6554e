import { generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { anyOf, jwtCallers, proxyCallers } from '../../../src/service/auth/index.ts'
import { post, request } from '../support.ts'
import { appFor, audience, bearer, byToken, issuer, jwks, keysOf, now, tokenOf, who } from './support.ts'

describe('an access token', () => {
  it('says who calls, for which tenants, with scopes and chosen claims', async () => {
    const token = await tokenOf({ scope: 'evaluate search', roles: ['viewer'], secret: 'x' })
    expect(await who(byToken, bearer(token))).toEqual({
      id: 'pep-jwt',
      tenants: ['acme'],
      attributes: { scopes: ['evaluate', 'search'], roles: ['viewer'] },
      proof: 'jwt',
    })
  })

  it.each([
    ['none', undefined, []],
    ['one', 'acme', ['acme']],
    ['one called all', 'all', ['all']],
    ['several', ['acme', 'bolt'], ['acme', 'bolt']],
    ['what are no names', [1, null, '', { a: 1 }], []],
    ['an object', { acme: true }, []],
  ])('that names %s grants what it names', async (_name, tenants, granted) => {
    expect(await who(byToken, bearer(await tokenOf({ tenants })))).toMatchObject({ tenants: granted })
  })

  it('may be good for tenants that the host names, and be named by another claim', async () => {
    const identify = jwtCallers({
      issuer,
      audience,
      keys: jwks,
      tenants: 'all',
      id: 'client_id',
      callerType: 'client',
      now: () => now,
    })
    expect(await who(identify, bearer(await tokenOf({ client_id: 'app' })))).toMatchObject({
      id: 'app',
      type: 'client',
      tenants: 'all',
    })
    expect(await who(identify, bearer(await tokenOf({})))).toBe('invalid')
  })

  it('is never verified without issuer and audience', () => {
    for (const wrong of [{ issuer: [] }, { audience: [] }, { audience: '' }, { algorithms: ['HS256'] }]) {
      const options = { issuer, audience, keys: jwks, tenants: 'all' as const, now: () => now, ...wrong }
      expect(() => jwtCallers(options)).toThrow()
    }
  })
})

describe('several ways', async () => {
  const { made, identify: byKey } = await keysOf([{}])
  const key = made[0]?.key ?? ''
  const byProxy = proxyCallers({
    trust: { peers: ['10.0.0.1'] },
    read: { header: 'x-subject' },
    callers: new Map([['CN=pep', { id: 'pep-mtls', tenants: 'all' }]]),
  })
  const identify = anyOf(byProxy, byKey, byToken)
  const certificate = { 'X-Subject': 'CN=pep' }

  it('are each enough; the first that knows the caller says who it is', async () => {
    expect(await who(identify, bearer(key))).toMatchObject({ proof: 'api-key' })
    expect(await who(identify, bearer(await tokenOf()))).toMatchObject({ proof: 'jwt' })
    expect(await who(identify, certificate, '10.0.0.1')).toMatchObject({ proof: 'mtls' })
    expect(await who(identify, { ...certificate, ...bearer(key) }, '10.0.0.1')).toMatchObject({ id: 'pep-mtls' })
    expect(await who(identify, {})).toBeUndefined()
  })

  it('do not make up for credentials that are wrong', async () => {
    const stale = await tokenOf({ exp: now / 1000 - 1 })
    for (const headers of [
      { ...certificate, ...bearer(`${key.slice(0, -1)}!`) },
      { ...certificate, ...bearer(stale) },
      { ...certificate, ...bearer('opaque') },
      { ...certificate, Authorization: 'Basic dXNlcjpwYXNz' },
      { ...certificate, Authorization: '' },
    ]) {
      expect(await who(identify, headers, '10.0.0.1'), JSON.stringify(headers)).toBe('invalid')
    }
    expect(await who(identify, { ...certificate, ...bearer(key) }, '10.0.0.2')).toBe('invalid')
  })
})

describe('several authorization servers', async () => {
  const { made, identify: byKey } = await keysOf([{}])
  const own = await generateKeyPair('RS256')
  const others = 'https://other.example.com'
  let asked = 0
  const byOther = jwtCallers({
    issuer: [others, 'https://old.example.com'],
    audience,
    keys: async () => {
      asked++
      return own.publicKey
    },
    tenants: ['bolt'],
    now: () => now,
  })
  const theirs = (claims: object = {}) => tokenOf({ iss: others, sub: 'pep-other', ...claims }, {}, own.privateKey)
  const byProxy = proxyCallers({
    trust: { peers: ['10.0.0.1'] },
    read: { header: 'x-subject' },
    callers: new Map([['CN=pep', { id: 'pep-mtls', tenants: 'all' }]]),
  })

  it.each([
    ['as written', anyOf(byProxy, byToken, byOther, byKey)],
    ['the other way round', anyOf(byKey, byOther, byToken, byProxy)],
    ['with one inside another', anyOf(anyOf(byToken, byProxy), anyOf(byOther, byKey))],
  ])('are each asked for their own tokens, %s', async (_order, identify) => {
    asked = 0
    expect(await who(identify, bearer(await tokenOf()))).toMatchObject({ id: 'pep-jwt', tenants: ['acme'] })
    expect(asked).toBe(0)
    expect(await who(identify, bearer(await theirs()))).toMatchObject({ id: 'pep-other', tenants: ['bolt'] })
    expect(await who(identify, bearer(made[0]?.key ?? ''))).toMatchObject({ proof: 'api-key' })
    const certificate = { 'X-Subject': 'CN=pep' }
    expect(await who(identify, certificate, '10.0.0.1')).toMatchObject({ id: 'pep-mtls' })
    for (const wrong of [
      await theirs({ iss: 'https://nobody.example.com' }),
      await theirs({ iss: undefined }),
      await theirs({ iss: [others] }),
      await theirs({ exp: now / 1000 - 1 }),
      await theirs({ aud: 'another' }),
      // Signed by the one, and said to be of the other.
      await theirs({ iss: issuer }),
      await tokenOf({ iss: others }),
      'a.b.c',
    ]) {
      expect(await who(identify, bearer(wrong)), wrong).toBe('invalid')
      expect(await who(identify, { ...certificate, ...bearer(wrong) }, '10.0.0.1'), wrong).toBe('invalid')
    }
  })

  it('do not make a token of none of them count as no token', async () => {
    expect(await who(byOther, bearer(await tokenOf()))).toBe('invalid')
    const app = appFor(anyOf(byToken, byOther))
    const wrong = await theirs({ iss: 'https://nobody.example.com' })
    const { status, headers } = await post(app, '/access/v1/evaluation', request, bearer(wrong))
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"'])
  })
})

describe('a caller over HTTP', () => {
  const app = appFor(byToken)
  const ask = async (path: string, claims: object, body: object = request) =>
    post(app, `${path}/access/v1/evaluation`, body, bearer(await tokenOf({ ...claims })))

  it('is answered for its own tenants; others are as if they were not there', async () => {
    expect(await ask('/tenants/acme', {})).toMatchObject({ status: 200, body: { decision: true } })
    const [other, none] = [await ask('/tenants/bolt', {}), await ask('/tenants/nobody', {})]
    expect(other).toMatchObject({ status: 404, body: { code: 'E_TENANT' } })
    expect(other.body).toEqual(none.body)
    expect(await ask('/tenants/acme', { tenants: [] })).toMatchObject({ status: 404 })
  })

  it('gets its only tenant at the root, and the one at the root if it may', async () => {
    const named = { ...request, tenant: 'acme' }
    expect(await ask('', {}, named)).toMatchObject({ status: 200, body: { decision: true } })
    expect(await ask('', { tenants: ['acme', 'bolt'] })).toMatchObject({ status: 404, body: { code: 'E_TENANT' } })
    const atRoot = await ask('', { tenants: ['acme', 'default'] }, { ...request, tenant: 'default' })
    expect(atRoot).toMatchObject({ status: 200, body: { decision: true } })
  })

  it('does not get another tenant by naming it in the body', async () => {
    const answer = await ask('', {}, { ...request, tenant: 'bolt' })
    expect(answer).toMatchObject({ status: 200, body: { decision: false, context: { code: 'unknown_tenant' } } })
  })

  it('learns from 401 whether it was the token, and nothing else', async () => {
    const [none, wrong] = [
      await post(app, '/access/v1/evaluation', request),
      await post(app, '/access/v1/evaluation', request, bearer(await tokenOf({ aud: 'other' }))),
    ]
    expect([none.headers.get('www-authenticate'), wrong.headers.get('www-authenticate')]).toEqual([
      'Bearer',
      'Bearer error="invalid_token"',
    ])
    expect(none.body).toEqual(wrong.body)
  })

  it('whose tenants the host does not say is a mistake of the host', async () => {
    const careless = appFor((() => ({ id: 'x' })) as unknown as typeof byToken)
    await expect(async () => careless.request('/access/v1/evaluation', { method: 'POST' })).rejects.toThrow(
      'without tenants',
    )
  })
})
