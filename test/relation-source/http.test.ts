/** What goes wrong on the way to a source: servers that are slow, gone, overloaded, or answer something else. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { HttpSourceOptions } from '../../src/relation-servers/http.ts'
import { type OpenFgaOptions, openFgaSource } from '../../src/relation-servers/openfga.ts'
import { spiceDbSource } from '../../src/relation-servers/spicedb.ts'

const question = { subject: { type: 'user', id: 'ann' }, relation: 'viewer', object: { type: 'document', id: '1' } }
const scene = { context: undefined, asOf: undefined }

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** The URL of a server, and how often it was asked. */
async function serve(answer: RequestListener): Promise<{ url: string; asked: () => number }> {
  let count = 0
  const server = createServer((request, response) => {
    count++
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => count }
}

const check = async (options: Omit<OpenFgaOptions, 'store'>) => {
  try {
    return (await openFgaSource({ store: 's', ...options }).check([question], scene)).holds
  } catch (error) {
    return (error as { code: string }).code
  }
}

const json = (body: unknown, status = 200): RequestListener => {
  return (_, response) => response.writeHead(status).end(JSON.stringify(body))
}
const allowed = { result: { q0: { allowed: true } } }

describe('a server that', () => {
  test('answers', async () => {
    const { url, asked } = await serve(json(allowed))
    expect([await check({ url }), asked()]).toEqual([[true], 1])
  })

  test('fails once is asked again', async () => {
    let first = true
    const { url, asked } = await serve((request, response) => {
      json(first ? {} : allowed, first ? 503 : 200)(request, response)
      first = false
    })
    expect([await check({ url }), asked()]).toEqual([[true], 2])
  })

  test.each([408, 429, 500, 502, 503, 504])('answers with %i is unavailable', async (status) => {
    const { url, asked } = await serve(json(allowed, status))
    expect([await check({ url }), asked()]).toEqual(['E_RELATION_SOURCE_UNAVAILABLE', 2])
  })

  test.each([301, 400, 401, 403, 404, 501])('answers with %i refuses', async (status) => {
    const { url, asked } = await serve(json(allowed, status))
    expect([await check({ url }), asked()]).toEqual(['E_RELATION_SOURCE_REFUSED', 1])
  })

  test('is slow is given up', async () => {
    const { url } = await serve(() => {})
    const start = performance.now()
    expect(await check({ url, timeout: 50 })).toBe('E_RELATION_SOURCE_TIMEOUT')
    expect(performance.now() - start).toBeLessThan(5000)
  })

  test('begins to answer and stops is given up', async () => {
    const { url } = await serve((_, response) => void response.writeHead(200).write('{"result"'))
    expect(await check({ url, timeout: 50 })).toBe('E_RELATION_SOURCE_TIMEOUT')
  })

  test('is not there is unavailable', async () => {
    const { url } = await serve(json(allowed))
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
    expect(await check({ url })).toBe('E_RELATION_SOURCE_UNAVAILABLE')
  })

  test.each([
    ['no JSON', (_: unknown, response: { end(text: string): void }) => response.end('<html>')],
    ['a list', json([])],
    ['no result', json({})],
    ['a result that is none', json({ result: { q0: true } })],
    ['too much', json({ result: { q0: { allowed: true, message: 'x'.repeat(5 << 20) } } })],
  ])('answers with %s refuses', async (_, answer) => {
    const { url } = await serve(answer as RequestListener)
    expect(await check({ url })).toBe('E_RELATION_SOURCE_REFUSED')
  })

  test.each([
    ['leaves it out', { result: {} }],
    ['says that it failed', { result: { q0: { error: { input_error: 'validation_error', message: 'no' } } } }],
    ['says that it failed, and allows', { result: { q0: { allowed: true, error: {} } } }],
  ])('%s: unknown', async (_, body) => {
    const { url } = await serve(json(body))
    expect(await check({ url })).toEqual(['unknown'])
  })

  test('says nothing of a check: false', async () => {
    const { url } = await serve(json({ result: { q0: {} } }))
    expect(await check({ url })).toEqual([false])
  })
})

test('one that fails too often is left alone, and then tried', async () => {
  let well = false
  const { url, asked } = await serve((request, response) => json(allowed, well ? 200 : 503)(request, response))
  const source = openFgaSource({ url, store: 's', retries: 0, breaker: { failures: 3, pause: 200 } })
  const code = () =>
    source.check([question], scene).then(
      ({ holds }) => holds[0],
      (error: { code: string }) => error.code,
    )
  for (let i = 0; i < 3; i++) expect(await code()).toBe('E_RELATION_SOURCE_UNAVAILABLE')
  well = true
  expect([await code(), asked()]).toEqual(['E_RELATION_SOURCE_UNAVAILABLE', 3])
  await new Promise((resolve) => setTimeout(resolve, 250))
  expect([await code(), asked()]).toEqual([true, 4])
})

test.each<[string, Omit<HttpSourceOptions, 'url'>]>([
  ['timeout must be a whole number from 1 to 2147483647', { timeout: Number.NaN }],
  ['retries must be a whole number from 0 on', { retries: -1 }],
  ['"failures" of the breaker must be a whole number from 1 on', { breaker: { failures: 0, pause: 1 } }],
  ['"pause" of the breaker must be a whole number from 0 on', { breaker: { failures: 1, pause: 0.5 } }],
])('%s: %o is refused', (message, options) => {
  const url = 'https://relations.example.com'
  const refused = expect.objectContaining({ code: 'E_USAGE', message })
  expect(() => openFgaSource({ url, store: 's', ...options })).toThrow(refused)
  expect(() => spiceDbSource({ url, ...options })).toThrow(refused)
})

test('what was asked wrongly does not open the breaker', async () => {
  const { url, asked } = await serve(json({}, 400))
  const source = openFgaSource({ url, store: 's', breaker: { failures: 2, pause: 60_000 } })
  for (let i = 0; i < 6; i++) await source.check([question], scene).catch(() => {})
  expect(asked()).toBe(6)
})

test('the token of each call, and the context that is chosen', async () => {
  const seen: unknown[] = []
  const { url } = await serve((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk
    })
    request.on('end', () => {
      seen.push([request.headers.authorization, JSON.parse(text).checks[0].context])
      json(allowed)(request, response)
    })
  })
  let made = 0
  const source = openFgaSource({ url, store: 's', token: async () => `t${++made}`, context: ({ ip }) => ({ ip }) })
  await source.check([question], { context: { ip: '::1', secret: 1 }, asOf: undefined })
  await source.check([question], scene)
  expect(seen).toEqual([
    ['Bearer t1', { ip: '::1' }],
    ['Bearer t2', undefined],
  ])
})

test('http is for this machine only', () => {
  expect(() => openFgaSource({ url: 'http://fga.example', store: 's' })).toThrow(/https/)
  expect(() => spiceDbSource({ url: 'https://user:secret@spicedb.example' })).toThrow(/user name/)
})

test('SpiceDB: as many answers as questions, or none', async () => {
  const { url } = await serve(json({ pairs: [] }))
  await expect(spiceDbSource({ url }).check([question], scene)).rejects.toMatchObject({
    code: 'E_RELATION_SOURCE_REFUSED',
  })
  const odd = { ...question, relation: 'Viewer' }
  expect((await spiceDbSource({ url }).check([odd], scene)).holds).toEqual(['unknown'])
})
