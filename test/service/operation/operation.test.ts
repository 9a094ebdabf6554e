/** The mechanism of operations, with an API of its own: what lets calls in, what refuses them, and with which words. */
import type { Hono } from 'hono'
import Type from 'typebox'
import { beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { SallyportError } from '../../../src/errors.ts'
import { createApp } from '../../../src/service/app.ts'
import { defineApi } from '../../../src/service/operation/api.ts'
import { operationsWith } from '../../../src/service/operation/operation.ts'
import { ProblemError } from '../../../src/service/problem.ts'
import { postInit, readAnswer } from '../support.ts'

interface Shelf {
  readonly books: Map<string, number>
}
const define = operationsWith<Shelf>()
const Reader = Type.Object({ type: Type.String({ minLength: 1 }), id: Type.String() }, { additionalProperties: false })
const operations = [
  define({
    method: 'POST',
    path: '/v1/books/{book}',
    operationId: 'lend',
    tag: 'books',
    summary: 'Lends a book.',
    permission: 'books:lend',
    params: Type.Object({ book: Type.String() }),
    query: Type.Object(
      { days: Type.Optional(Type.Integer({ minimum: 1 })), late: Type.Optional(Type.Boolean()) },
      { additionalProperties: false },
    ),
    headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ maxLength: 8 })) }),
    body: Type.Object(
      {
        reader: Reader,
        tags: Type.Optional(Type.Array(Type.String())),
        kind: Type.Optional(Type.Enum(['short', 'long'])),
        by: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
      },
      { additionalProperties: false },
    ),
    answers: { 201: { description: 'Lent.' } },
    answer: ({ params, query, headers, body, point }, { books }) => {
      if (params.book === 'broken') throw new Error('no such luck')
      if (params.book === 'taken') throw new SallyportError('E_TASK_STATE', 'it is lent')
      books.set(params.book, query.days ?? 0)
      return { status: 201, body: { params, query, headers, body, tenant: point.engine.tenant } }
    },
  }),
  define({
    method: 'DELETE',
    path: '/v1/books/{book}',
    operationId: 'drop',
    tag: 'books',
    summary: 'Drops a book.',
    permission: 'books:drop',
    params: Type.Object({ book: Type.String() }),
    answers: { 204: { description: 'Gone.' } },
    answer: () => ({ status: 204 }),
  }),
]

let app: Hono
const faults: unknown[] = []
beforeAll(async () => {
  const policies = (tenant: string) => ({ version: 1 as const, tenant, rules: [{ id: 'a', allow: 'read' }] })
  const engines = new Map([
    ['default', await createEngine({ policies: policies('default') })],
    ['acme', await createEngine({ policies: policies('acme') })],
  ])
  const shelf: Shelf = { books: new Map() }
  const api = defineApi({
    operations,
    admit: ({ permission }, { point }) => {
      if (permission === 'books:drop' && point.caller?.id !== 'keeper') throw new ProblemError(403, 'E_FORBIDDEN', 'no')
      return shelf
    },
  })
  const identify = ({ headers }: Request) => {
    const id = headers.get('x-caller')
    return id === null ? undefined : { id, tenants: 'all' as const }
  }
  app = createApp({ engines, apis: [api], identify, logger: { error: (_, cause) => void faults.push(cause) } })
})

const caller = { 'X-Caller': 'reader' }
const reader = { type: 'user', id: 'ann' }
const send = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
  readAnswer(await app.request(path, postInit(body, { ...caller, ...headers })))

