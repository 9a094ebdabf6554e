/** The client against our own service, and against PDPs that misbehave, all over HTTP. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { allPages, createPdpClient, type EvaluationsRequest, type PdpClient, PdpError } from '../../src/pep/index.ts'
import { type RunningService, serve } from '../../src/service/node.ts'
import { recordsApp } from '../service/support.ts'
import { at, failureOf, json, request, startPdp } from './support.ts'

describe('against sallyport', () => {
  let service: RunningService
  let pdp: PdpClient
  beforeAll(async () => {
    service = await serve({ app: await recordsApp(), port: 0 })
    pdp = createPdpClient({ pdp: service.url })
  })
  afterAll(() => service.close())

  test('finds the endpoints and evaluates', async () => {
    expect((await pdp.endpoints()).search_action_endpoint).toBe(`${service.url}/access/v1/search/action`)
    expect(await pdp.evaluate(request)).toEqual({ decision: true })
    expect(await pdp.isAllowed({ ...request, subject: { type: 'user', id: 'nobody' } })).toBe(false)
  })

  test('evaluates many, with defaults, and stops where it may', async () => {
    const evaluations = [{}, { action: { name: 'purge' } }, {}]
    expect((await pdp.evaluateMany({ ...request, evaluations })).map(({ decision }) => decision)).toEqual([
      true,
      false,
      true,
    ])
    const options = { evaluations_semantic: 'deny_on_first_deny' } as const
    expect(await pdp.evaluateMany({ ...request, evaluations, options })).toHaveLength(2)
  })

  test('searches page by page', async () => {
    const { resource, ...others } = request
    const found: string[] = []
    const search = (page: object | undefined) =>
      pdp.searchResources({ ...others, resource: { type: resource.type }, page: { limit: 1, ...page } })
    for await (const { id } of allPages(search)) found.push(id)
    const whole = await pdp.searchResources({ ...others, resource: { type: resource.type } })
    expect(found.length).toBeGreaterThan(1)
    expect(found).toEqual(whole.results.map(({ id }) => id))
    expect((await pdp.searchActions({ subject: request.subject, resource })).results).toContainEqual({ name: 'read' })
    expect((await pdp.searchSubjects({ ...request, subject: { type: 'user' } })).results.length).toBeGreaterThan(0)
  })

  test('a bad request is an error with its status, and is sent once', async () => {
    const failure = await failureOf(pdp.evaluate({ ...request, subject: { type: 'user' } } as never))
    expect(failure).toMatchObject({ code: 'E_PDP_STATUS', status: 400, message: 'the PDP answered with HTTP 400' })
  })
})

describe('discovery', () => {
  test('takes the default paths where there is no metadata', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      path.startsWith('/.well-known') ? json(response, 404, {}) : json(response, 200, { decision: true }),
    )
    expect(await createPdpClient({ pdp: `${url}/tenants/acme/` }).isAllowed(request)).toBe(true)
    expect(came.map(({ path }) => path)).toEqual([
      '/.well-known/authzen-configuration/tenants/acme',
      '/tenants/acme/access/v1/evaluation',
    ])
  })

  test.each([
    ['another PDP', { policy_decision_point: 'https://evil.example' }, 'E_PDP_ANSWER'],
    ['no endpoint', {}, 'E_PDP_ANSWER'],
    ['an endpoint without TLS', { access_evaluation_endpoint: 'http://pdp.example/x' }, 'E_ADDRESS'],
  ])('refuses metadata with %s, and asks again next time', async (_, metadata, code) => {
    const { url, came } = await startPdp((response) => json(response, 200, { policy_decision_point: url, ...metadata }))
    const pdp = createPdpClient({ pdp: url })
    expect((await failureOf(pdp.evaluate(request))).code).toBe(code)
    expect((await failureOf(pdp.evaluate(request))).code).toBe(code)
    expect(came).toHaveLength(2)
  })

  test('sends to the endpoints as they are named, with their slashes and queries', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      json(response, 200, path.startsWith('/.well') ? { ...metadataOf(url), ...endpoints } : { decision: true }),
    )
    const endpoints = { access_evaluation_endpoint: `${url}/e/?v=1&w=/` }
    for (const more of [{}, { endpoints }]) {
      const pdp = createPdpClient({ pdp: url, ...more })
      expect(await pdp.evaluate(request)).toEqual({ decision: true })
      expect(came.at(-1)?.path).toBe('/e/?v=1&w=/')
      expect(await pdp.endpoints()).toEqual(endpoints)
    }
  })

  test.each([
    ['/', '/', true],
    ['/', '', true],
    ['/tenants/acme/', '/tenants/acme/', true],
    ['/tenants/acme/', '/tenants/acme', true],
    ['/tenants/acme', '/tenants/acme/', false],
    ['/tenants/acme/', '/', false],
  ])('of the PDP configured with %j may be about the one with %j: %s', async (configured, named, same) => {
    const { url } = await startPdp((response, { path }) =>
      json(
        response,
        200,
        path.startsWith('/.well') ? { ...metadataOf(url), policy_decision_point: url + named } : { decision: true },
      ),
    )
    const asked = createPdpClient({ pdp: url + configured }).evaluate(request)
    if (same) expect(await asked).toEqual({ decision: true })
    else expect((await failureOf(asked)).code).toBe('E_PDP_ANSWER')
  })

  test('an endpoint that is refused harms those only who use it', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      json(
        response,
        200,
        path.startsWith('/.well')
          ? { ...metadataOf(url), search_subject_endpoint: 'http://pdp.example/s' }
          : { decision: true },
      ),
    )
    const pdp = createPdpClient({ pdp: url })
    expect(await pdp.evaluate(request)).toEqual({ decision: true })
    expect(await pdp.endpoints()).toEqual({ access_evaluation_endpoint: `${url}/e` })
    expect(await failureOf(pdp.searchSubjects(request))).toMatchObject({
      code: 'E_ADDRESS',
      message: expect.stringMatching(/^"search_subject_endpoint" of the PDP's metadata must begin with https/),
    })
    expect(await failureOf(pdp.searchActions(request))).toMatchObject({
      code: 'E_USAGE',
      message: 'the PDP has no search_action_endpoint',
    })
    expect(came).toHaveLength(2)
  })

  test('is asked once for all who wait', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      json(response, 200, path.startsWith('/.well') ? metadataOf(url) : { decision: true }),
    )
    const pdp = createPdpClient({ pdp: url })
    expect(await Promise.all([1, 2, 3].map(() => pdp.isAllowed(request)))).toEqual([true, true, true])
    expect(came.filter(({ method }) => method === 'GET')).toHaveLength(1)
  })
})

function metadataOf(url: string) {
  return { policy_decision_point: url, access_evaluation_endpoint: `${url}/e` }
}

describe('answers', () => {
  test.each<[string, unknown, boolean | string]>([
    ['true', { decision: true }, true],
    ['no decision', {}, false],
    ['null', { decision: null }, false],
    ['a text', { decision: 'true' }, 'E_PDP_ANSWER'],
    ['a number', { decision: 1 }, 'E_PDP_ANSWER'],
    ['a list', [true], 'E_PDP_ANSWER'],
    ['a context that is none', { decision: true, context: 'x' }, 'E_PDP_ANSWER'],
  ])('with %s', async (_, body, expected) => {
    const { url } = await startPdp((response) => json(response, 200, body))
    const pdp = createPdpClient({ ...at(url), retries: 0 })
    const got = await pdp.evaluate(request).then(
      ({ decision }) => decision,
      ({ code }: PdpError) => code,
    )
    expect(got).toBe(expected)
    expect(await pdp.isAllowed(request)).toBe(expected === true)
  })

  test.each<[unknown, boolean]>([
    [[{ id: 'o1', type: 'step-up', properties: {} }], false],
    [['log'], false],
    [{ log: true }, false],
    ['log', false],
    [[], true],
    [null, true],
  ])('an allow with the obligations %j is one for `isAllowed`: %s', async (obligations, expected) => {
    const { url } = await startPdp((response) => json(response, 200, { decision: true, context: { obligations } }))
    const pdp = createPdpClient(at(url))
    expect(await pdp.isAllowed(request)).toBe(expected)
    expect(await pdp.evaluate(request)).toEqual({ decision: true, context: { obligations } })
  })

  test('search results keep their obligations', async () => {
    const obligations = [{ id: 'o1', type: 'step-up', properties: { acr_value: 'loa3' } }]
    const searching = async (duties: object) => {
      const results = [
        { type: 'record', id: 'r1', name: 'read' },
        { type: 'record', id: 'r2', name: 'sign', ...duties },
      ]
      const { url } = await startPdp((response) => json(response, 200, { results }))
      const search_resource_endpoint = `${url}/resources`
      return createPdpClient({
        pdp: url,
        endpoints: { search_resource_endpoint, search_action_endpoint: `${url}/actions` },
      })
    }
    const pdp = await searching({ obligations })
    expect((await pdp.searchResources(request)).results).toEqual([
      { type: 'record', id: 'r1' },
      { type: 'record', id: 'r2', obligations },
    ])
    expect((await pdp.searchActions(request)).results).toEqual([{ name: 'read' }, { name: 'sign', obligations }])
    for (const wrong of ['log', { log: true }, ['log']]) {
      const odd = await searching({ obligations: wrong })
      expect((await failureOf(odd.searchResources(request))).code).toBe('E_PDP_ANSWER')
    }
  })

  test.each([
    ['two decisions in one', '{"decision":false,"decision":true}'],
    ['half an answer', '{"decision":tr'],
    ['nothing', ''],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['far too much', `{"decision":true,"context":{"x":"${'y'.repeat(5 << 20)}"}}`],
  ])('%s is no answer', async (_, body) => {
    const { url } = await startPdp((response) => void response.writeHead(200).end(body))
    expect((await failureOf(createPdpClient(at(url)).evaluate(request))).code).toBe('E_PDP_ANSWER')
  })

  test('fewer decisions than evaluations are none', async () => {
    const { url } = await startPdp((response) => json(response, 200, { evaluations: [{ decision: true }] }))
    const pdp = createPdpClient({ pdp: url, endpoints: { access_evaluations_endpoint: `${url}/es` } })
    expect((await failureOf(pdp.evaluateMany({ ...request, evaluations: [{}, {}] }))).code).toBe('E_PDP_ANSWER')
  })

  test.each<[readonly boolean[], NonNullable<EvaluationsRequest['options']>['evaluations_semantic'], boolean]>([
    [[], 'execute_all', false],
    [[true, false], 'execute_all', false],
    [[true, true, true, true], 'execute_all', false],
    [[], 'deny_on_first_deny', false],
    [[true], 'deny_on_first_deny', false],
    [[false, true], 'deny_on_first_deny', false],
    [[true, false], 'deny_on_first_deny', true],
    [[true, true, true], 'deny_on_first_deny', true],
    [[true, true, true, false], 'deny_on_first_deny', false],
    [[], 'permit_on_first_permit', false],
    [[false], 'permit_on_first_permit', false],
    [[false, true], 'permit_on_first_permit', true],
    [[false, false, false], 'permit_on_first_permit', true],
    [[true], 'else' as never, false],
  ])('%j on three evaluations with %s is a whole batch: %s', async (said, semantic, whole) => {
    const decisions = said.map((decision) => ({ decision }))
    const { url } = await startPdp((response) => json(response, 200, { evaluations: decisions }))
    const pdp = createPdpClient({ pdp: url, endpoints: { access_evaluations_endpoint: `${url}/es` } })
    const options = { evaluations_semantic: semantic ?? 'execute_all' }
    const got = pdp.evaluateMany({ ...request, evaluations: [{}, {}, {}], options })
    if (whole) expect(await got).toEqual(decisions)
    else expect((await failureOf(got)).code).toBe('E_PDP_ANSWER')
  })

  test('no evaluations are a mistake of the caller, and not sent', async () => {
    const { url, came } = await startPdp((response) => json(response, 200, { decision: true }))
    const pdp = createPdpClient({ pdp: url, endpoints: { access_evaluations_endpoint: `${url}/es` } })
    expect(await failureOf(pdp.evaluateMany({ ...request, evaluations: [] }))).toMatchObject({
      code: 'E_USAGE',
      message: 'there are no evaluations; use evaluate for one',
    })
    expect(came).toHaveLength(0)
  })

  test('a redirect is not followed', async () => {
    const { url, came } = await startPdp((response) => void response.writeHead(307, { Location: '/elsewhere' }).end())
    expect(await failureOf(createPdpClient(at(url)).evaluate(request))).toMatchObject({
      code: 'E_PDP_STATUS',
      status: 307,
    })
    expect(came).toHaveLength(1)
  })
})

describe('failures', () => {
  test('that may pass are tried again, others are not', async () => {
    const { url, came } = await startPdp((response, _, n) => json(response, n < 2 ? 503 : 200, { decision: true }))
    expect(await createPdpClient({ ...at(url), backoff: 1 }).isAllowed(request)).toBe(true)
    expect(came).toHaveLength(3)
    const other = await startPdp((response) => json(response, 403, {}))
    expect((await failureOf(createPdpClient(at(other.url)).evaluate(request))).status).toBe(403)
    expect(other.came).toHaveLength(1)
  })

  test('wait as long as the PDP asks, but not for ever', async () => {
    const patient = await startPdp((response, _, n) =>
      json(response, n === 0 ? 429 : 200, { decision: true }, { 'Retry-After': '1' }),
    )
    const start = performance.now()
    expect(await createPdpClient({ ...at(patient.url), backoff: 1 }).isAllowed(request)).toBe(true)
    expect(performance.now() - start).toBeGreaterThan(950)
    const busy = await startPdp((response) => json(response, 429, {}, { 'Retry-After': '3600' }))
    expect((await failureOf(createPdpClient(at(busy.url)).evaluate(request))).status).toBe(429)
    expect(busy.came).toHaveLength(1)
  })

  test('open the circuit, and one request tries it later', async () => {
    let broken = true
    const { url, came } = await startPdp((response) => json(response, broken ? 500 : 200, { decision: true }))
    const pdp = createPdpClient({ ...at(url), retries: 0, breaker: { failures: 3, pause: 200 } })
    for (let i = 0; i < 3; i++) expect((await failureOf(pdp.evaluate(request))).code).toBe('E_PDP_STATUS')
    expect((await failureOf(pdp.evaluate(request))).code).toBe('E_PDP_OPEN')
    expect(came).toHaveLength(3)
    broken = false
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(await pdp.isAllowed(request)).toBe(true)
  })

  test.each([
    ['the requestId', 'trace-\u20ac', {}],
    ['the requestId', 'a\nb', {}],
    ['the requestId', 'a\u0001b', {}],
    ['what the credentials show', 'r-1', { Authorization: 'Bearer \u20ac' }],
    ['what the credentials show', 'r-1', { 'X Key': 'k' }],
  ])(
    '%s that no header takes (%j, %j) is a mistake of the caller, and no failure of the PDP',
    async (what, requestId, odd) => {
      const { url, came } = await startPdp((response) => json(response, 200, { decision: true }))
      let shown: Record<string, string> = odd as Record<string, string>
      const credentials = { headers: async () => shown }
      const pdp = createPdpClient({ ...at(url), credentials, breaker: { failures: 1, pause: 60_000 } })
      expect(await failureOf(pdp.evaluate(request, { requestId }))).toMatchObject({
        code: 'E_USAGE',
        message: expect.stringMatching(new RegExp(`^${what} cannot be sent in a header field, [^\n\u20ac]+$`)),
      })
      expect(came).toHaveLength(0)
      shown = {}
      expect(await pdp.evaluate(request, { requestId: 'caf\u00e9' })).toEqual({ decision: true })
    },
  )

  test('an answer that never comes is given up, also in the middle', async () => {
    const silent = await startPdp(() => {})
    expect(
      await failureOf(createPdpClient({ ...at(silent.url), timeout: 50, retries: 0 }).evaluate(request)),
    ).toMatchObject({
      code: 'E_PDP_TIMEOUT',
      message: 'the PDP did not answer within 50 ms',
    })
    const halting = await startPdp((response) => void response.writeHead(200).write('{"decision":'))
    const pdp = createPdpClient({ ...at(halting.url), timeout: 100, retries: 0 })
    expect((await failureOf(pdp.evaluate(request))).code).toBe('E_PDP_TIMEOUT')
  })

  test("the caller's signal ends it with the caller's reason", async () => {
    const { url, came } = await startPdp(() => {})
    const reason = new Error('gone')
    const signal = AbortSignal.timeout(50)
    const failing = createPdpClient(at(url)).evaluate(request, { signal })
    expect((await failureOf(failing)).message).toMatch(/timeout/i)
    await expect(createPdpClient(at(url)).evaluate(request, { signal: AbortSignal.abort(reason) })).rejects.toThrow()
    expect(came.length).toBeLessThanOrEqual(1)
  })

  test("the caller's signal ends pauses between attempts as well", async () => {
    const { url, came } = await startPdp((response) => json(response, 503, {}, { 'Retry-After': '4' }))
    const reason = new Error('gone')
    const stop = new AbortController()
    const failing = createPdpClient(at(url)).evaluate(request, { signal: stop.signal })
    await vi.waitFor(() => expect(came).toHaveLength(1))
    setTimeout(() => stop.abort(reason), 50)
    const start = performance.now()
    await expect(failing).rejects.toBe(reason)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  test("the caller's signal ends waiting for the endpoints, and not that of others", async () => {
    let answer = (): void => undefined
    const { url, came } = await startPdp((response, { path }) => {
      if (!path.startsWith('/.well')) return json(response, 200, { decision: true })
      answer = () => json(response, 200, metadataOf(url))
    })
    const pdp = createPdpClient({ pdp: url })
    const reason = new Error('gone')
    const stop = new AbortController()
    const gone = [pdp.evaluate(request, { signal: stop.signal }), pdp.endpoints({ signal: stop.signal })]
    const other = pdp.evaluate(request)
    await vi.waitFor(() => expect(came).toHaveLength(1))
    stop.abort(reason)
    for (const one of gone) await expect(one).rejects.toBe(reason)
    answer()
    expect(await other).toEqual({ decision: true })
    expect(came).toHaveLength(2)
  })

  test('say nothing of address, token and body', async () => {
    const { url } = await startPdp((response) => json(response, 500, { secret: 'hunter2' }))
    const headers = async () => ({ Authorization: 'Bearer topsecret' })
    for (const pdp of [
      createPdpClient({ ...at(url), credentials: { headers }, retries: 0 }),
      createPdpClient({ ...at('http://127.0.0.1:9'), credentials: { headers }, retries: 0 }),
    ]) {
      const error = await failureOf(pdp.evaluate(request))
      const shown = `${error.message} ${JSON.stringify(error)} ${String((error as Error).cause)} ${(error as Error).stack?.split('\n')[0]}`
      expect(shown).not.toMatch(/127\.0\.0\.1|topsecret|hunter2|alice/)
    }
  })
})

describe('the cache', () => {
  const cache = { entries: 2, maxAge: 60 }

  test('keeps what the answer allows, whatever the order of names', async () => {
    const { url, came } = await startPdp((response) =>
      json(response, 200, { decision: true }, { 'Cache-Control': 'max-age=60' }),
    )
    const pdp = createPdpClient({ ...at(url), cache })
    await pdp.evaluate(request)
    expect(
      await pdp.isAllowed({
        resource: request.resource,
        action: { name: 'read' },
        subject: { id: 'alice', type: 'user' },
      }),
    ).toBe(true)
    expect(came).toHaveLength(1)
    await pdp.evaluate({ ...request, context: { amount: 1 } })
    expect(came).toHaveLength(2)
    pdp.clear()
    await pdp.evaluate(request)
    expect(came).toHaveLength(3)
  })

  test.each([
    {},
    { 'Cache-Control': 'no-store, max-age=60' },
    { 'Cache-Control': 'max-age=60', Age: '60' },
    { 'Cache-Control': 'max-age=1, max-age=60' },
    { 'Cache-Control': 'max-age=60', Age: '-60' },
    { 'Cache-Control': 'max-age=60', Age: '1e1' },
  ])('keeps nothing with %o', async (headers) => {
    const { url, came } = await startPdp((response) =>
      json(response, 200, { decision: true }, headers as Record<string, string>),
    )
    const pdp = createPdpClient({ ...at(url), cache })
    await pdp.evaluate(request)
    await pdp.evaluate(request)
    expect(came).toHaveLength(2)
  })

  test('keeps no answer that was under way when it was cleared', async () => {
    let allowed = true
    let answer = (): void => undefined
    const { url, came } = await startPdp((response, _, n) => {
      const decision = allowed
      const send = () => json(response, 200, { decision }, { 'Cache-Control': 'max-age=60' })
      if (n > 0) return send()
      answer = send
    })
    const pdp = createPdpClient({ ...at(url), cache })
    const early = pdp.evaluate(request)
    await vi.waitFor(() => expect(came).toHaveLength(1))
    allowed = false
    pdp.clear()
    answer()
    expect(await early).toEqual({ decision: true })
    expect(await pdp.isAllowed(request)).toBe(false)
    expect(await pdp.isAllowed(request)).toBe(false)
    expect(came).toHaveLength(2)
  })

  test('gives every caller an answer of its own', async () => {
    const { url, came } = await startPdp((response) =>
      json(response, 200, { decision: false, context: { reason: { en: 'no' } } }, { 'Cache-Control': 'max-age=60' }),
    )
    const pdp = createPdpClient({ ...at(url), cache })
    for (let i = 0; i < 3; i++) {
      const answer = await pdp.evaluate(request)
      expect(answer).toEqual({ decision: false, context: { reason: { en: 'no' } } })
      Object.assign(answer, { decision: true })
      Object.assign(answer.context?.reason ?? {}, { en: 'yes' })
    }
    expect(came).toHaveLength(1)
  })

  test('forgets after the time that is allowed', async () => {
    const { url, came } = await startPdp((response) =>
      json(response, 200, { decision: true }, { 'Cache-Control': 'max-age=1' }),
    )
    const pdp = createPdpClient({ ...at(url), cache })
    await pdp.evaluate(request)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    await pdp.evaluate(request)
    expect(came).toHaveLength(2)
  })
})

test.each<[string, object]>([
  ['timeout must be a whole number from 1 to 2147483647', { timeout: Number.POSITIVE_INFINITY }],
  ['timeout must be a whole number from 1 to 2147483647', { timeout: Number.NaN }],
  ['timeout must be a whole number from 1 to 2147483647', { timeout: -1 }],
  ['timeout must be a whole number from 1 to 2147483647', { timeout: 0 }],
  ['timeout must be a whole number from 1 to 2147483647', { timeout: 2 ** 31 }],
  ['retries must be a whole number from 0 on', { retries: -1 }],
  ['retries must be a whole number from 0 on', { retries: Number.POSITIVE_INFINITY }],
  ['backoff must be a whole number from 0 to 2147483647', { backoff: Number.NaN }],
  ['"failures" of the breaker must be a whole number from 1 on', { breaker: { failures: 0, pause: 1 } }],
  ['"pause" of the breaker must be a whole number from 0 on', { breaker: { failures: 1, pause: -1 } }],
  ['"entries" of the cache must be a whole number from 1 to 16777216', { cache: { entries: 0, maxAge: 5 } }],
  ['"entries" of the cache must be a whole number from 1 to 16777216', { cache: { entries: -1, maxAge: 5 } }],
  ['"entries" of the cache must be a whole number from 1 to 16777216', { cache: { entries: 2.5, maxAge: 5 } }],
  ['"maxAge" of the cache must be a number of seconds from 0 on', { cache: { entries: 1, maxAge: Number.NaN } }],
])('%s: %o is refused', (message, options) => {
  const create = () => createPdpClient({ pdp: 'https://pdp.example.com', ...options })
  expect(create).toThrow(expect.objectContaining({ code: 'E_USAGE', message }))
})

test('what is sent', async () => {
  const { url, came } = await startPdp((response) => json(response, 200, { decision: true }))
  await createPdpClient(at(url)).evaluate(request, { requestId: 'r-1' })
  expect(came[0]).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'r-1' },
  })
  expect(JSON.parse(came[0]?.body ?? '')).toEqual(request)
  expect(new PdpError('E_PDP_OPEN', 'x')).toMatchObject({ name: 'PdpError', status: undefined })
})
