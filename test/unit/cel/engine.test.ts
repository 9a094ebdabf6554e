/** Expressions as conditions: what they read, what they come to, what explanations and limits say. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest } from '../../../src/engine/types.ts'
import { ask, engineOf, engineWhen } from '../engine/support.ts'
import { decide } from './decide.ts'

describe('what is not there', () => {
  test.each([
    ['context.a == 1', 'n.e.'],
    ['context.a == 1 || true', true],
    ['context.a == 1 && false', false],
    ['has(context.a)', false],
    ['has(context.a.b)', 'n.e.'],
    ['context.?a.hasValue()', false],
    ['now == now', 'n.e.'],
  ])('%s', async (when, expected) => {
    expect(await decide(when, ask())).toBe(expected)
  })
})

describe('types do not blur', () => {
  const context = { t: true, n: 1, s: '1', l: [1], m: { a: 1 }, z: null }
  test.each([
    ['context.t', true],
    ['context.n', 'n.e.'],
    ['context.s == context.n', false],
    ['context.n == 1 && context.n == 1u && context.n == 1.0', true],
    ['context.l == [1] && context.m == {"a": 1}', true],
    ['context.l == context.m', false],
    ['context.m == context.m && context.m["a"] in context.l', true],
    ['context.z == null', true],
    ['context.m.b == null', 'n.e.'],
    ['type(context.n) == double && type(context.z) == null_type', true],
    ['context.m.exists(k, context.m[k] == 1)', true],
  ])('%s', async (when, expected) => {
    expect(await decide(when, ask({ context }))).toBe(expected)
  })
})

test('what a host may pass besides JSON is an error where it is looked at', async () => {
  const request = ask({ context: { a: Number.NaN, l: [1, undefined, Symbol.iterator], s: '\ud800', big: 1n } })
  expect(await decide('context.a == 1', request)).toBe('n.e.')
  expect(await decide('context.l[0] == 1', request)).toBe(true)
  expect(await decide('context.l.exists(x, x == 2)', request)).toBe('n.e.')
  expect(await decide('context.s == "a"', request)).toBe(false)
  expect(await decide('context.s + "a" == "b"', request)).toBe('n.e.')
  expect(await decide('context.big == 1', request)).toBe('n.e.')
})

test('only own properties are read, of maps inside, too', async () => {
  const context = { m: Object.assign(Object.create({ inherited: 1 }), { own: 1 }) as object }
  expect(await decide('context.m == {"own": 1}', ask({ context }))).toBe(true)
  expect(await decide('has(context.m.inherited)', ask({ context }))).toBe(false)
  expect(await decide('context.m.constructor == 1', ask({ context }))).toBe('n.e.')
})

test('entities supply what the request leaves out, whole', async () => {
  const engine = await engineWhen(
    'resource.meta.parts.exists(p, p.price > 5 && p.tags == ["x"]) && "a" in subject.roles',
    {
      entities: {
        subjects: [{ type: 'user', id: 'alice', roles: ['a'] }],
        resources: [
          { type: 'doc', id: 'd1', properties: { meta: { parts: [{ price: 7, tags: ['x'] }], other: {} } } },
          { type: 'doc', id: 'd2', properties: { meta: { parts: [{ price: 7, tags: ['y'] }] } } },
        ],
      },
      roles: { a: [] },
    },
  )
  expect(engine.evaluate(ask()).status).toBe('allow')
  expect(engine.evaluate(ask({ id: 'd2' })).status).toBe('deny')
  expect(engine.evaluate(ask({ resource: { meta: { parts: [] } } })).status).toBe('deny')
  const again = await createEngine({ image: engine.image.bytes })
  expect(again.evaluate(ask()).status).toBe('allow')
})

test('a structured test and an expression of the same attribute do not get in each other’s way', async () => {
  const engine = await engineOf([
    { id: 'a', allow: 'read', when: { 'context.l': { contains: { ref: 'context.s' } } } },
    { id: 'b', allow: 'read', when: 'context.l.exists(x, x == context.s + "")' },
    { id: 'c', allow: 'read', when: { 'subject.roles': { contains: { ref: 'context.s' } } } },
    { id: 'd', allow: 'read', when: 'context.s in subject.roles' },
  ])
  const request = ask({ context: { l: ['stranger'], s: 'stranger' }, subject: { roles: ['stranger'] } })
  expect(engine.evaluate(request).rules).toEqual(['a', 'b', 'c', 'd'])
})

describe('a deny that cannot be evaluated denies', () => {
  test('because of an error', async () => {
    const engine = await engineOf([
      { id: 'open', allow: 'read' },
      { id: 'closed', deny: 'read', when: '1 / int(context.n) > 0' },
    ])
    expect(engine.evaluate(ask({ context: { n: 0 } }))).toMatchObject({
      status: 'deny',
      code: 'not_evaluable',
      rules: ['closed'],
    })
    expect(engine.evaluate(ask({ context: { n: 5 } })).status).toBe('allow')
  })
})

describe('explain', () => {
  test('shows the text, and the part that failed with the reason', async () => {
    const engine = await engineOf([
      {
        id: 'r',
        allow: 'read',
        when: 'resource.open == true && context.n + 1.0 < 5.0',
        unless: 'context.l.exists(x, x.y > 1)',
      },
    ])
    const { rules } = engine.explain(ask({ resource: { open: true }, context: { l: [{}] } }))
    expect(rules[0]?.tests).toEqual([
      { path: 'resource.open', operator: 'eq', expected: true, actual: true, outcome: 'true' },
      {
        path: '',
        operator: 'cel',
        expected: 'context.n + 1.0 < 5.0',
        why: 'context.n: not there',
        outcome: 'not_evaluable',
      },
      {
        path: 'context.l',
        operator: 'not any_matches',
        expected: { 'item.y': { gt: 1 } },
        actual: [{}],
        outcome: 'not_evaluable',
      },
    ])
  })

  test.each([
    '(context.n + 1.0) * 2.0 == 4.0',
    '4.0 < 2.0 * ((context.n + 1.0))',
    '(context.s) == "x" ? true : (false)',
  ])('%s is told with its parentheses', async (when) => {
    for (const told of [when, `(${when})`]) {
      const engine = await engineWhen(told)
      expect(engine.explain(ask()).rules[0]?.tests[0]).toMatchObject({ operator: 'cel', expected: when })
    }
  })

  test.each([
    ['1 / int(context.n) > 0', { n: 0 }, '1 / int(context.n): divided by zero'],
    ['int(context.s) > 0', { s: 'x' }, 'int(context.s): cannot be converted'],
    ['context.l[3] == 1.0 + 0.0', { l: [1] }, 'context.l[3]: not there'],
    ['context.l[int(context.n)] == 1.0', { l: [1], n: 2 }, 'context.l[int(context.n)]: an index outside'],
    ['context.s < context.n', { s: 'x', n: 1 }, 'context.s < context.n: of a type that this does not work on'],
    ['context.n', { n: 1 }, 'it is no bool, but of type double'],
    ['(1 + int(context.n)) / 0 > 0', { n: 1 }, '(1 + int(context.n)) / 0: divided by zero'],
  ])('%s', async (when, context, why) => {
    const engine = await engineWhen(when)
    expect(engine.explain(ask({ context })).rules[0]?.tests[0]).toMatchObject({ outcome: 'not_evaluable', why })
  })
})

test.each([
  ['Europe/Berlin', '2026-03-29T00:59:59Z', 1],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', 3],
  ['Australia/Sydney', '2026-04-04T15:59:59Z', 2],
  ['Australia/Sydney', '2026-04-04T16:00:00Z', 2],
  ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 5],
])('hours in %s at %s', async (zone, time, hour) => {
  expect(await decide(`timestamp("${time}").getHours("${zone}") == ${hour}`, ask())).toBe(true)
})

test('outside of the years that a zone’s table covers there is no hour', async () => {
  expect(await decide('timestamp("1900-01-01T00:00:00Z").getHours("Europe/Berlin") == 0', ask())).toBe('n.e.')
})

test.each([
  ['2026-01-31T09:00:00+01:00', true],
  ['2026-01-31T07:00:00.000-01:00', true],
  ['2026-01-31T08:00:0000:00', 'n.e.'],
  ['2026-01-31T08:00:00', 'n.e.'],
])('%s is RFC 3339: %s', async (text, expected) => {
  const request = { ...ask(), resource: { type: 'file', id: '1', properties: { at: text } } }
  expect(await decide('timestamp(resource.at) == timestamp("2026-01-31T08:00:00Z")', request)).toBe(expected)
})

test('actor chains and what the host says of its state are there', async () => {
  const request: AccessRequest = {
    ...ask(),
    subject: { type: 'agent', id: 'bot', on_behalf_of: { type: 'user', id: 'ann', properties: { zone: 'eu' } } },
    state: { spent: 5 },
  }
  expect(await decide('chain.depth == 1 && chain.root.id == "ann" && state.spent * 2.0 == 10.0', request)).toBe(true)
  expect(await decide('chain.ancestors.exists(a, a.type == "user" && a.properties.zone == "eu")', request)).toBe(true)
})

test('the time is a timestamp', async () => {
  const now = Date.UTC(2026, 10, 21, 9, 30, 15, 250)
  expect(await decide('now == timestamp("2026-11-21T09:30:15.250Z")', ask(), now)).toBe(true)
  expect(await decide('now.getHours("+05:45") == 15 && now.getMilliseconds() == 250', ask(), now)).toBe(true)
  expect(
    await decide(
      'now - timestamp(context.at) < duration("10m")',
      ask({ context: { at: '2026-11-21T10:25:00+01:00' } }),
      now,
    ),
  ).toBe(true)
})
