/** Sessions: the host says which of the subject's roles are active. */
import { describe, expect, test } from 'vitest'
import type { AccessRequest } from '../../../src/engine/types.ts'
import { ask, engineOf, failureOf, untyped } from './support.ts'

const roles = { admin: ['editor'], editor: ['viewer'], viewer: [], auditor: [] }
const rules = [
  { id: 'view', allow: 'read', to: { role: 'viewer' } },
  { id: 'edit', allow: 'read', to: { role: 'editor' } },
  { id: 'all', allow: 'read', to: { role: 'admin' } },
  { id: 'audit', allow: 'read', to: { role: 'auditor' } },
]
const engine = await engineOf(rules, {
  roles,
  entities: { subjects: [{ type: 'user', id: 'bob', roles: ['auditor', { role: 'editor', on: 'doc' }] }] },
})

function inSession(session: unknown, held: unknown = ['admin', 'auditor']): AccessRequest {
  return untyped({ ...ask({ subject: { roles: held } }), state: { session } })
}

describe('with a session', () => {
  test.each<[readonly string[], readonly string[]]>([
    [[], []],
    [['viewer'], ['view']],
    [['editor'], ['view', 'edit']],
    [['admin'], ['view', 'edit', 'all']],
    [
      ['auditor', 'viewer'],
      ['view', 'audit'],
    ],
    [['auditor', 'auditor'], ['audit']],
    [
      ['stranger', 'admin', 'nobody'],
      ['view', 'edit', 'all'],
    ],
  ])('that activates %j, %j decide', (activated, expected) => {
    expect(engine.evaluate(inSession({ roles: activated })).rules).toEqual(expected)
  })

  test('a role that the subject does not hold does not count, but what both mean does', () => {
    expect(engine.evaluate(inSession({ roles: ['admin'] }, ['auditor'])).rules).toEqual([])
    expect(engine.evaluate(inSession({ roles: ['admin'] }, ['editor'])).rules).toEqual(['view', 'edit'])
    expect(engine.evaluate(inSession({ roles: ['editor'] }, ['viewer'])).rules).toEqual(['view'])
  })

  test('roles of an entity are narrowed as well, on the resource that they are for', () => {
    const bob = (activated: readonly string[], type: string) => {
      const request = { ...ask({ type }), state: { session: { roles: activated } } }
      return engine.evaluate({ ...request, subject: { type: 'user', id: 'bob' } }).rules
    }
    expect(bob(['editor'], 'doc')).toEqual(['view', 'edit'])
    expect(bob(['editor'], 'file')).toEqual([])
    expect(bob(['auditor'], 'file')).toEqual(['audit'])
  })

  test('one string, and more roles than are listed, are narrowed as well', () => {
    const many = Array.from({ length: 100 }, (_, i) => (i === 90 ? 'admin' : `other-${i}`))
    expect(engine.evaluate(inSession({ roles: ['editor'] }, 'admin')).rules).toEqual(['view', 'edit'])
    expect(engine.evaluate(inSession({ roles: ['editor'] }, many)).rules).toEqual(['view', 'edit'])
    expect(engine.evaluate(inSession({ roles: [...many, ...many, 'viewer'] }, many)).rules).toEqual([
      'view',
      'edit',
      'all',
    ])
  })

  test('a rule without a role is not concerned', async () => {
    const open = await engineOf([{ id: 'open', allow: 'read' }])
    expect(open.evaluate(inSession({ roles: [] })).rules).toEqual(['open'])
  })

  test('subject.roles is what was assigned', async () => {
    const listed = await engineOf([{ id: 'r', allow: 'read', when: { 'subject.roles': { contains: 'admin' } } }])
    expect(listed.evaluate(inSession({ roles: ['viewer'] })).status).toBe('allow')
  })

  test('tests of roles that are too many for the index are narrowed as well', async () => {
    const role = Array.from({ length: 2000 }, (_, i) => `role-${i}`)
    const many = await engineOf([{ id: 'r', allow: 'read', to: { role } }])
    const request = (activated: string) => inSession({ roles: [activated] }, ['role-7', 'role-9'])
    expect(many.evaluate(request('role-9')).status).toBe('allow')
    expect(many.evaluate(request('role-8')).status).toBe('deny')
  })

  test('and then without one: nothing is left over', () => {
    expect(engine.evaluate(inSession({ roles: ['viewer'] })).rules).toEqual(['view'])
    expect(engine.evaluate(inSession(undefined)).rules).toEqual(['view', 'edit', 'all', 'audit'])
    expect(engine.evaluate({ ...ask({ subject: { roles: ['admin'] } }), state: {} }).rules).toHaveLength(3)
    expect(engine.explain(inSession({ roles: ['viewer'] })).decision.rules).toEqual(['view'])
    expect(engine.evaluate(ask({ subject: { roles: ['admin'] } })).rules).toHaveLength(3)
  })

  test('explain looks at the rules for active roles only', () => {
    expect(engine.explain(inSession({ roles: ['editor'] })).rules.map(({ id }) => id)).toEqual(['view', 'edit'])
  })
})

