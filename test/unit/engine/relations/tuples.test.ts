/** Tuples of an engine: where they come from, what is refused, the memory they take. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/index.ts'
import { loadEngine } from '../../../../src/engine/load.ts'
import { failureOf } from '../support.ts'
import { ask, near, policies } from './support.ts'

describe('tuples', () => {
  test('of the document are there from the start, and go with the image', async () => {
    const engine = await createEngine({ policies })
    expect(engine.relations.size).toBe(2)
    expect(ask(engine, 'ann', 'view', '1').status).toBe('allow')
    const again = await loadEngine(engine.image.bytes, ['doc:2#owner@user:bob'])
    expect(again.relations.size).toBe(3)
    expect([ask(again, 'ann', 'view', '1').status, ask(again, 'bob', 'view', '2').status]).toEqual(['allow', 'allow'])
    expect(
      (await createEngine({ policies, tuples: ['doc:2#owner@user:bob'] })).relations.has('doc:2#owner@user:bob'),
    ).toBe(true)
  })

  test('come and go, and the next decision knows', async () => {
    const { relations, ...engine } = await createEngine({ policies }).then((one) => ({ relations: one.relations, one }))
    expect(ask(engine.one, 'bob', 'view', '1').status).toBe('deny')
    expect(
      relations.add(['group:ops#member@user:bob', 'group:eng#member@group:ops#member', 'group:ops#member@user:bob']),
    ).toBe(2)
    expect(ask(engine.one, 'bob', 'view', '1').status).toBe('allow')
    expect(relations.remove('group:eng#member@group:ops#member')).toBe(1)
    expect(relations.remove(['group:eng#member@group:ops#member', 'doc:9#owner@user:x'])).toBe(0)
    expect(ask(engine.one, 'bob', 'view', '1').status).toBe('deny')
    expect(relations.size).toBe(3)
  })

  test('have ids of any kind', async () => {
    const { relations } = await createEngine({ policies })
    const ids = [
      'größe',
      '\u{1f600}',
      'a:b',
      'ann@example.org',
      'a b',
      'x'.repeat(1024),
      'é'.repeat(512),
      '*x',
      '__proto__',
    ]
    expect(relations.add(ids.map((id) => ({ object: `doc:${id}`, relation: 'owner', subject: `user:${id}` })))).toBe(
      ids.length,
    )
    for (const id of ids) {
      expect(relations.check({ subject: `user:${id}`, relation: 'viewer', object: `doc:${id}` }).allowed, id).toBe(true)
      expect(relations.check({ subject: `user:${id}`, relation: 'viewer', object: 'doc:größ' }).allowed).toBe(false)
      expect(relations.remove(`doc:${id}#owner@user:${id}`), id).toBe(1)
    }
    expect(relations.size).toBe(2)
  })

  test.each([1, 2, 3, 4, 6])('%i of one object come and go in any order', async (count) => {
    const { relations } = await createEngine({ policies })
    const users = Array.from({ length: count }, (_, i) => `user:u${i}`)
    const held = () =>
      users.filter((subject) => relations.check({ subject, relation: 'viewer', object: 'doc:new' }).allowed)
    const { size } = relations
    for (const order of [users, users.toReversed(), [...users.slice(1), ...users.slice(0, 1)]]) {
      for (const user of order) relations.add(`doc:new#owner@${user}`)
      expect(held()).toEqual(users)
      const left = new Set(users)
      for (const user of order) {
        const tuple = `doc:new#owner@${user}`
        expect([relations.remove(tuple), relations.add(tuple), relations.remove(tuple)]).toEqual([1, 1, 1])
        left.delete(user)
        expect(held()).toEqual([...left])
      }
      expect(relations.size).toBe(size)
    }
  })

  test.each<[string, unknown, string]>([
    ['no tuple', 'doc', '"doc" is not a tuple; write document:1#viewer@user:ann'],
    ['an unknown type', 'dok:1#viewer@user:ann', 'there is no type called "dok"; known are user, group, folder, doc'],
    [
      'an unknown relation',
      'doc:1#sees@user:ann',
      'there is no relation of "doc" called "sees"; known are parent, owner, blocked, editor, viewer',
    ],
    [
      'a subject that is not allowed',
      'doc:1#owner@group:eng#member',
      '"group:eng#member" cannot have "owner" of "doc"; allowed are user',
    ],
    [
      'everyone where it is not allowed',
      'doc:1#owner@user:*',
      '"user:*" cannot have "owner" of "doc"; allowed are user',
    ],
    ['an object that is everyone', 'doc:*#owner@user:ann', '"doc:*" cannot be the object of a tuple; name one object'],
    [
      'a condition that is not asked for',
      { object: 'doc:1', relation: 'owner', subject: 'user:ann', condition: 'near' },
      '"owner" of "doc" is given to "user:ann" with the condition "near"; the model asks for no condition',
    ],
    [
      'an id that is too long',
      `doc:1#owner@user:${'é'.repeat(513)}`,
      'an id has more than 1024 bytes; use a shorter one',
    ],
    [
      'half of a surrogate pair',
      'doc:1#owner@user:\ud800',
      'the id "\\ud800" has "#", a control character or half of a surrogate pair; use another id',
    ],
    [
      'an unknown key',
      { object: 'doc:1', relation: 'owner', user: 'user:ann' },
      'unknown key "user" in a tuple; use object, relation, subject, condition',
    ],
    [
      'a context that is no JSON',
      {
        object: 'doc:1',
        relation: 'editor',
        subject: 'user:ann',
        condition: { name: 'near', context: { a: Number.NaN } },
      },
      'the context of a tuple holds something that is no JSON value; use strings, numbers, booleans, null, lists and maps',
    ],
    [
      'a context that is too large',
      { object: 'doc:1', relation: 'editor', subject: 'user:ann', condition: near(['x'.repeat(33_000)]) },
      'the context of a tuple has more than 32768 bytes as JSON; keep it elsewhere, and its name here',
    ],
  ])('%s is refused, with what was before it in the list', async (_, tuple, message) => {
    const { relations } = await createEngine({ policies })
    expect(failureOf(() => relations.add(['doc:1#owner@user:zoe', tuple as never]))).toBe(`E_TUPLE: ${message}`)
    expect(relations.size).toBe(2)
  })

  test('need a model', async () => {
    const { relations } = await createEngine({ policies: { version: 1, rules: [{ id: 'r', allow: 'read' }] } })
    expect([relations.size, relations.has('doc:1#owner@user:ann')]).toEqual([0, false])
    expect(failureOf(() => relations.add('doc:1#owner@user:ann'))).toMatch(/^E_TUPLE: the policies have no "relations"/)
  })

  test('cannot be changed by a getter of the request that is being read', async () => {
    const engine = await createEngine({ policies })
    const context = {
      get zone() {
        return engine.relations.add('doc:1#owner@user:bob')
      },
    }
    const request = {
      subject: { type: 'user', id: 'ann' },
      action: { name: 'view' },
      resource: { type: 'doc', id: '1' },
      context,
    }
    expect(failureOf(() => engine.evaluate(request))).toMatch(/^E_USAGE: a getter/)
    expect(engine.relations.size).toBe(2)
  })
})

describe('memory', () => {
  test('grows with tuples between decisions, and decisions go on', async () => {
    const engine = await createEngine({ policies })
    for (let i = 0; i < 30_000; i++) {
      engine.relations.add(`doc:${i}#owner@user:${i % 1000}`)
      if (i % 1000 === 0) expect(ask(engine, `${i % 1000}`, 'view', `${i}`).status).toBe('allow')
    }
    expect(engine.relations.listObjects({ subject: 'user:7', relation: 'owner', type: 'doc' }).length).toBe(30)
    expect(ask(engine, '8', 'view', '7', { text: 'x'.repeat(300_000) }).status).toBe('deny')
  })
})
