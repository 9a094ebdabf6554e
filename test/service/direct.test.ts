/** The direct way to an evaluation: when it is taken, when it is not, and that nobody can tell. */
import type { MiddlewareHandler } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import { type AppOptions, createApp } from '../../src/service/app.ts'
import { type DirectWay, directWayOf } from '../../src/service/direct.ts'
import { type BothWays, serveBothWays } from './both-ways.ts'
import { post, postInit, recordsEngine, request } from './support.ts'

const path = '/access/v1/evaluation'
const body = JSON.stringify(request)
const engine = await recordsEngine()
const acme = await createEngine({
  policies: {
    version: 1,
    tenant: 'acme',
    rules: [{ id: 'grüße', deny: '*', because: 'geschloßen — 閉', obligations: [{ id: 'log', to: 'ä' }] }],
  },
})
const engines = new Map([
  ['default', engine],
  ['acme', acme],
])
const wayFor = (options: Partial<AppOptions>): DirectWay | undefined =>
  directWayOf(createApp({ engine, logger: { error: () => {} }, ...options }).fetch)

describe('an app offers it', () => {
  it('with options that leave evaluations as they are', () => {
    expect(wayFor({})).toBeDefined()
    expect(
      wayFor({ now: () => 0, maxBodyBytes: 100, publicUrl: 'https://pdp.test/base', identify: undefined as never }),
    ).toBeDefined()
  })

  it.each<[string, Partial<AppOptions>]>([
    ['identify', { identify: () => ({ id: 'x', tenants: 'all' }) as never }],
    ['profiles', { profiles: [{ describe: () => ({}), capabilities: [], around: (decide) => decide }] }],
    ['another depth', { limits: { depth: 10 } }],
    ['what it has never heard of', { somethingNew: true } as object],
  ])('not with %s', (_name, options) => {
    expect(wayFor(options)).toBeUndefined()
  })

  it('by its own fetch alone, and not by one around it', () => {
    const app = createApp({ engine })
    expect(directWayOf((given: Request) => app.fetch(given))).toBeUndefined()
  })

  it('whose middleware it knows: what is added to the way of every request has to be weighed here', () => {
    const app = createApp({ engine })
    const onTheWay = app.routes.filter(({ method, path: pattern }) => method === 'ALL' || pattern === path)
    // The request's id; the methods of a path; the evaluation.
    expect(onTheWay.map(({ method }) => method)).toEqual(['ALL', 'ALL', 'POST'])
  })
})

describe('a request takes it', () => {
  const way = wayFor({ engine: undefined as never, engines, maxBodyBytes: 1000 })!
  const ask = (target: string, fields: string[], method = 'POST') => way.ask({ method, target, fields })
  const plain = ['Host', 'pdp.test', 'Content-Type', 'application/json', 'Content-Length', '10']

  it('with a head in order', () => {
    expect(ask(path, plain)).toEqual({ engine, length: 10, requestId: undefined })
    expect(ask(`/tenants/acme${path}`, plain)).toEqual({ engine: acme, length: 10, requestId: undefined })
    expect(ask(path, [...plain, 'X-REQUEST-id', 'a b'])?.requestId).toBe('a b')
    expect(ask(path, ['host', '[::1]:80', ...plain.slice(2)])).toBeUndefined()
    expect(
      ask(path, [
        'HOST',
        'LocalHost:8080',
        'content-type',
        'application/json; charset=UTF-8',
        'content-length',
        '1000',
      ]),
    ).toBeDefined()
  })

  it.each<[string, string, string[], string?]>([
    ['another method', path, plain, 'PUT'],
    ['a method in small letters', path, plain, 'post'],
    ['a query', `${path}?x=1`, plain],
    ['a slash at the end', `${path}/`, plain],
    ['another endpoint', '/access/v1/evaluations', plain],
    ['a whole URL', `http://pdp.test${path}`, plain],
    ['a tenant that is not there', `/tenants/other${path}`, plain],
    ['an encoded tenant', `/tenants/%61cme${path}`, plain],
    ['dots', `/tenants/..${path}`, plain],
    ['two tenants', `/tenants/acme/tenants/acme${path}`, plain],
    ['no host', path, plain.slice(2)],
    ['two hosts', path, [...plain, 'Host', 'pdp.test']],
    ['no type', path, ['Host', 'pdp.test', ...plain.slice(4)]],
    ['another type', path, ['Host', 'pdp.test', 'Content-Type', 'text/plain', ...plain.slice(4)]],
    ['two types', path, [...plain, 'content-type', 'text/plain']],
    ['no length', path, plain.slice(0, 4)],
    ['two lengths', path, [...plain, 'Content-Length', '10']],
    ['a length of nothing', path, [...plain.slice(0, 5), '0']],
    ['a length that is none', path, [...plain.slice(0, 5), '1x']],
    ['more than is permitted', path, [...plain.slice(0, 5), '1001']],
    ['a content coding', path, [...plain, 'Content-Encoding', 'identity']],
    ['a transfer coding', path, [...plain, 'Transfer-Encoding', 'chunked']],
    ['two ids', path, [...plain, 'X-Request-ID', 'a', 'X-Request-ID', 'b']],
  ])('not with %s', (_name, target, fields, method) => {
    expect(ask(target, fields, method)).toBeUndefined()
  })
})

