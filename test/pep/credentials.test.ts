import { describe, expect, test } from 'vitest'
import {
  type AgentPepOptions,
  apiKey,
  bearer,
  clientCredentials,
  createAgentPep,
  createPdpClient,
} from '../../src/pep/index.ts'
import { at, failureOf, json, request, startPdp } from './support.ts'

const secret = { clientId: 'pep', clientSecret: 's3cr&t' }

describe('client credentials', () => {
  test('one token for all who wait, and a new one before it expires', async () => {
    let time = 0
    const { url, came } = await startPdp((response, { path }, n) =>
      path === '/token'
        ? json(response, 200, { access_token: `t${n}`, token_type: 'Bearer', expires_in: 100 })
        : json(response, 200, { decision: true }),
    )
    const credentials = clientCredentials({ tokenEndpoint: `${url}/token`, ...secret, now: () => time })
    const pdp = createPdpClient({ ...at(url), credentials })
    expect(await Promise.all([pdp.isAllowed(request), pdp.isAllowed(request)])).toEqual([true, true])
    time = 69_000
    expect(await pdp.isAllowed(request)).toBe(true)
    expect(tokens(came)).toHaveLength(1)
    time = 70_000
    expect(await pdp.isAllowed(request)).toBe(true)
    expect(tokens(came)).toHaveLength(2)
    expect(came.at(-1)?.headers.authorization).toBe('Bearer t4')
    expect(Object.fromEntries(new URLSearchParams(tokens(came)[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'pep',
      client_secret: 's3cr&t',
    })
  })

  test('a token that the PDP refuses is replaced once', async () => {
    const { url, came } = await startPdp((response, { path, headers }, n) => {
      if (path === '/token')
        return json(response, 200, { access_token: `t${n}`, token_type: 'bearer', expires_in: 3600 })
      return json(response, headers.authorization === 'Bearer t0' ? 401 : 200, { decision: true })
    })
    const pdp = createPdpClient({
      ...at(url),
      credentials: clientCredentials({ tokenEndpoint: `${url}/token`, ...secret }),
    })
    expect(await pdp.isAllowed(request)).toBe(true)
    expect(tokens(came)).toHaveLength(2)
  })

  test.each([
    [500, { error: 'server_error' }],
    [200, {}],
    [200, { access_token: 'a\nb', token_type: 'Bearer' }],
    [200, { access_token: 't', token_type: 'DPoP' }],
    [200, { access_token: 't', token_type: 'Bearer', more: 'x'.repeat(70_000) }],
    [400, { error: 'invalid_client', error_description: 's3cr&t' }],
  ])('no token (%i) is no decision', async (status, body) => {
    const { url, came } = await startPdp((response) => json(response, status, body))
    const pdp = createPdpClient({
      ...at(url),
      credentials: clientCredentials({ tokenEndpoint: `${url}/token`, ...secret }),
    })
    const error = await failureOf(pdp.evaluate(request))
    expect(error).toMatchObject({ code: 'E_PDP_TOKEN' })
    expect(String(error.message) + JSON.stringify(error)).not.toMatch(/s3cr|127\.0/)
    expect(came).toHaveLength(1)
  })

  test('a server that does not answer is given up', async () => {
    const { url } = await startPdp(() => {})
    const credentials = clientCredentials({ tokenEndpoint: `${url}/token`, ...secret, timeout: 50 })
    const start = performance.now()
    expect(await failureOf(createPdpClient({ ...at(url), credentials, retries: 0 }).evaluate(request))).toMatchObject({
      code: 'E_PDP_TOKEN',
    })
    expect(performance.now() - start).toBeLessThan(5000)
  })

  test('the token endpoint is asked as it is written (RFC 6749, section 3.2)', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      json(response, 200, path.startsWith('/token') ? { access_token: 't', token_type: 'Bearer' } : { decision: true }),
    )
    const credentials = clientCredentials({ tokenEndpoint: `${url}/token/?tenant=acme`, ...secret })
    expect(await createPdpClient({ ...at(url), credentials }).isAllowed(request)).toBe(true)
    expect(came[0]?.path).toBe('/token/?tenant=acme')
  })

  test('refuses what would replace the client, and addresses without TLS', () => {
    const refused = (more: object) => () =>
      clientCredentials({ tokenEndpoint: 'https://idp.example/token', ...secret, ...more })
    expect(refused({ parameters: { client_secret: 'x' } })).toThrow(/client_secret/)
    expect(refused({ tokenEndpoint: 'http://idp.example/token' })).toThrow(/token endpoint must begin with https/)
  })
})

