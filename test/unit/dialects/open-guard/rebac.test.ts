/** rebac in our words: what tuples can lead to. */
import { expect, test } from 'vitest'
import type { PolicyDocument } from '../../../../src/policy/document.ts'
import { ask, imported, type Policy, policyOf, remarks, statusOf } from './support.ts'

const types = {
  document: {
    relations: { viewer: ['user', 'group#member'], parent: ['folder'], banned: ['user'] },
    permissions: {
      see: { kind: 'union', relations: ['viewer', 'inherited', 'unknown'] },
      inherited: { kind: 'arrow', from_relation: 'parent', to_permission: 'viewer' },
      both: { kind: 'intersection', relations: ['viewer', 'unknown'] },
      not: { kind: 'exclusion', base: 'see', subtract: 'banned' },
      bare: { kind: 'exclusion', base: 'viewer', subtract: 'unknown' },
      read: { kind: 'self' },
    },
  },
  folder: { relations: { viewer: ['user'] } },
  group: { relations: { member: ['user', 'group#member'] } },
}
const tuple = (text: string) => {
  const [, object_type, object_id, relation, subject_type, subject_id, , subject_relation] =
    /^(\w+):(\w+)#(\w+)@(\w+):([\w*]+)(#(\w+))?$/.exec(text) ?? []
  return { object_type, object_id, relation, subject_type, subject_id, ...(subject_relation && { subject_relation }) }
}
const tuples = ['document:r1#parent@folder:f', 'folder:f#viewer@user:*', 'document:r1#banned@user:bob'].map(tuple)
const document = (conditions: Policy, rest: Policy = {}): PolicyDocument =>
  imported([policyOf('rebac', conditions, rest)], { type_definitions: types, tuples })

test('relations are what tuples can lead to', () => {
  expect(document({ permission: 'see', object_type: 'document' })).toMatchObject({
    relations: {
      document: {
        viewer: ['user', 'group#member'],
        parent: ['folder'],
        banned: ['user'],
        see: { any: ['viewer', 'inherited'] },
        inherited: { from: 'parent', relation: 'viewer' },
        not: { base: 'see', except: 'banned' },
        bare: 'viewer',
      },
      folder: { viewer: ['user', 'user:*'] },
      group: { member: ['user', 'group#member'] },
      user: {},
    },
    entities: { tuples: ['document:r1#parent@folder:f', 'folder:f#viewer@user:*', 'document:r1#banned@user:bob'] },
  })
})

test('policies ask for them under their own types', async () => {
  const not = document({ permission: 'not', object_type: 'document' })
  expect(not.sets?.rebac?.rules[0]?.when).toEqual({
    related: {
      subject: { type: 'user', id: { ref: 'subject.id' } },
      relation: 'not',
      object: { type: 'document', id: { ref: 'resource.id' } },
    },
  })
  expect(await statusOf(not, ask())).toBe('allow')
  expect(await statusOf(not, ask({}, {}, { subject: { id: 'bob', actor_type: 'agent' } }))).toBe('deny')
  expect(await statusOf(not, ask({}, {}, { resource: { id: 'r1', resource_type: 'anything' } }))).toBe('allow')
})

test('the action and the type of the resource stand in where the policy names none', async () => {
  const action = (name: string, resource_type = 'document') =>
    ask({}, {}, { action: { name }, resource: { id: 'r1', resource_type } })
  const open = document({})
  expect(await statusOf(open, action('see'))).toBe('allow')
  expect(await statusOf(open, action('see', 'folder'))).toBe('deny')
  expect(await statusOf(open, action('both'))).toBe('deny')
  expect(await statusOf(document({}, { action_match: ['see'] }), action('inherited'))).toBe('deny')
})

test.each<[string, Policy]>([
  ['a permission that nobody can have', { permission: 'both', object_type: 'document' }],
  ['one that there is not', { permission: 'zzz', object_type: 'document' }],
  ['an unknown type', { permission: 'see', object_type: 'nothing' }],
  ['subjects of an unknown type', { permission: 'see', subject_type: 'robot' }],
])('%s never holds, and says so', (_, conditions) => {
  const all = remarks([policyOf('rebac', conditions)], { type_definitions: types, tuples })
  expect(all[0]).toContain('no type and no tuple says how')
})

test('tuples add what types do not say', async () => {
  const free = imported([policyOf('rebac', { permission: 'free' })], { tuples: [tuple('document:r1#free@user:ann')] })
  expect(free.relations).toEqual({ document: { free: ['user'] }, user: {} })
  expect(await statusOf(free, ask())).toBe('allow')
})

test('a tuple that occurs twice is one', () => {
  const twice = [tuple('document:r1#free@user:ann'), tuple('document:r1#free@user:ann')]
  const free = imported([policyOf('rebac', { permission: 'free' })], { tuples: twice })
  expect(free.entities?.tuples).toEqual(['document:r1#free@user:ann'])
})

test('tuples of other tenants are left out', async () => {
  const policy = policyOf('rebac', { permission: 'free' }, { tenant_id: 'acme' })
  const own = tuple('document:r1#free@user:ann')
  const of = (tenant_id: string | null) => ({ ...own, tenant_id })
  expect(await statusOf(imported([policy], { tuples: [of('acme')] }), ask())).toBe('allow')
  expect(await statusOf(imported([policy], { tuples: [of(null)] }), ask())).toBe('allow')
  expect(await statusOf(imported([policy], { tuples: [of('other')] }), ask())).toBe('deny')
  expect(remarks([policy], { tuples: [of('other'), own] })).toEqual([
    expect.stringContaining('1 of the tuples are not of the tenant "acme"'),
  ])
})

test.each<[string, object, string[]]>([
  [
    'permissions in a circle',
    { a: { kind: 'union', relations: ['b', 'viewer'] }, b: { kind: 'union', relations: ['a', 'viewer'] } },
    ['document:r1#viewer@user:ann'],
  ],
  [
    'arrows over everyone of a type',
    { a: { kind: 'arrow', from_relation: 'parent', to_permission: 'viewer' } },
    ['document:r1#parent@document:*', 'document:r1#viewer@user:ann'],
  ],
])('%s are refused', (_, permissions, texts) => {
  const definitions = { document: { relations: { viewer: ['user'] }, permissions } }
  const rest = { type_definitions: definitions, tuples: texts.map(tuple) }
  expect(() => imported([policyOf('rebac', { permission: 'a', object_type: 'document' })], rest)).toThrow(
    /circle|single/,
  )
})

test('mistakes are told', () => {
  const bad = {
    document: { permissions: { a: { kind: 'arrow' }, b: { kind: 'exclusion', base: 'x' }, c: { kind: 'odd' } } },
  }
  const found = remarks([policyOf('rebac', {})], { type_definitions: bad, tuples: [{ object_type: 'document' }] })
  expect(found).toEqual(
    expect.arrayContaining([
      expect.stringContaining('the permission "a" has no "from_relation"'),
      expect.stringContaining('the permission "b" has no "subtract"'),
      expect.stringContaining('knows no kind "odd"'),
      expect.stringContaining('a tuple has no object_id'),
    ]),
  )
})
