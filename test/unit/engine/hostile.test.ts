/** Requests that try to look like what they are not: only own properties of plain data count. */
import { afterEach, describe, expect, test } from 'vitest'
import { loadCore } from '#core'
import { Decider } from '../../../src/engine/decider.ts'
import type { AccessRequest, Engine } from '../../../src/engine/types.ts'
import { ask, engineOf, engineWhen, failureOf } from './support.ts'

/** As a body of a request comes in: JSON.parse makes `__proto__` an own property. */
function parsed(json: string): AccessRequest {
  return JSON.parse(json) as AccessRequest
}

const alice = '"subject":{"type":"user","id":"alice"},"action":{"name":"read"},"resource":{"type":"doc","id":"d1"}'

describe('keys that every object seems to have', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', '__defineGetter__']

  test.each(names)('%s is missing unless it is there', async (name) => {
    const engine = await engineWhen({ [`context["${name}"]`]: { exists: true } })
    expect(engine.evaluate(ask({ context: {} })).decision).toBe(false)
    expect(engine.evaluate(ask({ context: { other: 1 } })).decision).toBe(false)
    expect(engine.evaluate(parsed(`{${alice},"context":{"${name}":null}}`)).decision).toBe(true)
    expect(engine.evaluate(parsed(`{${alice},"context":{"x":{"${name}":1}}}`)).decision).toBe(false)
  })

  test.each(names)('%s as an own property is an attribute like any other', async (name) => {
    const engine = await engineWhen({ [`context["${name}"].admin`]: true, [`subject["${name}"]`]: { contains: 'x' } })
    const subject = `"subject":{"type":"user","id":"alice","properties":{"${name}":["x"]}}`
    const rest = '"action":{"name":"read"},"resource":{"type":"doc","id":"d1"}'
    expect(engine.evaluate(parsed(`{${subject},${rest},"context":{"${name}":{"admin":true}}}`)).decision).toBe(true)
    expect(engine.evaluate(parsed(`{${subject},${rest},"context":{"${name}":{"admin":1}}}`)).decision).toBe(false)
  })

  test('an own __proto__ supplies nothing to the object that has it', async () => {
    const engine = await engineOf(
      [
        { id: 'zone', allow: 'read', when: { 'subject.zone': 'eu' } },
        { id: 'role', allow: 'read', to: { role: 'admin' } },
        { id: 'deep', allow: 'read', when: { 'context.a.b': 1 } },
      ],
      { roles: { admin: [] } },
    )
    const request = parsed(`{
      "subject":{"type":"user","id":"alice","properties":{"__proto__":{"zone":"eu","roles":["admin"]}}},
      "action":{"name":"read"},"resource":{"type":"doc","id":"d1"},
      "context":{"__proto__":{"a":{"b":1}},"a":{"__proto__":{"b":1}}}}`)
    expect(engine.evaluate(request).rules).toEqual([])
  })
})

describe('prototypes', () => {
  const condition = { 'subject.zone': 'eu', 'context.a.b': 1, 'resource.list': { contains: 'x' } }
  const good = { subject: { zone: 'eu' }, context: { a: { b: 1 } }, resource: { list: ['x'] } }

  test('objects without one are objects', async () => {
    const bare = <T extends object>(object: T): T => Object.assign(Object.create(null), object)
    const engine = await engineWhen(condition)
    const request = ask({ ...good, subject: bare(good.subject), context: bare({ a: bare({ b: 1 }) }) })
    expect(engine.evaluate(request).decision).toBe(true)
    expect(engine.evaluate(bare({ ...request, subject: bare(request.subject) })).decision).toBe(true)
    expect(engine.evaluate(ask({ ...good, subject: bare({ zone: 'us' }) })).decision).toBe(false)
  })

  test('supply nothing', async () => {
    const engine = await engineWhen(condition)
    expect(engine.evaluate(ask(good)).decision).toBe(true)
    for (const change of [
      { subject: Object.create({ zone: 'eu' }) },
      { context: Object.create({ a: { b: 1 } }) },
      { context: { a: Object.create({ b: 1 }) } },
    ]) {
      expect(engine.evaluate(ask({ ...good, ...change })).decision).toBe(false)
    }
  })

  test('getters of a class are not read', async () => {
    let reads = 0
    class Subject {
      level = 1
      get zone(): string {
        reads++
        return 'eu'
      }
    }
    const engine = await engineOf([
      { id: 'zone', allow: 'read', when: { 'subject.zone': 'eu' } },
      { id: 'level', allow: 'read', when: { 'subject.level': 1 } },
    ])
    expect(engine.evaluate(ask({ subject: { ...new Subject() } })).rules).toEqual(['level'])
    expect(
      engine.evaluate({ ...ask(), subject: { type: 'user', id: 'a', properties: Object(new Subject()) } }).rules,
    ).toEqual(['level'])
    expect(reads).toBe(0)
  })
})

