import { describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import { createApp } from '../../src/service/app.ts'
import { alice, bob, post, read, readAnswer, record1, record2, recordsApp, request, write } from './support.ts'

const app = await recordsApp({ logger: { error: () => {} } })

describe('the PDP', () => {
  it('answers evaluations', async () => {
    const allowed = await post(app, '/access/v1/evaluation', request)
    expect(allowed).toMatchObject({ status: 200, body: { decision: true } })
    expect(allowed.body).toEqual({ decision: true })
    expect(allowed.headers.get('content-type')).toBe('application/json')
    const denied = await post(app, '/access/v1/evaluation', { subject: alice, action: write, resource: record2 })
    expect(denied.status).toBe(200)
    expect(denied.body).toEqual({
      decision: false,
      context: {
        code: 'matched',
        reason: "archived records change only by the records manager's hand",
        rules: ['archive-is-closed'],
      },
    })
  })

  it('answers batches', async () => {
    const body = {
      subject: bob,
      evaluations: [{ action: read, resource: record1 }, { action: write, resource: record1 }, {}],
    }
    const answer = await post(app, '/access/v1/evaluations', body)
    expect(answer).toMatchObject({
      status: 200,
      body: {
        evaluations: [
          { decision: true },
          { decision: false },
          { decision: false, context: { error: { status: 400 } } },
        ],
      },
    })
  })

  it('answers searches', async () => {
    const subjects = await post(app, '/access/v1/search/subject', { ...request, subject: { type: 'user' } })
    expect(subjects).toMatchObject({ status: 200, body: { results: [alice, bob] } })
    const resources = await post(app, '/access/v1/search/resource', {
      ...request,
      resource: { type: 'record' },
      page: { limit: 2 },
    })
    expect(resources.body).toEqual({
      page: { next_token: expect.stringMatching(/^[\w-]+$/), count: 2 },
      results: [record1, record2],
    })
    const actions = await post(app, '/access/v1/search/action', { subject: alice, resource: record1 })
    expect(actions.body).toEqual({ results: [{ name: 'read' }, { name: 'write' }] })
    const agent = { type: 'agent', id: 'scribe' }
    const tools = await post(app, '/access/v1/search/action', { subject: agent, resource: record1 })
    expect(tools.body).toEqual({ results: [{ name: 'tool:search' }, { name: 'tool:summarise' }] })
  })

  it('describes itself', async () => {
    const answer = await readAnswer(await app.request('http://pdp.test:81/.well-known/authzen-configuration'))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('cache-control')).toBe('max-age=300')
    expect(answer.body).toEqual({
      policy_decision_point: 'http://pdp.test:81',
      access_evaluation_endpoint: 'http://pdp.test:81/access/v1/evaluation',
      access_evaluations_endpoint: 'http://pdp.test:81/access/v1/evaluations',
      search_subject_endpoint: 'http://pdp.test:81/access/v1/search/subject',
      search_resource_endpoint: 'http://pdp.test:81/access/v1/search/resource',
      search_action_endpoint: 'http://pdp.test:81/access/v1/search/action',
    })
  })

  it('uses the clock it is given', async () => {
    const engine = await createEngine({
      policies: { version: 1, rules: [{ id: 'early', allow: 'read', when: { now: { lt: 1000 } } }] },
    })
    let time = 999
    const timed = createApp({ engine, now: () => time })
    const search = { subject: alice, resource: record1 }
    expect((await post(timed, '/access/v1/evaluation', request)).body.decision).toBe(true)
    expect((await post(timed, '/access/v1/search/action', search)).body).toEqual({ results: [read] })
    time = 1000
    expect((await post(timed, '/access/v1/evaluation', request)).body.decision).toBe(false)
    expect((await post(timed, '/access/v1/search/action', search)).body).toEqual({ results: [] })
  })
})

describe('health', () => {
  it('is alive and ready', async () => {
    expect(await readAnswer(await app.request('/healthz'))).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await readAnswer(await app.request('/readyz'))).toMatchObject({ status: 200, body: { status: 'ready' } })
  })

  it('is not ready without rules, and denies', async () => {
    const engine = await createEngine({ policies: { version: 1 } })
    const empty = createApp({ engine })
    expect((await empty.request('/healthz')).status).toBe(200)
    const ready = await readAnswer(await empty.request('/readyz'))
    expect(ready).toMatchObject({ status: 503, body: { code: 'E_NOT_READY' } })
    expect((await post(empty, '/access/v1/evaluation', request)).body).toMatchObject({
      decision: false,
      context: { code: 'no_policies' },
    })
    await engine.replacePolicies({ version: 1, rules: [{ id: 'all', allow: '*' }] })
    expect((await empty.request('/readyz')).status).toBe(200)
  })
})

