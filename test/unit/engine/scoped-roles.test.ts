/** Roles on a type of resources or on one resource, from requests and from entities. */
import { describe, expect, test } from 'vitest'
import type { HeldRole } from '../../../src/policy/document.ts'
import { ask, engineOf, failureOf, untyped } from './support.ts'

const hierarchy = { admin: ['editor'], editor: ['viewer'], viewer: [] }
const rules = [
  { id: 'view', allow: 'read', to: { role: 'viewer' } },
  { id: 'edit', allow: 'read', to: { role: 'editor' } },
]
const listing = { id: 'listed', allow: 'read', when: { 'subject.roles': { contains: 'editor' } } }

const places = [
  { type: 'doc', id: 'd1' },
  { type: 'doc', id: 'd2' },
  { type: 'file', id: 'd1' },
]

/** The rules that decide for each of the three places. */
const cases: readonly (readonly [string, readonly HeldRole[], readonly (readonly string[])[]])[] = [
  [
    'everywhere',
    ['editor'],
    [
      ['view', 'edit'],
      ['view', 'edit'],
      ['view', 'edit'],
    ],
  ],
  ['on a type', [{ role: 'editor', on: 'doc' }], [['view', 'edit'], ['view', 'edit'], []]],
  ['on a type, as a map', [{ role: 'editor', on: { type: 'file' } }], [[], [], ['view', 'edit']]],
  ['on one resource', [{ role: 'editor', on: { type: 'doc', id: 'd2' } }], [[], ['view', 'edit'], []]],
  ['with what it inherits', [{ role: 'admin', on: { type: 'doc', id: 'd1' } }], [['view', 'edit'], [], []]],
  ['beside one everywhere', ['viewer', { role: 'editor', on: 'file' }], [['view'], ['view'], ['view', 'edit']]],
  [
    'several',
    [
      { role: 'viewer', on: 'doc' },
      { role: 'editor', on: { type: 'doc', id: 'd2' } },
    ],
    [['view'], ['view', 'edit'], []],
  ],
  [
    'exactly, not by pattern',
    [
      { role: 'editor', on: '*' },
      { role: 'editor', on: { type: 'doc', id: 'd*' } },
    ],
    [[], [], []],
  ],
  ['on what nobody has', [{ role: 'editor', on: 'nothing' }], [[], [], []]],
  ['which nobody names', [{ role: 'stranger', on: 'doc' }], [[], [], []]],
]

describe.each(cases)('a role held %s', (_, roles, expected) => {
  test('by the request', async () => {
    const engine = await engineOf(rules, { roles: hierarchy })
    expect(places.map((place) => engine.evaluate(ask({ ...place, subject: { roles } })).rules)).toEqual(expected)
  })

  test('by the request, far behind in a long list', async () => {
    const engine = await engineOf(rules, { roles: hierarchy })
    const many = [...Array.from({ length: 100 }, (_, i) => `other-${i}`), ...roles]
    expect(places.map((place) => engine.evaluate(ask({ ...place, subject: { roles: many } })).rules)).toEqual(expected)
  })

  test('by the entity', async () => {
    const entities = { subjects: [{ type: 'user', id: 'alice', roles }] }
    const engine = await engineOf(rules, { roles: hierarchy, entities })
    expect(places.map((place) => engine.evaluate(ask(place)).rules)).toEqual(expected)
    // Once more in another order: nothing is left over from one request to the next.
    const reversed = places.toReversed().map((place) => engine.evaluate(ask(place)).rules)
    expect(reversed).toEqual(expected.toReversed())
  })

  test('as the attribute subject.roles: the names that apply, not what they inherit', async () => {
    const entities = { subjects: [{ type: 'user', id: 'alice', roles }] }
    const engine = await engineOf([...rules, listing], { roles: hierarchy, entities })
    const named = places.map(({ type, id }) =>
      roles.some((one) => {
        if (typeof one === 'string') return one === 'editor'
        const on = typeof one.on === 'string' ? { type: one.on } : one.on
        return one.role === 'editor' && on.type === type && (on.id === undefined || on.id === id)
      }),
    )
    for (const subject of [{ roles }, {}]) {
      const listed = places.map((place) => engine.evaluate(ask({ ...place, subject })).rules.includes('listed'))
      expect(listed).toEqual(named)
    }
  })
})