describe('a polluted Object.prototype', () => {
  const prototype = Object.prototype as unknown as Record<string, unknown>
  const added = ['zone', 'roles', 'admin', 'properties', 'context', 'tenant', 'b', 'reg']
  afterEach(() => {
    for (const key of added) delete prototype[key]
  })

  const rules = [
    { id: 'zone', allow: 'read', when: { 'subject.zone': 'eu' } },
    { id: 'resource', allow: 'read', when: { 'resource.zone': 'eu' } },
    { id: 'action', allow: 'read', when: { 'action.zone': 'eu' } },
    { id: 'context', allow: 'read', when: { 'context.zone': 'eu' } },
    { id: 'deep', allow: 'read', when: { 'context.a.b': 1 } },
    { id: 'item', allow: 'read', when: { 'context.items': { any_matches: { 'item.admin': true } } } },
    { id: 'role', allow: 'read', to: { role: 'admin' } },
    { id: 'closed', deny: 'read', when: { 'context.closed': { exists: true } } },
  ]
  const request = ask({ subject: { x: 1 }, resource: {}, action: {}, context: { a: {}, items: [{}] } })
  const values = { zone: 'eu', roles: ['admin'], admin: true, b: 1 }

  /** With a setter that makes an own property, so that other code (the test runner's) can go on. */
  function accessor(key: string, value: unknown): PropertyDescriptor {
    const set = function (this: object, own: unknown): void {
      Object.defineProperty(this, key, { value: own, configurable: true, enumerable: true, writable: true })
    }
    return { get: () => value, set, configurable: true }
  }

  type Way = readonly [string, (key: string, value: unknown) => void]
  /** What code that writes where it should not does: the property shows in loops. */
  const seen: readonly Way[] = [
    [
      'by assignment',
      (key, value) => {
        prototype[key] = value
      },
    ],
    [
      'by a getter',
      (key, value) => Object.defineProperty(prototype, key, { ...accessor(key, value), enumerable: true }),
    ],
  ]
  /** On purpose, and by code that could do anything else as well; seen when it was done before the engine was made. */
  const hidden: readonly Way[] = [
    [
      'by a property that no loop shows',
      (key, value) => Object.defineProperty(prototype, key, { value, configurable: true, writable: true }),
    ],
    ['by a getter that no loop shows', (key, value) => Object.defineProperty(prototype, key, accessor(key, value))],
  ]

  function decide(engine: Engine): readonly string[] {
    const { rules } = engine.evaluate(request)
    const explained = engine.explain(request)
    expect(explained.decision.rules).toEqual(rules)
    return rules
  }

  test.each(seen)('%s changes no decision', async (_, pollute) => {
    const engine = await engineOf(rules, { roles: { admin: [] } })
    expect(decide(engine)).toEqual([])
    for (const [key, value] of Object.entries(values)) pollute(key, value)
    expect(decide(engine)).toEqual([])
    for (const key of Object.keys(values)) delete prototype[key]
    expect(decide(engine)).toEqual([])
    expect(engine.evaluate(ask({ context: { zone: 'eu' } })).rules).toEqual(['context'])
  })

  test.each([...seen, ...hidden])('%s before the engine is made changes no decision', async (_, pollute) => {
    for (const [key, value] of Object.entries(values)) pollute(key, value)
    const engine = await engineOf(rules, { roles: { admin: [] } })
    expect(decide(engine)).toEqual([])
    expect(engine.evaluate(ask({ context: { zone: 'eu' } })).rules).toEqual(['context'])
  })

  const bare = { subject: { type: 'user', id: 'ann' }, action: { name: 'read' }, resource: { type: 'page', id: '1' } }
  const parts: Readonly<Record<string, unknown>> = {
    properties: { roles: ['admin'], zone: 'eu' },
    context: { zone: 'eu' },
    state: { session: { roles: ['admin'] } },
    on_behalf_of: { type: 'user', id: 'boss' },
    delegation_chain: [{ type: 'user', id: 'boss' }],
    name: 'read',
  }
  const fault = expect.objectContaining({ code: 'E_PLATFORM' })

  /** With the prototype as it is for that call alone. */
  function polluted<T>(pollute: (key: string, value: unknown) => void, key: string, work: () => T): T {
    pollute(key, parts[key])
    try {
      return work()
    } finally {
      delete prototype[key]
    }
  }

  test.each(seen)('%s of a part of requests stops every way of asking', async (_, pollute) => {
    const engine = await engineOf(rules, { roles: { admin: [] } })
    const { name: _name, ...unnamed } = bare.action
    for (const key of Object.keys(parts)) {
      const request = key === 'name' ? { ...bare, action: unnamed as { name: string } } : bare
      for (const work of [
        () => engine.evaluate(request),
        () => engine.evaluateMany([request, request]),
        () => engine.explain(request),
        () => engine.rolesOf(request),
      ]) {
        let found: unknown
        try {
          found = polluted<unknown>(pollute, key, work)
        } catch (error) {
          found = error
        }
        expect(found, key).toEqual(fault)
      }
    }
    expect(engine.evaluate(bare).rules).toEqual([])
  })

  test.each([...seen, ...hidden])('%s of a part of requests: no engine is made', async (_, pollute) => {
    const { image } = await engineOf(rules, { roles: { admin: [] } })
    const core = await loadCore()
    for (const key of Object.keys(parts)) {
      expect(() => polluted(pollute, key, () => new Decider(core, image.bytes, () => '')), key).toThrow(fault)
    }
  })
})