describe('over a connection', () => {
  let both: BothWays
  const logged: string[] = []
  let time: () => number = Date.now
  beforeAll(async () => {
    const app = createApp({
      engines,
      now: () => time(),
      bodyTimeout: 300,
      logger: { error: (line) => logged.push(line) },
    })
    both = await serveBothWays(app)
  })
  afterAll(() => both.close())

  const head = (text: string, ...more: string[]) =>
    [
      `POST ${path} HTTP/1.1`,
      'Host: pdp.test',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text, 'latin1')}`,
      ...more,
      '',
      '',
    ].join('\r\n')
  const close = 'Connection: close'
  /** Sends it both ways; says how many requests the direct one left to the app. */
  const send = async (parts: string[], pause = 0) => {
    const before = both.leftToApp()
    const answer = await both.raw(parts, pause)
    return { answer, left: both.leftToApp() - before, allowed: answer.split('{"decision":true}').length - 1 }
  }

  it('a request that comes in one piece is answered directly', async () => {
    expect(await send([head(body, close) + body])).toMatchObject({ left: 0, allowed: 1 })
    expect(await send([head(body, close, 'X-Request-ID: r-1') + body])).toMatchObject({ left: 0, allowed: 1 })
    const answer = await both.fetch(`/tenants/acme${path}`, postInit(request, { 'X-Request-ID': 'r 2' }))
    expect(answer.headers.get('x-request-id')).toBe('r 2')
    expect(answer.body).toMatchObject({ context: { reason: 'geschloßen — 閉', rules: ['grüße'] } })
  })

  it('what is refused is refused by the app, which gets the whole body', async () => {
    for (const text of ['{', '{}', '[]', '\xff', body.replace('"read"', '7')]) {
      const { answer, left } = await send([head(text, close) + text])
      expect(answer).toContain('HTTP/1.1 400')
      expect(left).toBe(1)
    }
  })

  it('two hosts are one too many', async () => {
    const { answer, left } = await send([head(body, close, 'Host: other.test') + body])
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*several Host fields/s)
    expect(left).toBe(0)
  })

  it('a body that comes later, or in parts, is read by the app', async () => {
    expect(await send([head(body, close), body], 50)).toMatchObject({ left: 1, allowed: 1 })
    expect(await send([head(body, close) + body.slice(0, 9), body.slice(9)], 50)).toMatchObject({ left: 1, allowed: 1 })
    const late = await send([head(body, close) + body.slice(0, 9)], 50)
    expect(late).toMatchObject({ left: 1, allowed: 0 })
    expect(late.answer).toContain('"code":"E_TOO_SLOW"')
  })

  it('a client that asks before it sends is told to go on', async () => {
    const { answer, allowed } = await send([head(body, close, 'Expect: 100-continue'), body], 50)
    expect(answer).toContain('HTTP/1.1 100 Continue')
    expect(allowed).toBe(1)
  })

  it('requests in a pipeline are answered in order, whoever answers them', async () => {
    const other = body.replace('record-1', 'record-9')
    const wrong = '{}'
    const metadata = 'GET /healthz HTTP/1.1\r\nHost: pdp.test\r\n\r\n'
    const all = [head(body) + body, metadata, head(wrong) + wrong, head(other) + other, head(body, close) + body]
    const { answer, left } = await send([all.join('')])
    expect(answer.match(/\{"decision":true\}|"ok"|E_REQUEST|"decision":false/g)).toEqual([
      '{"decision":true}',
      '"ok"',
      'E_REQUEST',
      '"decision":false',
      '{"decision":true}',
    ])
    expect(left).toBe(2)
  })

  it('a connection is kept for the next request, by HTTP/1.0 closed', async () => {
    const before = both.leftToApp()
    const parts = Array.from({ length: 5 }, (_, i) => head(body, ...(i === 4 ? [close] : [])) + body)
    const answer = await both.raw(parts, 20)
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(5)
    expect(await both.raw([head(body).replace('HTTP/1.1', 'HTTP/1.0') + body])).toContain('{"decision":true}')
    expect(both.leftToApp()).toBe(before)
  })

  it('nobody is hurt who breaks off', async () => {
    const { port } = both.service
    const { connect } = await import('node:net')
    await Promise.all(
      Array.from({ length: 20 }, () => {
        const socket = connect(port, '127.0.0.1')
        return new Promise<void>((resolve) => {
          socket.once('connect', () => socket.write(head(body) + body, () => socket.destroy()))
          socket.once('close', () => resolve()).on('error', () => {})
        })
      }),
    )
    expect(await send([head(body, close) + body])).toMatchObject({ left: 0, allowed: 1 })
  })

  it('a fault on the way is logged and answered by the app', async () => {
    time = () => {
      throw new Error('the clock stands still')
    }
    const { answer, left } = await send([head(body, close) + body])
    time = Date.now
    expect(answer).toContain('"code":"E_INTERNAL"')
    expect(left).toBe(1)
    // One for each server.
    expect(logged).toEqual([`POST ${path} failed`, `POST ${path} failed`])
  })
})

it('middleware that a host adds after the routes is not on their way, with or without it', async () => {
  const app = createApp({ engine })
  const refuse: MiddlewareHandler = async (c) => c.text('no', 403)
  app.use(refuse)
  expect((await post(app, path, request)).status).toBe(200)
})