describe('a session with an end', () => {
  const session = { id: 's-1', roles: ['viewer'], expires_at: 1_000 }

  test.each([
    [999, 'matched'],
    [999.5, 'matched'],
    [1_000, 'session_expired'],
    [1_001, 'session_expired'],
    [undefined, 'session_expired'],
  ])('at %s: %s', (now, code) => {
    const options = now === undefined ? {} : { now }
    expect(engine.evaluate(inSession(session), options).code).toBe(code)
    expect(engine.explain(inSession(session), options).decision.code).toBe(code)
  })

  test('is no excuse for roles of another form', () => {
    expect(failureOf(() => engine.evaluate(inSession(session, 5), { now: 5_000 }))).toMatch(/^E_REQUEST/)
  })

  test('denies whatever is asked for, with a reason', async () => {
    const open = await engineOf([{ id: 'open', allow: '*' }])
    const decision = open.evaluate(inSession(session), { now: 5_000 })
    expect(decision).toMatchObject({ decision: false, status: 'deny', code: 'session_expired', rules: [] })
    expect(decision.reason).toMatch(/session/)
    expect(open.explain(inSession(session), { now: 5_000 })).toMatchObject({ sets: [], rules: [] })
  })
})

describe('a session of another form is E_REQUEST', () => {
  test.each<[unknown, RegExp]>([
    [null, /state\.session must be an object; found null/],
    ['s-1', /state\.session must be/],
    [[], /state\.session must be/],
    [{}, /state\.session\.roles must be a list of strings; it is missing/],
    [Object.create({ roles: ['admin'] }), /state\.session\.roles/],
    [{ roles: 'admin' }, /state\.session\.roles/],
    [{ roles: ['admin', 5] }, /state\.session\.roles/],
    [{ roles: [{ role: 'admin', on: 'doc' }] }, /state\.session\.roles/],
    [{ roles: new Array(1) }, /state\.session\.roles/],
    [{ roles: [], expires_at: null }, /expires_at must be milliseconds/],
    [{ roles: [], expires_at: Number.NaN }, /expires_at/],
    [{ roles: [], expires_at: '2030-01-01T00:00:00Z' }, /expires_at/],
    [{ roles: [], expires_at: new Date(5) }, /expires_at/],
  ])('%j', (session, message) => {
    expect(failureOf(() => engine.evaluate(inSession(session), { now: 0 }))).toMatch(message)
  })

  test('state that is no object', () => {
    for (const state of [null, 5, 'session', []]) {
      expect(failureOf(() => engine.evaluate(untyped({ ...ask(), state })))).toMatch(
        /^E_REQUEST: state must be an object/,
      )
    }
  })
})

test('what a getter says later does not count', () => {
  let reads = 0
  const session = {
    get roles() {
      return reads++ === 0 ? ['viewer'] : ['admin']
    },
  }
  expect(engine.evaluate(inSession(session)).rules).toEqual(['view'])
})
