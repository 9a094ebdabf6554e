/** The subject's roles: one string or a list of strings, from the request or from the entity. */
import { describe, expect, test } from 'vitest'
import { ask, engineOf, failureOf, untyped } from './support.ts'

const engine = await engineOf(
  [
    { id: 'view', allow: 'read', to: { role: 'viewer' } },
    { id: 'edit', allow: 'read', to: { role: ['editor', 'admin'] } },
    { id: 'listed', allow: 'read', when: { 'subject.roles': { contains: 'guest' } } },
  ],
  {
    roles: { admin: ['editor'], editor: ['viewer'], viewer: [], guest: [] },
    entities: { subjects: [{ type: 'user', id: 'alice', roles: ['viewer'] }] },
  },
)

function rules(roles: unknown, id = 'bob'): readonly string[] {
  return engine.evaluate({ ...ask(), subject: { type: 'user', id, properties: { roles } } }).rules
}

describe('roles', () => {
  test('as one string', () => {
    expect(rules('viewer')).toEqual(['view'])
    expect(rules('editor')).toEqual(['view', 'edit'])
    expect(rules('nobody')).toEqual([])
    expect(rules('')).toEqual([])
  })

  test('as a list, with those that they inherit, each rule once', () => {
    expect(rules([])).toEqual([])
    expect(rules(['admin'])).toEqual(['view', 'edit'])
    expect(rules(['viewer', 'editor', 'admin', 'admin'])).toEqual(['view', 'edit'])
    expect(rules(['nobody', 'guest'])).toEqual(['listed'])
  })

  test('of a subject without any', () => {
    expect(engine.evaluate({ ...ask(), subject: { type: 'user', id: 'bob' } }).rules).toEqual([])
    expect(rules(undefined)).toEqual([])
  })

  test('of the entity, unless the request says which', () => {
    expect(engine.evaluate(ask()).rules).toEqual(['view'])
    expect(rules(undefined, 'alice')).toEqual(['view'])
    expect(rules(['guest'], 'alice')).toEqual(['listed'])
    expect(rules([], 'alice')).toEqual([])
    expect(rules('editor', 'alice')).toEqual(['view', 'edit'])
  })

  test.each([1, 15, 63, 64, 65, 200, 5000])('%i of them, the one that matters last', (count) => {
    const others = Array.from({ length: count - 1 }, (_, i) => `other-${i}`)
    expect(rules([...others, 'admin'])).toEqual(['view', 'edit'])
    expect(rules([...others, 'guest'])).toEqual(['listed'])
    expect(rules(others)).toEqual([])
  })

  test('many, then few, then none: nothing is left over', () => {
    const many = Array.from({ length: 200 }, (_, i) => (i === 150 ? 'admin' : `other-${i}`))
    for (const [roles, expected] of [
      [many, ['view', 'edit']],
      [['viewer'], ['view']],
      [[], []],
      ['editor', ['view', 'edit']],
      [undefined, []],
    ] as const) {
      expect(rules(roles)).toEqual(expected)
    }
  })

  test.each([
    null,
    5,
    true,
    {},
    { 0: 'admin', length: 1 },
    ['admin', 5],
    [null],
    [['admin']],
    [undefined],
    new Array(2).fill('admin', 1),
  ])('of another type: %j is E_REQUEST', (roles) => {
    const request = untyped(ask({ subject: { roles } }))
    expect(failureOf(() => engine.evaluate(request))).toMatch(/^E_REQUEST: subject\.properties\.roles must be/)
  })

  test('of another type far behind in a long list are E_REQUEST, too', () => {
    const request = ask({ subject: { roles: [...Array.from({ length: 100 }, () => 'viewer'), 5] } })
    expect(failureOf(() => engine.evaluate(request))).toMatch(/^E_REQUEST/)
  })

  test('with a hole in a long list are E_REQUEST, too', () => {
    const roles = Array.from({ length: 100 }, () => 'viewer')
    delete roles[50]
    expect(failureOf(() => engine.evaluate(ask({ subject: { roles } })))).toMatch(/^E_REQUEST/)
  })

  test('are refused whatever the policies read', async () => {
    const open = await engineOf([{ id: 'open', allow: '*' }])
    expect(failureOf(() => open.evaluate(ask({ subject: { roles: 5 } })))).toMatch(/^E_REQUEST/)
  })
})

test('a condition on parts of roles stays itself beside an expression on all of them', async () => {
  const subject = (roles: readonly string[] | undefined, id = 'bob') => ({
    type: 'user',
    id,
    ...(roles && { properties: { roles } }),
  })
  for (const cel of ['subject.roles == ["zz"]', 'subject.roles.exists(r, r == "zz")', '"zz" in subject.roles']) {
    const whole = await engineOf(
      [
        {
          id: 'part',
          deny: 'read',
          when: { 'subject.roles': { any_matches: { 'item.name': { starts_with: 'x', otherwise: false } } } },
        },
        { id: 'name', allow: 'read', when: { 'subject.roles': { any_matches: { item: { starts_with: 'x' } } } } },
        { id: 'cel', allow: 'read', when: { cel } },
      ],
      { entities: { subjects: [{ type: 'user', id: 'eve', roles: ['a', 'x', { role: 'x', on: 'doc' }] }] } },
    )
    for (const [given, expected] of [
      // A name has no parts; it is not the next name.
      [subject(['a', 'x1']), ['name']],
      [subject(['zz']), ['cel']],
      [subject(undefined, 'eve'), ['name']],
    ] as const) {
      const request = { ...ask(), subject: given }
      expect(whole.evaluate(request).rules, cel).toEqual(expected)
      const answer: unknown = JSON.parse(
        new TextDecoder().decode(whole.evaluateJson(new TextEncoder().encode(JSON.stringify(request)))),
      )
      expect(answer, cel).toMatchObject({ decision: true })
    }
  }
})