describe('subject.roles in conditions', () => {
  const when = { 'subject.roles': { any_matches: { item: { starts_with: 'ed' }, 'item.role': { exists: false } } } }

  test('has items that are names, whoever says the roles', async () => {
    const roles: HeldRole[] = ['viewer', { role: 'editor', on: 'doc' }]
    const entities = { subjects: [{ type: 'user', id: 'alice', roles }] }
    const engine = await engineOf([{ id: 'r', allow: 'read', when }], { entities })
    for (const request of [ask(), ask({ subject: { roles } })]) {
      expect(engine.evaluate(request).status).toBe('allow')
      expect(engine.evaluate({ ...request, resource: { type: 'file', id: 'd1' } }).status).toBe('deny')
    }
  })

  test('is empty and not missing when no role applies', async () => {
    const roles: HeldRole[] = [{ role: 'editor', on: 'doc' }]
    const entities = { subjects: [{ type: 'user', id: 'alice', roles }] }
    const engine = await engineOf([{ id: 'r', allow: 'read', when: { 'subject.roles': { eq: [] } } }], { entities })
    for (const subject of [{}, { roles }]) {
      expect(engine.evaluate(ask({ subject, type: 'file' })).status).toBe('allow')
      expect(engine.evaluate(ask({ subject })).status).toBe('deny')
    }
  })

  test('is explained as what was read', async () => {
    const roles: HeldRole[] = ['viewer', { role: 'editor', on: 'doc' }, { role: 'admin', on: 'file' }]
    const entities = { subjects: [{ type: 'user', id: 'alice', roles }] }
    const engine = await engineOf([listing], { entities })
    for (const subject of [{}, { roles }]) {
      const [rule] = engine.explain(ask({ subject })).rules
      expect(rule?.tests[0]).toMatchObject({ actual: ['viewer', 'editor'], outcome: 'true' })
    }
  })
})

test('roles of the request replace scoped ones of the entity', async () => {
  const entities = { subjects: [{ type: 'user', id: 'alice', roles: [{ role: 'editor', on: 'doc' }] }] }
  const engine = await engineOf([...rules, listing], { roles: hierarchy, entities })
  expect(engine.evaluate(ask()).rules).toEqual(['view', 'edit', 'listed'])
  expect(engine.evaluate(ask({ subject: { roles: ['viewer'] } })).rules).toEqual(['view'])
  expect(engine.evaluate(ask({ subject: { roles: 'viewer' } })).rules).toEqual(['view'])
  expect(engine.evaluate(ask({ subject: { roles: [] } })).rules).toEqual([])
  expect(engine.evaluate(ask()).rules).toEqual(['view', 'edit', 'listed'])
})

describe('a role of another form is E_REQUEST', () => {
  test.each<[string, unknown]>([
    ['one map without a list', { role: 'editor', on: 'doc' }],
    ['without a scope', [{ role: 'editor' }]],
    ['with an undefined scope', [{ role: 'editor', on: undefined }]],
    ['without a role', [{ on: 'doc' }]],
    ['with a role that is no string', [{ role: ['editor'], on: 'doc' }]],
    ['with one more key', [{ role: 'editor', on: 'doc', until: 5 }]],
    ['with one more key in its scope', [{ role: 'editor', on: { type: 'doc', owner: 'alice' } }]],
    ['with an id alone', [{ role: 'editor', on: { id: 'd1' } }]],
    ['with an id that is no string', [{ role: 'editor', on: { type: 'doc', id: 5 } }]],
    ['with an undefined id', [{ role: 'editor', on: { type: 'doc', id: undefined } }]],
    ['with a list of types', [{ role: 'editor', on: ['doc'] }]],
    ['with an inherited scope', [Object.create({ role: 'editor', on: 'doc' })]],
    ['with half of it inherited', [Object.assign(Object.create({ on: 'doc' }), { role: 'editor' })]],
    ['after one that is right', [{ role: 'editor', on: 'doc' }, { role: 'editor' }]],
  ])('%s', async (_, roles) => {
    const engine = await engineOf([...rules, listing])
    const list = Array.isArray(roles) ? [...Array.from({ length: 100 }, () => 'viewer'), ...roles] : roles
    for (const given of [roles, list]) {
      const request = untyped(ask({ subject: { roles: given } }))
      expect(failureOf(() => engine.evaluate(request))).toMatch(/^E_REQUEST: subject\.properties\.roles must be/)
    }
  })

  test('a resource whose type is no string, where a role asks for it', async () => {
    const engine = await engineOf([{ id: 'any', allow: '*' }])
    const request = untyped({
      ...ask({ subject: { roles: [{ role: 'a', on: 'doc' }] } }),
      resource: { type: 5, id: 'd1' },
    })
    expect(failureOf(() => engine.evaluate(request))).toMatch(/^E_REQUEST: resource\.type/)
  })
})

test('a thousand scoped roles of an entity, of which one applies', async () => {
  const roles = Array.from({ length: 1000 }, (_, i) => ({
    role: i === 700 ? 'editor' : 'viewer',
    on: { type: 'doc', id: `d${i}` },
  }))
  const engine = await engineOf([...rules, listing], {
    roles: hierarchy,
    entities: { subjects: [{ type: 'user', id: 'alice', roles }] },
  })
  expect(engine.evaluate(ask({ id: 'd700' })).rules).toEqual(['view', 'edit', 'listed'])
  expect(engine.evaluate(ask({ id: 'd701' })).rules).toEqual(['view'])
  expect(engine.evaluate(ask({ id: 'd1000' })).rules).toEqual([])
})
