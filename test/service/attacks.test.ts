/** What a hostile client sends at the level of HTTP, against a real server: raw bytes over a socket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import { createApp } from '../../src/service/app.ts'
import { serve } from '../../src/service/node.ts'
import { type BothWays, serveBothWays } from './both-ways.ts'
import { alice, postInit, read, readAnswer, record1, recordsEngine, request } from './support.ts'

let both: BothWays
const logged: string[] = []
beforeAll(async () => {
  const acme = await createEngine({ policies: { version: 1, tenant: 'acme', rules: [{ id: 'none', deny: '*' }] } })
  const engines = new Map([
    ['default', await recordsEngine()],
    ['acme', acme],
  ])
  const app = createApp({ engines, bodyTimeout: 300, logger: { error: (message) => logged.push(message) } })
  both = await serveBothWays(app, { requestTimeout: 1500 })
})
afterAll(async () => {
  await both.close()
  expect(logged).toEqual([])
})

const body = JSON.stringify(request)
const path = '/access/v1/evaluation'

const raw = (parts: readonly string[], pause = 0): Promise<string> => both.raw(parts, pause)

const head = (...headers: string[]) =>
  [`POST ${path} HTTP/1.1`, 'Host: pdp.test', 'Connection: close', ...headers, '', ''].join('\r\n')
const json = 'Content-Type: application/json'
const length = `Content-Length: ${body.length}`
const statuses = (answer: string) => [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status))

it('the way there works', async () => {
  const answer = await raw([head(json, length) + body])
  expect(statuses(answer)).toEqual([200])
  expect(answer).toContain('{"decision":true}')
})

describe('smuggling', () => {
  const hidden = `POST ${path} HTTP/1.1\r\nHost: pdp.test\r\n${json}\r\n${length}\r\n\r\n${body}`
  it.each([
    ['two different lengths', [json, 'Content-Length: 0', length]],
    ['a length and chunks', [json, length, 'Transfer-Encoding: chunked']],
    ['chunks that are not the last coding', [json, 'Transfer-Encoding: chunked, identity']],
    ['a hidden coding', [json, length, 'Transfer-Encoding : chunked']],
    ['a negative length', [json, 'Content-Length: -1']],
    ['a length in hex', [json, 'Content-Length: 0x10']],
    ['a length with a sign', [json, `Content-Length: +${body.length}`]],
  ])('by %s: refused, and nothing behind it is read as a request', async (_name, headers) => {
    const answer = await raw([`${head(...headers)}0\r\n\r\n${hidden}`])
    expect(statuses(answer)).toEqual([400])
    expect(answer).not.toContain('decision')
  })

  it.each([
    ['none', []],
    ['another', ['Content-Type: text/plain']],
    ['a form', ['Content-Type: application/x-www-form-urlencoded']],
    ['multipart', ['Content-Type: multipart/form-data; boundary=x']],
    ['another, and ours', ['Content-Type: text/plain', json]],
    ['two in one', ['Content-Type: text/plain, application/json']],
    ['one that continues ours', ['Content-Type: application/json+x']],
    ['ours in another character set', ['Content-Type: application/json; charset=utf-16']],
    ['ours in two character sets', ['Content-Type: application/json; charset=utf-8; charset=utf-7']],
    ['ours in a set with spaces', ['Content-Type: application/json; charset =utf-7']],
  ])('by content type, %s: refused', async (_name, headers) => {
    const answer = await raw([head(...headers, length) + body])
    expect(statuses(answer)).toEqual([400])
    expect(answer).toContain('application/problem+json')
    expect(answer).not.toContain('decision')
  })

  it.each(['gzip', 'deflate', 'br', 'zstd', 'identity, gzip'])('by content coding %s: refused', async (coding) => {
    const answer = await raw([head(json, length, `Content-Encoding: ${coding}`) + body])
    expect(statuses(answer)).toEqual([400])
    expect(answer).toContain('send the body uncompressed')
  })

  it('by another method: what a GET carries is not a request', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'QUERY']) {
      const text = head(json, length, 'X-HTTP-Method-Override: POST').replace('POST', method)
      const answer = await raw([text + body])
      expect(statuses(answer), method).toEqual([405])
    }
  })
})

describe('slowness', () => {
  it('a body that does not come is not waited for', async () => {
    const before = performance.now()
    const answer = await raw([head(json, length), body.slice(0, 10)], 50)
    expect(statuses(answer)).toEqual([408])
    expect(answer).toContain('"code":"E_TOO_SLOW"')
    expect(performance.now() - before).toBeLessThan(3000)
  })

  it('a body that comes byte by byte is not waited for either', async () => {
    const answer = await raw([head(json, 'Transfer-Encoding: chunked'), ...Array(40).fill('1\r\n \r\n')], 50)
    expect(statuses(answer)).toEqual([408])
  })

  it('nor is a head', async () => {
    const before = performance.now()
    const answer = await raw([`POST ${path} HTTP/1.1\r\n`, ...Array(60).fill('X-Slow: 1\r\n')], 50)
    expect(statuses(answer)).toEqual([408])
    expect(performance.now() - before).toBeLessThan(3500)
  })
})

describe('size', () => {
  it('of heads is limited', async () => {
    expect(statuses(await raw([`${head(json, length, `X-Long: ${'x'.repeat(20_000)}`)}${body}`]))).toEqual([431])
  })

  it('of JSON bombs is, in time that does not grow faster than they do', async () => {
    const bombs = [
      '['.repeat(1_000_000),
      '{"a":'.repeat(200_000),
      `{"a":${'1'.repeat(1_000_000)}}`,
      `{"a":1e${'9'.repeat(500_000)}}`,
      `{"a":"${'\\u0041'.repeat(170_000)}"}`,
      `{${'"a":1,'.repeat(150_000)}"b":1}`,
      `{"${'x'.repeat(1_000_000)}":1}`,
      `[${'0,'.repeat(500_000)}0]`,
    ]
    for (const bomb of bombs) {
      const before = performance.now()
      const answer = await both.fetch(path, postInit(bomb))
      expect(answer, bomb.slice(0, 20)).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
      expect(JSON.stringify(answer.body).length).toBeLessThan(500)
      expect(performance.now() - before, bomb.slice(0, 20)).toBeLessThan(3000)
    }
  })
})

describe('work', () => {
  const n = 1500
  const lists = {
    a: Array.from({ length: n }, (_, i) => i + 0.5),
    b: Array.from({ length: n }, (_, i) => n - i - 0.5),
  }
  const asking = { subject: alice, action: read, resource: { type: 'doc', id: 'd1' }, context: lists }

  it.each([
    ['a batch', '/access/v1/evaluations', { ...asking, evaluations: Array.from({ length: 200 }, () => ({})) }],
    ['a search', '/access/v1/search/resource', { ...asking, resource: { type: 'doc' } }],
  ])('of %s is not what others wait for, and has an end', async (_name, at, hard) => {
    const resources = Array.from({ length: 200 }, (_, i) => ({ type: 'doc', id: `d${i}` }))
    const when = { 'context.a': { is_subset: { ref: 'context.b' } } }
    const engine = await createEngine({
      policies: { version: 1, entities: { resources }, rules: [{ id: 'subset', allow: 'read', when }] },
    })
    const service = await serve({ app: createApp({ engine, limits: { time: 200 } }), port: 0 })
    try {
      const order: string[] = []
      const answered = fetch(service.url + at, postInit(hard)).then(async (response) => {
        const { body: answer } = await readAnswer(response)
        order.push('work')
        return JSON.stringify(answer)
      })
      await new Promise((resolve) => setTimeout(resolve, 50))
      const health = await fetch(`${service.url}/healthz`)
      order.push('health')
      expect(health.status).toBe(200)
      expect(await answered).toMatch(/"code":"limit"|"next_token":"./)
      expect(order).toEqual(['health', 'work'])
    } finally {
      await service.close()
    }
  })
})

describe('X-Request-ID', () => {
  it.each(['a\nSet-Cookie: x=1', 'a\rSet-Cookie: x=1', 'a\0b'])(
    'with a bare control character ends there: %j',
    async (id) => {
      const answer = await raw([head(json, length, `X-Request-ID: ${id}`) + body])
      expect(statuses(answer)).toEqual([400])
      expect(answer.toLowerCase()).not.toContain('set-cookie')
    },
  )

  it('folded over two lines ends there', async () => {
    const answer = await raw([head(json, length, 'X-Request-ID: a\r\n b') + body])
    expect(answer.toLowerCase()).not.toMatch(/\r\n b/)
  })

  it('keeps what looks like an ended line in other alphabets in one line', async () => {
    // U+560D and U+560A, whose low bytes are CR and LF, in UTF-8.
    const id = Buffer.from('a\u560d\u560aSet-Cookie: x=1').toString('latin1')
    const answer = await raw([head(json, length, `X-Request-ID: ${id}`) + body])
    expect(statuses(answer)).toEqual([200])
    expect(answer).toContain(`x-request-id: ${id}\r\n`)
    expect(answer).not.toMatch(/^set-cookie/im)
  })

  it('given twice comes back in one line', async () => {
    const answer = await raw([head(json, length, 'X-Request-ID: a', 'X-Request-ID: b') + body])
    expect(answer.match(/^x-request-id: a, b\r$/gim)).toHaveLength(1)
  })
})

describe('tenant names', () => {
  // Allowed by the policies of the default tenant, denied by those of acme.
  const ask = async (tenant: string) => raw([head(json, length).replace(path, `/tenants/${tenant}${path}`) + body])

  it('are names, not paths', async () => {
    for (const name of [
      '..%2fdefault',
      '%2e%2e%2fdefault',
      'acme%2f..%2fdefault',
      'default%00',
      'default%2f',
      'default%5c',
      '%252e%252e',
      'DEFAULT',
      'default%20',
      '%ff',
      '%',
      '__proto__',
      'constructor',
      'toString',
    ]) {
      const answer = await ask(name)
      expect(statuses(answer), name).toEqual([404])
      expect(answer, name).not.toContain('decision')
    }
  })

  it('cannot be left by dots: what a proxy lets pass for one tenant is not answered by another', async () => {
    for (const name of [
      'acme/..',
      'acme/../default',
      'acme/%2e%2e/default',
      'acme/.%2E/default',
      './default',
      'a\\..',
    ]) {
      const answer = await ask(name)
      expect(statuses(answer), name).toEqual([400])
      expect(answer, name).not.toContain('decision')
    }
    expect(statuses(await ask('default?x=/../'))).toEqual([404])
  })

  it('in the body change nothing but to deny', async () => {
    const answer = await both.fetch(`/tenants/acme${path}`, postInit({ ...request, tenant: 'default' }))
    expect(answer.body).toMatchObject({ decision: false, context: { code: 'unknown_tenant' } })
  })
})

describe('page tokens', () => {
  const search = { subject: alice, action: read, resource: { type: 'record' }, page: { limit: 1 } }
  const ask = async (prefix: string, body: unknown) =>
    readAnswer(await fetch(`${both.service.url}${prefix}/access/v1/search/resource`, postInit(body)))

  it('of another tenant, query or endpoint, or made up, are refused', async () => {
    const first = await ask('', search)
    const token = (first.body.page as { next_token: string }).next_token
    expect(first.body.results).toEqual([record1])
    expect((await ask('', { ...search, page: { token } })).status).toBe(200)
    const forged = Buffer.from(JSON.stringify([1, 'record-9'])).toString('base64url')
    for (const [prefix, body] of [
      ['/tenants/acme', { ...search, page: { token } }],
      ['', { ...search, subject: { type: 'user', id: 'bob' }, page: { token } }],
      ['', { ...search, page: { token: forged } }],
      ['', { ...search, page: { token: `${token}A` } }],
      ['', { ...search, page: { token: token.toUpperCase() } }],
      ['', { ...search, page: { token, limit: 2 } }],
    ] as const) {
      expect(await ask(prefix, body)).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
    }
  })
})
