/** What becomes of tuples when the policies are replaced. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/index.ts'
import type { PolicyDocument } from '../../../../src/policy/document.ts'
import { ask, near, policies } from './support.ts'

describe('replacePolicies', () => {
  test('keeps what calls have added and still fits; the rest goes, and is named', async () => {
    const engine = await createEngine({ policies })
    engine.relations.add([
      'doc:1#owner@user:bob',
      'doc:1#blocked@user:eve',
      { object: 'doc:1', relation: 'editor', subject: 'user:zoe', condition: near(['eu'], { n: 1 }) },
    ])
    const doc = { ...(policies.relations as Record<string, Record<string, never>>).doc }
    delete doc.owner
    const viewer = { any: [['user:*', 'group#member', 'user'], 'editor'] } as never
    const next: PolicyDocument = {
      ...policies,
      relations: { ...(policies.relations as object), doc: { ...doc, viewer } },
      entities: { tuples: ['doc:9#viewer@user:*'] },
    }
    await engine.replacePolicies(next)
    expect(engine.relations.leftOut).toEqual(['doc:1#owner@user:bob'])
    expect(engine.relations.size).toBe(3)
    expect(engine.relations.has('group:eng#member@user:ann')).toBe(false)
    expect(ask(engine, 'x', 'view', '9').status).toBe('allow')
    expect([
      ask(engine, 'zoe', 'edit', '1', { zone: 'eu' }).status,
      ask(engine, 'zoe', 'edit', '1', { zone: 'us' }).status,
    ]).toEqual(['allow', 'deny'])
    await engine.replacePolicies(policies)
    expect(engine.relations.leftOut).toEqual([])
    expect(engine.relations.size).toBe(4)
    await engine.replacePolicies({ version: 1, rules: [{ id: 'r', allow: 'read' }] })
    expect(engine.relations.leftOut.length).toBe(2)
    expect(engine.relations.size).toBe(0)
  })

  test('takes many tuples over as they are, when types and relations stay', async () => {
    const relations = { user: {}, doc: { owner: ['user'], viewer: { any: ['owner', ['user']] } } } as const
    const document = (
      rules: PolicyDocument['rules'],
      tuples: readonly string[],
      more: object = {},
    ): PolicyDocument => ({
      version: 1,
      relations: { ...relations, ...more },
      entities: { tuples },
      ...(rules !== undefined && { rules }),
    })
    const read = { id: 'read', allow: 'view', on: 'doc', to: { relation: 'viewer' } } as const
    const own = { id: 'own', allow: 'view', on: 'doc', to: { relation: 'owner' } } as const
    const engine = await createEngine({
      policies: document([read], ['doc:a#viewer@user:ann', 'doc:b#viewer@user:ann']),
    })
    const many = Array.from(
      { length: 30_000 },
      (_, i) => `doc:${i % 3000}#${i % 2 ? 'viewer' : 'owner'}@user:u${i % 7001}`,
    )
    const size = engine.relations.add(many)
    for (const [rules, documents, more] of [
      [[own], ['doc:b#viewer@user:ann', 'doc:c#owner@user:ann'], {}],
      [[read], ['doc:c#owner@user:ann'], {}],
      // Another type: the numbers of the others are no longer the same.
      [[read], [], { aaa: {}, folder: { owner: ['user'] } }],
      [[own, read], ['doc:c#owner@user:ann'], { aaa: {}, folder: { owner: ['user'] } }],
    ] as const) {
      await engine.replacePolicies(document(rules, documents, more))
      expect(engine.relations.leftOut).toEqual([])
      expect(engine.relations.size).toBe(size + documents.length)
      for (const tuple of documents) expect(engine.relations.has(tuple)).toBe(true)
      expect(engine.relations.has('doc:a#viewer@user:ann')).toBe(false)
      for (let i = 0; i < many.length; i += 997) expect(engine.relations.has(many[i]!)).toBe(true)
      const [user, id] = ['u5', '5']
      expect(ask(engine, user, 'view', id).status).toBe(rules.some((rule) => rule.id === 'read') ? 'allow' : 'deny')
      // Its memory goes on growing.
      const more1 = Array.from({ length: 5000 }, (_, i) => `doc:new${i}#owner@user:u${i}`)
      expect(engine.relations.add(more1)).toBe(more1.length)
      expect(engine.relations.remove(more1)).toBe(more1.length)
    }
  })

  test("reads OpenFGA's language", async () => {
    const engine = await createEngine({ policies })
    const relations = 'model\n  schema 1.1\ntype user\ntype doc\n  relations\n    define viewer: [user]\n'
    await engine.replacePolicies({
      version: 1,
      relations,
      rules: [{ id: 'view', allow: 'view', to: { relation: 'viewer' } }],
    })
    engine.relations.add('doc:1#viewer@user:bob')
    expect(ask(engine, 'bob', 'view', '1').status).toBe('allow')
  })
})