describe('lists', () => {
  test('holes are no items that could be equal to anything', async () => {
    const engine = await engineOf([
      { id: 'null', allow: 'read', when: { 'context.list': { contains: null } } },
      { id: 'all', allow: 'read', when: { 'context.list': { all_match: { item: 'x' } } } },
      { id: 'none', allow: 'read', when: { 'context.list': { none_match: { item: 'y' } } } },
      { id: 'second', allow: 'read', when: { 'context.list[1]': { exists: true } } },
    ])
    const holes = ['x', 'x', 'x']
    expect(engine.evaluate(ask({ context: { list: holes } })).rules).toEqual(['all', 'none', 'second'])
    delete holes[1]
    expect(engine.evaluate(ask({ context: { list: holes } })).rules).toEqual([])
  })

  test('other properties of an array are not read', async () => {
    const engine = await engineWhen({ 'context.list.length': 2 })
    expect(engine.evaluate(ask({ context: { list: ['a', 'b'] } })).decision).toBe(false)
    expect(engine.evaluate(ask({ context: { list: { length: 2 } } })).decision).toBe(true)
    const extra = await engineWhen({ 'context.list.admin': true })
    expect(extra.evaluate(ask({ context: { list: Object.assign(['a'], { admin: true }) } })).decision).toBe(false)
  })

  test('what is only like a list is none', async () => {
    const engine = await engineWhen({ 'context.list': { contains: 'x' } })
    for (const list of [{ 0: 'x', length: 1 }, new Set(['x']), new Uint8Array(1)]) {
      expect(engine.evaluate(ask({ context: { list } })).decision).toBe(false)
    }
  })
})

describe('values that are none in JSON', () => {
  const invalid = [Number.NaN, Number.POSITIVE_INFINITY, 5n, Symbol('x'), () => 'x']
  test('satisfy nothing, and a deny that reads one denies', async () => {
    const engine = await engineOf([
      { id: 'open', allow: 'read', unless: { 'context.never': { exists: true } } },
      { id: 'neq', allow: 'read', when: { 'context.a': { neq: 1 } } },
      { id: 'missing', allow: 'read', when: { 'context.a': { exists: false } } },
      { id: 'deny', deny: 'read', when: { 'context.a': { eq: 'bad' } } },
    ])
    expect(engine.evaluate(ask({ context: { a: 'good' } })).rules).toEqual(['open', 'neq'])
    for (const a of invalid) {
      expect(engine.evaluate(ask({ context: { a } })), String(a)).toMatchObject({
        decision: false,
        code: 'not_evaluable',
      })
    }
  })

  test('boxed strings and numbers are maps, not strings and numbers', async () => {
    const engine = await engineWhen({ any: [{ 'context.a': 'x' }, { 'context.a': 5 }] })
    for (const a of [Object('x'), Object(5), new Date(5), /x/]) {
      expect(engine.evaluate(ask({ context: { a } })).decision).toBe(false)
    }
  })
})

test('reading a property may run code of the host: an error there is its own or a denial, never an allow', async () => {
  const engine = await engineWhen({ 'context.a': { neq: 'x', otherwise: true } })
  const context = {
    get a(): string {
      throw new RangeError('from the host')
    },
  }
  let decision: boolean | undefined
  try {
    decision = engine.evaluate(ask({ context })).decision
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
  }
  expect(decision ?? false).toBe(false)
  expect(engine.evaluate(ask({ context: { a: 'y' } })).decision).toBe(true)
  expect(failureOf(() => engine.evaluate(ask({ context: { a: 'x' } })))).toBe('no error')
})

test('reading a property may not ask the same engine, which decides on', async () => {
  const engine = await engineWhen({ 'context.a': { starts_with: 'x' }, 'context.b': { starts_with: 'x' } })
  const inner = ask({ context: { a: 'xa', b: 'xb' } })
  const outer = ask({
    context: {
      a: 'xa',
      get b(): string {
        return engine.evaluate(inner).decision ? 'x' : 'y'
      },
    },
  })
  expect(failureOf(() => engine.evaluate(outer))).toMatch(/^E_USAGE: a getter in a request may not/)
  expect(engine.evaluate(inner).decision).toBe(true)
  expect(engine.evaluate(ask({ context: { a: 'xa', b: 'no' } })).decision).toBe(false)
})
