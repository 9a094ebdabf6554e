/** How deep a question goes, and what goes in circles. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/index.ts'
import { ask, policies } from './support.ts'

describe('depth', () => {
  const chain = (length: number) => Array.from({ length }, (_, i) => `folder:${i}#parent@folder:${i + 1}`)

  test('past the bound, an allow does not apply, a deny denies, and the code says why', async () => {
    const engine = await createEngine({
      policies: {
        ...policies,
        relation_depth: 5,
        rules: [...policies.rules!, { id: 'closed', deny: 'enter', when: { related: { relation: 'viewer' } } }],
      },
      tuples: [
        ...chain(6),
        'folder:3#viewer@user:near',
        'folder:6#viewer@user:far',
        'doc:1#parent@folder:0',
        'group:x#member@user:none',
      ],
    })
    expect(ask(engine, 'near', 'view', '1')).toMatchObject({ status: 'allow', code: 'matched' })
    expect(ask(engine, 'far', 'view', '1')).toMatchObject({ status: 'deny', code: 'relation_limit', rules: [] })
    expect(ask(engine, 'none', 'enter', '1')).toMatchObject({
      status: 'deny',
      code: 'relation_limit',
      rules: ['closed'],
    })
    expect(engine.relations.check({ subject: 'user:far', relation: 'viewer', object: 'doc:1' })).toEqual({
      allowed: false,
      outcome: 'not_evaluable',
      code: 'relation_limit',
    })
    expect(
      engine.explain({
        subject: { type: 'user', id: 'far' },
        action: { name: 'view' },
        resource: { type: 'doc', id: '1' },
      }),
    ).toMatchObject({
      decision: { code: 'relation_limit' },
      rules: [
        {
          id: 'view',
          outcome: 'not_evaluable',
          tests: [{ path: 'subject', operator: 'has', expected: { relation: 'viewer', object: 'resource' } }],
        },
      ],
    })
  })

  test('is 25 when nothing is said', async () => {
    const engine = await createEngine({
      policies,
      tuples: [...chain(30), 'folder:24#viewer@user:near', 'folder:25#viewer@user:far'],
    })
    const viewer = (subject: string) => engine.relations.check({ subject, relation: 'viewer', object: 'folder:0' })
    expect([viewer('user:near').outcome, viewer('user:far').outcome]).toEqual(['true', 'not_evaluable'])
  })

  test('of the deepest model there may be leaves the stack whole', async () => {
    const engine = await createEngine({
      policies: { ...policies, relation_depth: 50 },
      tuples: [...chain(60), 'folder:60#viewer@user:far'],
    })
    expect(engine.relations.check({ subject: 'user:far', relation: 'viewer', object: 'folder:0' }).code).toBe(
      'relation_limit',
    )
  })
})

describe('circles', () => {
  test('of groups end, and cost no more than their size', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => i)
    const all = ids.flatMap((a) => ids.map((b) => `group:${a}#member@group:${b}#member`))
    const engine = await createEngine({
      policies: { ...policies, relation_depth: 50 },
      tuples: [...all.slice(0, 1600), 'group:59#member@user:bob', 'group:x#member@user:eve'],
    })
    const member = (subject: string) => engine.relations.check({ subject, relation: 'member', object: 'group:0' })
    expect(member('user:bob').allowed).toBe(true)
    expect(member('user:eve').allowed).toBe(false)
    expect(member('user:eve').code).not.toBe('limit')
  })

  test('through an exclusion grant nothing', async () => {
    const engine = await createEngine({
      policies: {
        version: 1,
        relations: {
          user: {},
          room: {
            peer: ['room'],
            member: ['user'],
            muted: { from: 'peer', relation: 'speaker' },
            speaker: { base: 'member', except: 'muted' },
          },
        },
      },
      tuples: ['room:a#peer@room:b', 'room:b#peer@room:a', 'room:a#member@user:ann', 'room:b#member@user:ann'],
    })
    for (const object of ['room:a', 'room:b']) {
      expect(engine.relations.check({ subject: 'user:ann', relation: 'speaker', object })).toEqual({
        allowed: false,
        outcome: 'not_evaluable',
        code: 'condition',
      })
    }
  })
})
