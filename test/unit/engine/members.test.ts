/** Members of members: looked for from the subject's side, whatever changes meanwhile. */
import { expect, test } from 'vitest'
import { createEngine, type Engine } from '../../../src/index.ts'

const relations = {
  user: {},
  bot: {},
  group: { member: ['user', 'user:*', 'group#member'] },
  doc: {
    viewer: ['user', 'group#member'],
    guest: ['group#member with open'],
    editor: { base: ['group#member'], except: 'viewer' as const },
  },
}
const conditions = { open: { 'context.open': true } }

const make = (tuples: readonly string[] = [], more: object = {}): Promise<Engine> =>
  createEngine({
    policies: { version: 1, relations, conditions, rules: [{ id: 'r', allow: 'read' }], ...more },
    tuples,
  })

const ask = (engine: Engine, subject: string, relation = 'viewer', object = 'doc:1') =>
  engine.relations.check({ subject, relation, object }).outcome

test('what was found about a subject is forgotten when a tuple changes', async () => {
  const engine = await make(['doc:1#viewer@group:a#member', 'group:a#member@group:b#member', 'group:c#member@user:ann'])
  expect(ask(engine, 'user:ann')).toBe('false')
  engine.relations.add('group:b#member@user:ann')
  expect(ask(engine, 'user:ann')).toBe('true')
  expect(ask(engine, 'user:ann')).toBe('true')
  engine.relations.remove('group:a#member@group:b#member')
  expect(ask(engine, 'user:ann')).toBe('false')
  engine.relations.add('group:a#member@user:*')
  expect(ask(engine, 'user:ann')).toBe('true')
  expect(ask(engine, 'user:nobody-knows')).toBe('true')
  const contextualTuples = ['doc:2#viewer@group:c#member']
  const question = { subject: 'user:ann', relation: 'viewer', object: 'doc:2' }
  expect(engine.relations.check({ ...question, contextualTuples }).outcome).toBe('true')
  expect(engine.relations.check(question).outcome).toBe('false')
})

test('members of members are no steps', async () => {
  const chain = Array.from({ length: 40 }, (_, i) => `group:g${i}#member@group:g${i + 1}#member`)
  const engine = await make(['doc:1#viewer@group:g0#member', 'group:g40#member@user:ann', ...chain], {
    relation_depth: 1,
  })
  expect(ask(engine, 'user:ann')).toBe('true')
  expect(ask(engine, 'user:bob')).toBe('false')
  expect(ask(engine, 'group:g17#member')).toBe('true')
  expect(ask(engine, 'user:ann', 'member', 'group:g3')).toBe('true')
})

test('a group with a condition on the way counts when the condition is true', async () => {
  const engine = await make(['group:a#member@user:ann'])
  engine.relations.add({ object: 'doc:1', relation: 'guest', subject: 'group:a#member', condition: 'open' })
  const guest = (context: object) =>
    engine.relations.check({ subject: 'user:ann', relation: 'guest', object: 'doc:1', context: { ...context } }).outcome
  expect(guest({ open: true })).toBe('true')
  expect(guest({ open: false })).toBe('false')
  expect(guest({})).toBe('not_evaluable')
})

test('exclusions ask the same', async () => {
  const engine = await make([
    'doc:1#editor@group:a#member',
    'doc:1#viewer@group:b#member',
    'group:a#member@user:ann',
    'group:a#member@user:bob',
    'group:b#member@user:bob',
  ])
  expect(ask(engine, 'user:ann', 'editor')).toBe('true')
  expect(ask(engine, 'user:bob', 'editor')).toBe('false')
})

test.each([20, 30, 3000, 9000])('a subject in %i groups', { timeout: 60_000 }, async (count) => {
  const engine = await make(Array.from({ length: count }, (_, i) => `group:g${i}#member@user:ann`))
  engine.relations.add([
    'group:top#member@group:g7#member',
    'doc:1#viewer@group:top#member',
    'doc:2#viewer@group:other#member',
  ])
  expect(ask(engine, 'user:ann')).toBe('true')
  expect(ask(engine, 'user:bob')).toBe('false')
  expect(ask(engine, 'user:ann', 'viewer', 'doc:2')).toBe('false')
  expect(ask(engine, 'user:ann', 'member', `group:g${count - 1}`)).toBe('true')
  expect(engine.relations.listObjects({ subject: 'user:ann', relation: 'viewer', type: 'doc' })).toEqual(['doc:1'])
})

test('a node with more edges than a block holds, up and down again', async () => {
  const engine = await make()
  const tuples = Array.from({ length: 400 }, (_, i) => `doc:1#viewer@user:u${i}`)
  for (const end of [100, 127, 128, 400]) {
    engine.relations.add(tuples.slice(0, end))
    expect(engine.relations.size).toBe(end)
    expect(engine.relations.listSubjects({ object: 'doc:1', relation: 'viewer', type: 'user' })).toHaveLength(end)
    expect(ask(engine, `user:u${end - 1}`)).toBe('true')
    expect(ask(engine, `user:u${end}`)).toBe('false')
  }
  engine.relations.add(['group:a#member@user:zoe', 'doc:1#viewer@group:a#member'])
  expect(ask(engine, 'user:zoe')).toBe('true')
  for (const left of [300, 128, 127, 3, 0]) {
    engine.relations.remove(tuples.slice(left))
    expect(engine.relations.size).toBe(left + 2)
    expect(ask(engine, 'user:u2')).toBe(left > 2 ? 'true' : 'false')
    expect(ask(engine, 'user:zoe')).toBe('true')
  }
  expect(engine.relations.expand({ object: 'doc:1', relation: 'viewer' })).toMatchObject({
    by: { subjects: [{ subject: 'group:a#member' }] },
  })
})