describe('an operation', () => {
  it('gets its parts checked, with their types', async () => {
    const answer = await send('/v1/books/a%2Fb?days=3&late=false', { reader }, { 'Idempotency-Key': 'k' })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body).toEqual({
      params: { book: 'a/b' },
      query: { days: 3, late: false },
      headers: { 'idempotency-key': 'k' },
      body: { reader },
      tenant: 'default',
    })
  })

  it('answers below the path of each tenant, and not below others', async () => {
    expect((await send('/tenants/acme/v1/books/1', { reader })).body).toMatchObject({ tenant: 'acme' })
    expect(await send('/tenants/none/v1/books/1', { reader })).toMatchObject({
      status: 404,
      body: { code: 'E_TENANT' },
    })
  })

  it('may answer without a body', async () => {
    const answer = await app.request('/v1/books/1', { method: 'DELETE', headers: { 'X-Caller': 'keeper' } })
    expect([answer.status, await answer.text()]).toEqual([204, ''])
  })

  it('that has no body is not called by pages of other sites', async () => {
    const call = async (method: string, site: string) => {
      const headers = { 'X-Caller': 'keeper', 'Content-Type': 'text/plain', 'Sec-Fetch-Site': site }
      return app.request('/v1/books/1', { method, headers })
    }
    const refused = await readAnswer(await call('DELETE', 'cross-site'))
    expect(refused).toMatchObject({ status: 403, body: { code: 'E_FORBIDDEN' } })
    for (const site of ['same-origin', 'same-site', 'none']) expect((await call('DELETE', site)).status).toBe(204)
    // One with a body takes JSON alone, which a browser asks about before.
    expect((await readAnswer(await call('POST', 'cross-site'))).body).toMatchObject({
      status: 400,
      detail: expect.stringContaining('Content-Type'),
    })
  })

  it('refuses methods that the path has not', async () => {
    const answer = await readAnswer(await app.request('/v1/books/1', { headers: caller }))
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, DELETE'])
  })
})

describe('a call', () => {
  it.each([
    [{}, 'the body lacks /reader'],
    [{ reader: { type: 'user' } }, 'the body lacks /reader/id'],
    [{ reader: { type: '', id: 'x' } }, 'the body at /reader/type must not have fewer than 1 characters'],
    [{ reader: { ...reader, admin: true } }, 'the body has /reader/admin, which is not known here'],
    [{ reader, 'a/b~': 1 }, 'the body has /a~1b~0, which is not known here'],
    [{ reader, tags: ['a', 1] }, 'the body at /tags/1 must be string'],
    [{ reader, kind: 'middle' }, 'the body at /kind must be one of "short", "long"'],
    [{ reader, by: 3 }, 'the body at /by has none of the forms that are possible there'],
    [{ reader, by: [3] }, 'the body at /by/0 must be string'],
  ])('with the body %j is refused in one line', async (body, detail) => {
    expect(await send('/v1/books/1', body)).toMatchObject({ status: 400, body: { code: 'E_REQUEST', detail } })
  })

  it('shows no control characters of names, and not all of a long one', async () => {
    const { body } = await send('/v1/books/1', { reader, [`\n\u0000${'x'.repeat(500)}`]: 1 })
    expect(body.detail).toMatch(/^the body has \/\\n\\u0000x+…, which is not known here$/)
    expect(String(body.detail).length).toBeLessThan(200)
  })

  it.each([
    ['days=0', 'the query at /days must be >= 1'],
    ['days=1e3', 'the query at /days must be integer'],
    ['days=', 'the query at /days must be integer'],
    ['late=yes', 'the query at /late must be boolean'],
    ['days=1&days=2', 'the query has "days" twice'],
    ['__proto__=1', 'the query has /__proto__, which is not known here'],
  ])('with the query %s is refused', async (query, detail) => {
    const answer = await send(`/v1/books/1?${query}`, { reader })
    expect(answer).toMatchObject({ status: 400, body: { code: 'E_REQUEST', detail } })
  })

  it('with a header that would have no effect, or that is wrong, is refused', async () => {
    const ifMatch = await send('/v1/books/1', { reader }, { 'If-Match': '"1"' })
    expect(ifMatch.body).toMatchObject({ detail: 'this operation takes no if-match header; leave it out' })
    const long = await send('/v1/books/1', { reader }, { 'Idempotency-Key': 'x'.repeat(9) })
    expect(long.status).toBe(400)
  })

  it('by nobody is refused before anything else', async () => {
    for (const path of ['/v1/books/1', '/tenants/none/v1/books/1']) {
      expect((await app.request(path, postInit('{'))).status).toBe(401)
    }
  })

  it('is refused before its body is read, where its caller may not call', async () => {
    const answer = await readAnswer(await app.request('/v1/books/1', { method: 'DELETE', headers: caller, body: '{' }))
    expect(answer).toMatchObject({ status: 403, body: { code: 'E_FORBIDDEN' } })
  })

  it('that fails by what it asks is told so, and by a fault of ours is not', async () => {
    expect(await send('/v1/books/taken', { reader })).toMatchObject({ status: 409, body: { code: 'E_TASK_STATE' } })
    expect(await send('/v1/books/broken', { reader })).toMatchObject({ status: 500, body: { code: 'E_INTERNAL' } })
    expect(faults).toHaveLength(1)
  })
})
