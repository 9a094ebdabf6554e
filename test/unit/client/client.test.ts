/** What the client of the service sends, and what it makes of answers that are none of the service's. */
import { describe, expect, test, vi } from 'vitest'
import { answerOf, type Client, createClient } from '../../../src/client/index.ts'

const url = 'https://authz.example.com/base'
const decide = (client: Client) => answerOf(client.POST('/v1/authorize', { body }))
const body = { subject: { type: 'user', id: 'ann' }, action: { name: 'read' }, resource: { type: 'record', id: 'r1' } }

/** A fetch that answers everything, and what was asked of it. */
function recording() {
  const asked: string[] = []
  const fetch = async (request: Request) => {
    asked.push(request.url)
    return Response.json({ decision: true })
  }
  return { asked, fetch }
}

describe('what is a part of a path', () => {
  test.each(['acme', 'a/../b', '...', '%2e%2e', '..;'])('stays one: %j', async (name) => {
    const { asked, fetch } = recording()
    await createClient({ url, fetch, tenant: name }).POST('/v1/authorize', { body })
    await createClient({ url, fetch }).GET('/v1/delegations/{id}', { params: { path: { id: name } } })
    const part = encodeURIComponent(name)
    expect(asked).toEqual([`${url}/tenants/${part}/v1/authorize`, `${url}/v1/delegations/${part}`])
  })

  test.each(['', '.', '..'])('is not %j, which would lead elsewhere', async (name) => {
    const { asked, fetch } = recording()
    const message = (what: string) => `${what} must not be ${JSON.stringify(name)}, as it is a part of a path`
    expect(() => createClient({ url, fetch, tenant: name })).toThrow(
      expect.objectContaining({ code: 'E_USAGE', message: message('tenant') }),
    )
    const params = { path: { id: name } }
    for (const call of [
      createClient({ url, fetch }).GET('/v1/delegations/{id}', { params }),
      createClient({ url, fetch }).POST('/v1/delegations/{id}/revoke', { params, body: {} }),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'E_USAGE', message: message('id') })
    }
    expect(asked).toEqual([])
  })
})

/** Sends the beginning of a body; then what `after` does to it. */
function halfAnswer(after: (controller: ReadableStreamDefaultController<Uint8Array>) => void) {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"decision":'))
      after(controller)
    },
  })
  return async () => new Response(stream, { headers: { 'Content-Type': 'application/json' } })
}

describe('an answer that is none of the service', () => {
  test('never comes, or only half of it does', async () => {
    const late = { code: 'E_SERVICE_CONNECTION', message: 'the service did not answer within 50 ms' }
    for (const fetch of [() => new Promise<Response>(() => {}), halfAnswer(() => {})]) {
      await expect(decide(createClient({ url, fetch, timeout: 50 }))).rejects.toMatchObject(late)
    }
    const cut = halfAnswer((controller) => controller.error(new TypeError('terminated')))
    await expect(decide(createClient({ url, fetch: cut }))).rejects.toMatchObject({
      code: 'E_SERVICE_CONNECTION',
      message: 'the service could not be reached',
    })
  })

  test.each([
    ['a page', '<html>', {}],
    ['a page of known length', '<html>', { 'Content-Length': '6' }],
    ['half a text', '{"decision":tr', {}],
    ['nothing', '', {}],
  ])('is %s', async (_, text, headers: Record<string, string>) => {
    const fetch = async () => new Response(text, { headers })
    await expect(decide(createClient({ url, fetch }))).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'E_SERVICE',
      status: 200,
      problem: undefined,
    })
  })

  test('may be text where text is asked for, and a stream where one is', async () => {
    const fetch = async () => new Response('data: 1\n\n', { headers: { 'Content-Type': 'text/event-stream' } })
    const client = createClient({ url, fetch })
    expect((await client.POST('/v1/authorize', { body, parseAs: 'text' })).data).toBe('data: 1\n\n')
    const endless = async () => new Response(new ReadableStream(), { headers: { 'Content-Type': 'text/event-stream' } })
    const { data } = await createClient({ url, fetch: endless }).POST('/v1/authorize', { body, parseAs: 'stream' })
    expect(data).toBeInstanceOf(ReadableStream)
  })
})

describe('the token', () => {
  test('is asked for at every call, in time', async () => {
    const { asked, fetch } = recording()
    const token = vi.fn(async () => 't')
    await decide(createClient({ url, fetch, token }))
    await decide(createClient({ url, fetch, token }))
    expect([token.mock.calls.length, asked.length]).toEqual([2, 2])
  })

  test.each<[string, () => Promise<string>]>([
    [
      'could not be reached',
      () => {
        throw new Error('out')
      },
    ],
    ['could not be reached', () => Promise.reject(new Error('out'))],
    ['did not answer within 50 ms', () => new Promise(() => {})],
  ])('that is not there ends the call: %s', async (why, token) => {
    const { asked, fetch } = recording()
    await expect(decide(createClient({ url, fetch, token, timeout: 50 }))).rejects.toMatchObject({
      code: 'E_SERVICE_CONNECTION',
      message: `whoever gives the token ${why}`,
    })
    expect(asked).toEqual([])
  })
})

test("the caller's signal ends a call with its reason, body or not", async () => {
  const reason = new Error('gone')
  for (const fetch of [() => new Promise<Response>(() => {}), halfAnswer(() => {})]) {
    const stop = new AbortController()
    const call = createClient({ url, fetch }).POST('/v1/authorize', { body, signal: stop.signal })
    setTimeout(() => stop.abort(reason), 20)
    await expect(call).rejects.toBe(reason)
  }
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('a timeout of %d is refused', (timeout) => {
  const message = 'timeout must be a whole number from 1 to 2147483647'
  expect(() => createClient({ url, timeout })).toThrow(expect.objectContaining({ code: 'E_USAGE', message }))
})
