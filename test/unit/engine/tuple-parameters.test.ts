/** Conditions on tuples with parameters: what of JSON is of a type, whose value counts, and what is missing. */
import { describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../../src/index.ts'

const relations = { user: {}, doc: { viewer: ['user with c'] } }

/** Asks for a tuple whose condition has one parameter `x`. */
async function ask(type: string, cel: string, own: object, context: object = {}): Promise<string> {
  const engine = await createEngine({
    policies: {
      version: 1,
      relations,
      conditions: { c: { parameters: { x: type, y: 'bool' }, cel } },
      rules: [{ id: 'r', allow: 'read' }],
    },
  })
  add(engine, own)
  return engine.relations.check({ subject: 'user:ann', relation: 'viewer', object: 'doc:1', context: { ...context } })
    .outcome
}

function add(engine: Engine, context: object): void {
  const condition = { name: 'c', context: context as Readonly<Record<string, unknown>> }
  engine.relations.add({ object: 'doc:1', relation: 'viewer', subject: 'user:ann', condition })
}

describe('values of JSON as values of a type', () => {
  test.each([
    ['int', 'x == 3', 3, 'true'],
    ['int', 'x == 3', '3', 'true'],
    ['int', 'x == 300', '3e2', 'true'],
    ['int', 'x == 9007199254740993', '9007199254740993', 'true'],
    ['int', 'x / 2 == 1', 3, 'true'],
    ['int', 'x == 1', 1.5, 'not_evaluable'],
    ['int', 'x == 1', true, 'not_evaluable'],
    ['uint', 'x == 3u', 3, 'true'],
    ['uint', 'x == 3u', -3, 'not_evaluable'],
    ['double', 'x == 1.5', 1.5, 'true'],
    ['double', 'x == 1.5', '1.5', 'true'],
    ['double', 'x == 1.5', 'one', 'not_evaluable'],
    ['bool', 'x', true, 'true'],
    ['bool', 'x', 'true', 'not_evaluable'],
    ['string', 'x == "a"', 'a', 'true'],
    ['string', 'x == "a"', 1, 'not_evaluable'],
    ['string', 'x == "a"', null, 'not_evaluable'],
    ['any', 'x == null', null, 'true'],
    ['any', 'x.a[0] == 1', { a: [1] }, 'true'],
    ['timestamp', 'x < timestamp("2026-01-01T00:00:01Z")', '2026-01-01T01:00:00+01:00', 'true'],
    ['timestamp', 'x != null', '2026-01-01', 'not_evaluable'],
    ['duration', 'x == duration("90m")', '1h30m', 'true'],
    ['duration', 'x > duration("0s")', 5, 'not_evaluable'],
    ['duration', 'x > duration("0s")', 'soon', 'not_evaluable'],
    ['list<int>', 'x == [1, 2]', [1, '2'], 'true'],
    ['list<int>', 'size(x) == 2', [1, 2.5], 'not_evaluable'],
    ['list<timestamp>', 'x.all(t, t.getFullYear() == 2026)', ['2026-05-01T00:00:00Z'], 'true'],
    ['list<list<string>>', 'x[1][0] == "b"', [['a'], ['b']], 'true'],
    ['map<uint>', 'x["a"] == 1u && x.all(k, x[k] > 0u)', { a: 1, b: 2 }, 'true'],
    ['map<uint>', 'x["a"] == 1u', { a: 1, b: 'two' }, 'not_evaluable'],
    ['map<string>', '"a" in x', [], 'not_evaluable'],
    ['list', 'x[0] == "a" && x[1] == 1', ['a', 1], 'true'],
  ])('%s: %s of %j', async (type, cel, value, outcome) => {
    expect(await ask(type, cel, {}, { x: value })).toBe(outcome)
    // What can be seen to be of another type is not added in the first place.
    const own = ask(type, cel, { x: value })
    if (outcome === 'true') expect(await own).toBe('true')
    else
      await own.then(
        (got) => expect(got).toBe(outcome),
        ({ code }) => expect(code).toBe('E_TUPLE'),
      )
  })
})

describe('addresses and ranges', () => {
  test.each([
    ['192.168.0.1', '192.168.0.0/24', 'true'],
    ['192.168.1.1', '192.168.0.0/24', 'false'],
    // The bits behind the prefix do not count.
    ['192.168.0.1', '192.168.0.77/24', 'true'],
    ['10.0.0.1', '0.0.0.0/0', 'true'],
    ['10.0.0.1', '10.0.0.1/32', 'true'],
    ['::ffff:10.0.0.1', '10.0.0.0/8', 'true'],
    ['10.0.0.1', '::ffff:10.0.0.0/104', 'true'],
    ['10.0.0.1', '::/0', 'false'],
    ['2001:db8::1', '2001:db8::/32', 'true'],
    ['2001:db9::1', '2001:db8::/32', 'false'],
    ['2001:db8::1', '10.0.0.0/8', 'false'],
    ['10.0.0.1', '10.0.0.0', 'not_evaluable'],
    ['10.0.0.1', '10.0.0.0/33', 'not_evaluable'],
    ['10.0.0.1', '10.0.0.0/08', 'not_evaluable'],
    ['10.0.0.1', '10.0.0.0/', 'not_evaluable'],
    ['10.0.0.1', '10.0.0.0/-1', 'not_evaluable'],
    ['10.0.0.1', '::ffff:10.0.0.0/90', 'not_evaluable'],
    ['10.0.0.1', 'ten/8', 'not_evaluable'],
    ['10.0.0', '10.0.0.0/8', 'not_evaluable'],
    ['10.0.0.01', '10.0.0.0/8', 'not_evaluable'],
    ['fe80::1%eth0', 'fe80::/10', 'not_evaluable'],
  ])('%s in %s', async (address, range, outcome) => {
    expect(await ask('ipaddress', `x.in_cidr(${JSON.stringify(range)})`, { x: address })).toBe(outcome)
  })

  test.each(['duration("30d") > duration("1h")', 'timestamp("2026-01-01").getHours("+25:00") > 1'])(
    '%s is not evaluable, as in the models of others',
    async (cel) => {
      expect(await ask('bool', `x && ${cel}`, { x: true })).toBe('not_evaluable')
    },
  )

  test('are equal when they are one address', async () => {
    expect(await ask('ipaddress', 'x == ipaddress("10.0.0.1")', { x: '::ffff:a00:1' })).toBe('true')
    expect(await ask('ipaddress', 'x != ipaddress("10.0.0.1")', { x: '10.0.0.2' })).toBe('true')
    expect(await ask('ipaddress', 'x != null && x in [ipaddress("::1")]', { x: '0:0::1' })).toBe('true')
    expect(await ask('list<ipaddress>', 'x.exists(a, a.in_cidr("10.0.0.0/8"))', { x: ['1.1.1.1', '10.9.9.9'] })).toBe(
      'true',
    )
  })
})

test('what the tuple says comes before what the request says', async () => {
  expect(await ask('int', 'x == 1', { x: 1 }, { x: 2 })).toBe('true')
  expect(await ask('int', 'x == 1', { x: 2 }, { x: 1 })).toBe('false')
})

describe('a parameter that nobody gives', () => {
  const model = (expression: string) =>
    `model\n  schema 1.1\ntype user\ntype doc\n  relations\n    define viewer: [user with c]\ncondition c(x: bool, y: bool) {\n  ${expression}\n}\n`

  test('makes a condition of ours not evaluable where it matters', async () => {
    expect(await ask('bool', 'x || y', { x: true })).toBe('true')
    expect(await ask('bool', 'x && y', { x: false })).toBe('false')
    expect(await ask('bool', 'x && y', { x: true })).toBe('not_evaluable')
  })

  test('makes one of an OpenFGA model not evaluable, as it is there', async () => {
    const engine = await createEngine({
      policies: { version: 1, relations: { openfga: model('x || y') }, rules: [{ id: 'r', allow: 'read' }] },
    })
    add(engine, { x: true })
    const question = { subject: 'user:ann', relation: 'viewer', object: 'doc:1' }
    expect(engine.relations.check(question)).toMatchObject({ outcome: 'not_evaluable', code: 'condition' })
    expect(engine.relations.check({ ...question, context: { y: false } }).outcome).toBe('true')
  })
})

test.each([
  [{ z: 1 }, 'there is no parameter of "c" called "z"; known are x, y'],
  [{ x: 'many' }, 'the parameter "x" of "c" cannot be "many"; it is of type int'],
])('a tuple with the context %j is refused', async (context, message) => {
  await expect(ask('int', 'x == 1', context)).rejects.toMatchObject({ code: 'E_TUPLE', message })
})

test('decisions read parameters from the context of the request', async () => {
  const engine = await createEngine({
    policies: {
      version: 1,
      relations,
      conditions: { c: { parameters: { ip: 'ipaddress', range: 'string' }, cel: 'ip.in_cidr(range)' } },
      entities: {
        tuples: [
          {
            object: 'doc:1',
            relation: 'viewer',
            subject: 'user:ann',
            condition: { name: 'c', context: { range: '10.0.0.0/8' } },
          },
        ],
      },
      rules: [{ id: 'viewers', allow: 'read', on: 'doc', to: { relation: 'viewer' } }],
    },
  })
  const read = (context: Readonly<Record<string, unknown>>) =>
    engine.evaluate({
      subject: { type: 'user', id: 'ann' },
      action: { name: 'read' },
      resource: { type: 'doc', id: '1' },
      context,
    })
  expect(read({ ip: '10.1.2.3' }).decision).toBe(true)
  expect(read({ ip: '11.1.2.3' })).toMatchObject({ decision: false, code: 'no_match' })
  expect(read({})).toMatchObject({ decision: false, code: 'no_match' })
})

test('CEL without parameters reads the context of the tuple as "tuple"', async () => {
  const engine = await createEngine({
    policies: {
      version: 1,
      relations,
      conditions: { c: 'tuple.zones.exists(z, z == context.zone) && tuple.limits[context.zone] > context.amount' },
      rules: [{ id: 'r', allow: 'read' }],
    },
  })
  add(engine, { zones: ['north', 'south'], limits: { north: 10, south: 1 } })
  const ask = (context: Readonly<Record<string, unknown>>) =>
    engine.relations.check({ subject: 'user:ann', relation: 'viewer', object: 'doc:1', context }).outcome
  expect(ask({ zone: 'north', amount: 5 })).toBe('true')
  expect(ask({ zone: 'south', amount: 5 })).toBe('false')
  expect(ask({ zone: 'west', amount: 5 })).toBe('false')
  expect(ask({ zone: 'north' })).toBe('not_evaluable')
})
