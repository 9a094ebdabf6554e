/** The client against our own service, and against PDPs that misbehave, all over HTTP. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { allPages, createPdpClient, type PdpClient, PdpError } from '../../src/pep/index.ts'
import { type RunningService, serve } from '../../src/service/node.ts'
import { recordsApp } from '../service/support.ts'
import { at, failureOf, json, metadataOf, request, startPdp } from './support.ts'

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
