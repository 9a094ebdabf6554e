/** Hostile and broken bodies against a real server: each is refused, or changes nothing, and the service goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BothWays, serveBothWays } from './both-ways.ts'
import { alice, postInit, read, record1, recordsApp, request } from './support.ts'

let both: BothWays
beforeAll(async () => {
  both = await serveBothWays(await recordsApp())
})
afterAll(() => both.close())

const send = (path: string, body: unknown) => both.fetch(path, postInit(body))
const evaluate = (body: unknown) => send('/access/v1/evaluation', body)
const paths = ['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action'].map(
  (p) => `/access/v1/${p}`,
)

/** A request as text, with something put in front of its parts. */
const withText = (text: string) => `{${text},${JSON.stringify(request).slice(1)}`
const manyAttributes = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`attribute${n}`, n]))

describe('broken bodies are refused with 400 at every endpoint', () => {
  const bodies: Record<string, string> = {
    'malformed JSON': '{"subject": ',
    nothing: '',
    'a list': '[]',
    null: 'null',
    'two values': '{} {}',
    'a comment': withText('"a":1 /* b */'),
    NaN: withText('"a":NaN'),
    Infinity: withText('"a":-Infinity'),
    'a number beyond doubles': withText('"a":1e999'),
    'a duplicate key': withText('"subject":{"type":"user","id":"bob"}'),
    'an escaped duplicate key': withText('"\\u0073ubject":{"type":"user","id":"bob"}'),
    'a deep duplicate key': withText('"context":{"a":[{"b":1,"b":2}]}'),
    'a lone surrogate': withText('"a":"\\ud800"'),
    'a lone surrogate in a name': withText('"\\udc00":1'),
    'deep lists': withText(`"a":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    'deep objects': withText(`"a":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`),
    'wrong types': JSON.stringify({ subject: 'alice', action: 1, resource: [] }),
    'missing fields': '{}',
    'a polluted prototype instead of fields': JSON.stringify({ constructor: request }).replace(
      'constructor',
      '__proto__',
    ),
  }
  it.each(Object.entries(bodies))('%s', async (_name, body) => {
    for (const path of paths) {
      const answer = await send(path, body)
      expect(answer, path).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
    }
    expect((await evaluate(request)).body).toEqual({ decision: true })
  })

  it('invalid UTF-8', async () => {
    const bytes = new TextEncoder().encode(withText('"a":"xx"'))
    for (const invalid of [
      [0xff, 0xfe],
      [0xc0, 0xaf],
      [0xed, 0xa0],
      [0xe2, 0x28],
    ]) {
      const body = new Uint8Array(bytes)
      body.set(invalid, bytes.indexOf(0x78))
      const answer = await both.fetch(paths[0]!, { ...postInit({}), body })
      expect(answer).toMatchObject({ status: 400, body: { detail: 'the body is not valid UTF-8' } })
    }
  })
})

describe('a decision does not depend on', () => {
  it.each([
    ['unknown fields', { ...request, foo: 'bar', futureField: { nested: true } }],
    ['unknown fields inside the parts', { ...request, subject: { ...alice, roles: ['admin'], x: null } }],
    ['10,000 attributes', { ...request, context: manyAttributes, subject: { ...alice, properties: manyAttributes } }],
    [
      'constructor and prototype',
      { ...request, constructor: { prototype: { decision: false } }, context: { constructor: 1 } },
    ],
  ])('%s', async (_name, body) => {
    expect(await evaluate(body)).toMatchObject({ status: 200, body: { decision: true } })
  })

  it('__proto__ anywhere', async () => {
    const admin = '{"role":"admin","status":"archived","roles":["editor"]}'
    const stranger = `{"type":"user","id":"eve","properties":{"__proto__":${admin}},"__proto__":{"properties":${admin}}}`
    const body = (action: string) =>
      `{"subject":${stranger},"action":{"name":"${action}"},"resource":${JSON.stringify(record1)},"__proto__":${admin}}`
    for (const action of ['read', 'write', 'delete']) {
      expect(await evaluate(body(action))).toMatchObject({ status: 200, body: { decision: false } })
    }
    expect({}).not.toHaveProperty('role')
    expect(
      (await evaluate({ subject: { type: 'user', id: 'eve' }, action: read, resource: record1 })).body.decision,
    ).toBe(false)
  })
})

describe('roles of the wrong type', () => {
  it.each([{ roles: 7 }, { roles: null }, { roles: {} }, { roles: [7] }, { roles: true }])(
    '%j are refused',
    async ({ roles }) => {
      const body = { ...request, subject: { ...alice, properties: { roles } } }
      expect(await evaluate(body)).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
    },
  )
})