test('a bearer token and an API key', async () => {
  const { url, came } = await startPdp((response) => json(response, 401, {}))
  for (const credentials of [bearer('abc'), apiKey('k1'), apiKey('k2', 'Api-Key')]) {
    expect((await failureOf(createPdpClient({ ...at(url), credentials }).evaluate(request))).status).toBe(401)
  }
  expect(came.map(({ headers }) => headers.authorization ?? headers['x-api-key'] ?? headers['api-key'])).toEqual([
    'Bearer abc',
    'k1',
    'k2',
  ])
  expect(() => bearer('a\r\nX: y')).toThrow(/line breaks/)
})

test('an agent is denied when the PDP fails, and told of it only when failures are open', async () => {
  const { url } = await startPdp((response) => json(response, 500, { secret: 'x' }))
  const client = createPdpClient({ ...at(url), retries: 0, breaker: false })
  const context = { agent_id: 'a1', tool_name: 'file_read' }
  const closed = await createAgentPep({ client, application: 'desk' }).decide(context)
  expect(closed).toMatchObject({
    allowed: false,
    action: 'deny',
    error: undefined,
    reason: 'AuthZEN PDP error: HTTP 500',
  })
  const open = await createAgentPep({ client, application: 'desk', onFailure: 'open' }).decide(context)
  expect(open).toMatchObject({ allowed: false, error: 'HTTP 500' })
})

describe('an allow with obligations', () => {
  const obligations = [{ id: 'o1', type: 'mask', attributes: { field: 'iban' } }]
  const asked = { agent_id: 'a1', tool_name: 'file_read' }
  async function decide(said: unknown, fulfil?: AgentPepOptions['fulfil']) {
    const context = { obligations: said, reason_admin: 'rule 7' }
    const { url } = await startPdp((response) => json(response, 200, { decision: true, context }))
    return createAgentPep({ client: createPdpClient(at(url)), application: 'desk', ...(fulfil && { fulfil }) }).decide(
      asked,
    )
  }

  test.each<[string, AgentPepOptions['fulfil']]>([
    ['nobody', undefined],
    ['somebody who cannot', () => false],
    ['somebody who fails', () => Promise.reject(new Error('secret'))],
    ['somebody who says something else', () => 'no' as never],
  ])('is a denial with %s to meet them', async (_, fulfil) => {
    expect(await decide(obligations, fulfil)).toMatchObject({
      allowed: false,
      action: 'deny',
      reason: 'AuthZEN PDP: access permitted, with obligations that are not met here',
      error: undefined,
      aria: { obligations },
    })
  })

  test('is an allow when they are met, or when there are none', async () => {
    const seen: unknown[] = []
    const fulfil: AgentPepOptions['fulfil'] = async (aria, context) => seen.push(aria.obligations, context) === 2
    expect(await decide(obligations, fulfil)).toMatchObject({ allowed: true, action: 'allow', reason: 'rule 7' })
    expect(seen).toEqual([obligations, asked])
    expect((await decide([])).allowed).toBe(true)
    expect((await decide({ mask: 'iban' })).allowed).toBe(false)
  })
})

test.each([undefined, { application: 'app' }, { toolName: 'pdp_application' }])(
  'an agent does not choose the application, with the mapping %o',
  async (mapping) => {
    const { url, came } = await startPdp((response) => json(response, 200, { decision: true }))
    const pep = createAgentPep({ client: createPdpClient(at(url)), application: 'desk', ...(mapping && { mapping }) })
    await pep.decide({ agent_id: 'a1', pdp_application: 'admin', app: 'admin' })
    const { context } = JSON.parse(came[0]?.body ?? '') as { context: object }
    expect(context).toMatchObject({ pdp_application: 'desk' })
  },
)

function tokens(came: readonly { readonly path: string; readonly body: string }[]) {
  return came.filter(({ path }) => path === '/token')
}