describe('errors', () => {
  it('are Problem Details', async () => {
    const { status, headers, body } = await post(app, '/access/v1/evaluation', {})
    expect(status).toBe(400)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body).toEqual({
      title: 'Bad Request',
      status: 400,
      code: 'E_REQUEST',
      detail: 'subject is missing; give an object',
    })
  })

  it('name an unknown path, and the methods of a known one', async () => {
    const detail = 'there is nothing at this path; /openapi.json says what there is'
    expect(await post(app, '/access/v1/nothing', {})).toMatchObject({
      status: 404,
      body: { code: 'E_NOT_FOUND', detail },
    })
    for (const [path, allow] of [
      ['/access/v1/evaluation', 'POST'],
      ['/access/v1/search/action', 'POST'],
      ['/tenants/default/access/v1/evaluations', 'POST'],
    ] as const) {
      const answer = await readAnswer(await app.request(path))
      expect(answer).toMatchObject({ status: 405, body: { code: 'E_METHOD', detail: 'use POST here' } })
      expect(answer.headers.get('allow')).toBe(allow)
    }
    const wrong = await app.request('/.well-known/authzen-configuration', { method: 'DELETE' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('of our own give nothing away, and are logged', async () => {
    const logged: unknown[] = []
    const failing = await recordsApp({
      source: () => ({ list: () => Promise.reject(new Error('password hunter2 refused')) }),
      logger: { error: (message, cause) => logged.push(message, cause) },
    })
    const answer = await post(
      failing,
      '/access/v1/search/subject',
      { ...request, subject: { type: 'user' } },
      { 'X-Request-ID': 'r-1' },
    )
    expect(answer).toMatchObject({ status: 500, body: { code: 'E_INTERNAL' } })
    expect(answer.headers.get('x-request-id')).toBe('r-1')
    expect(JSON.stringify(answer.body)).not.toContain('hunter2')
    expect(logged).toEqual(['POST /access/v1/search/subject failed', new Error('password hunter2 refused')])
    expect((await post(failing, '/access/v1/evaluation', request)).body).toEqual({ decision: true })
  })

  it('of the options are told at once', () => {
    expect(() => createApp({})).toThrow('either engine or engines')
  })
})

describe('headers', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json;v=1',
  ])('take %s', async (type) => {
    expect((await post(app, '/access/v1/evaluation', request, { 'Content-Type': type })).status).toBe(200)
  })

  it.each(['text/plain', '', 'application/jsonp', 'application/json; charset=latin1', 'text/plain; application/json'])(
    'refuse %j',
    async (type) => {
      const answer = await post(app, '/access/v1/evaluation', request, { 'Content-Type': type })
      expect(answer).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
    },
  )

  it('echo a request id everywhere', async () => {
    const id = 'bfe9eb29 ~!"<x'
    for (const answer of [
      await post(app, '/access/v1/evaluation', request, { 'X-Request-ID': id }),
      await post(app, '/access/v1/evaluation', '{', { 'X-Request-ID': id }),
      await post(app, '/access/v1/evaluation', 'x'.repeat(2 ** 20 + 1), { 'X-Request-ID': id }),
      await post(app, '/nothing', request, { 'X-Request-ID': id }),
      await readAnswer(await app.request('/access/v1/evaluation', { headers: { 'X-Request-ID': id } })),
      await readAnswer(await app.request('/healthz', { headers: { 'X-Request-ID': id } })),
    ]) {
      expect(answer.headers.get('x-request-id')).toBe(id)
    }
  })

  it('echo any request id that a header can hold', async () => {
    for (const id of ['é', 'a\tb', 'x'.repeat(4000), '<script>', '{"a":1}']) {
      const answer = await post(app, '/access/v1/evaluation', request, { 'X-Request-ID': id })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('x-request-id')).toBe(id)
    }
    for (const id of ['\x7f', 'a\x01b', '']) {
      const answer = await post(app, '/access/v1/evaluation', request, { 'X-Request-ID': id })
      expect(answer.status).toBe(200)
      expect(answer.headers.has('x-request-id')).toBe(false)
    }
  })
})
