/** Tuples that count under a condition. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/index.ts'
import { ask, near, policies } from './support.ts'

describe('conditions on tuples', () => {
  const conditional = {
    object: 'doc:1',
    relation: 'editor',
    subject: 'user:bob',
    condition: near(['eu', 'größe'], { until: 100 }),
  }

  test('read the request, the time and the tuple', async () => {
    const engine = await createEngine({ policies, tuples: [conditional] })
    const zone = (value: unknown, now?: number) => ask(engine, 'bob', 'edit', '1', { zone: value }, now).status
    expect([zone('eu'), zone('größe'), zone('us'), zone('größ'), zone(7), zone('eu', 99), zone('eu', 100)]).toEqual([
      'allow',
      'allow',
      'deny',
      'deny',
      'deny',
      'allow',
      'deny',
    ])
    const check = (context?: object, now?: number) =>
      engine.relations.check({
        subject: 'user:bob',
        relation: 'viewer',
        object: 'doc:1',
        ...(context && { context: { ...context } }),
        ...(now !== undefined && { now }),
      })
    expect(check({ zone: 'eu' })).toEqual({ allowed: true, outcome: 'true' })
    expect(check({ zone: 'eu' }, 100)).toEqual({ allowed: false, outcome: 'false' })
    expect(check()).toEqual({ allowed: false, outcome: 'not_evaluable', code: 'condition' })
  })

  test('are those named last', async () => {
    const engine = await createEngine({ policies, tuples: [conditional] })
    const zones = () => ['eu', 'us'].map((zone) => ask(engine, 'bob', 'edit', '1', { zone }).status)
    expect(engine.relations.add({ ...conditional, condition: near(['us']) })).toBe(0)
    expect(zones()).toEqual(['deny', 'allow'])
    expect(engine.relations.add('doc:1#editor@user:bob')).toBe(0)
    expect(zones()).toEqual(['allow', 'allow'])
    expect(engine.relations.add(conditional)).toBe(0)
    expect(zones()).toEqual(['allow', 'deny'])
    expect([engine.relations.size, engine.relations.remove('doc:1#editor@user:bob')]).toEqual([3, 1])
    expect(zones()).toEqual(['deny', 'deny'])
  })

  /** Of strings that no policy mentions, which equal one another by their bytes. */
  test.each([
    ['an item is an attribute', { item: { eq: { ref: 'context.zone' } } }, 'eu'],
    ['an item is in a list', { item: { in: { ref: 'context.zone' } } }, ['eu']],
    ['a part of an item is an attribute', { 'item.name': { eq: { ref: 'context.zone' } } }, 'eu'],
  ])('compare items of a tuple with the request: %s', async (_, test, zone) => {
    const isPart = 'item.name' in test
    const zones = ['us', 'eu'].map((name) => (isPart ? { name } : name))
    for (const denied of [false, true]) {
      const some = { 'tuple.zones': { any_matches: test } }
      const tuples = [{ ...conditional, condition: { name: 'near', context: { zones } } }]
      const conditions = { near: denied ? { not: some } : some }
      const engine = await createEngine({ policies: { ...policies, conditions }, tuples })
      const status = (value: unknown) => ask(engine, 'bob', 'edit', '1', { zone: value }).status
      expect(status(zone)).toBe(denied ? 'deny' : 'allow')
      expect(status(typeof zone === 'string' ? 'ap' : ['ap'])).toBe(denied ? 'allow' : 'deny')
    }
  })

  test('read what known entities say, as rules do', async () => {
    const engine = await createEngine({
      policies: {
        ...policies,
        conditions: { near: { 'subject.zone': { in: { ref: 'tuple.zones' } } } },
        entities: { subjects: [{ type: 'user', id: 'bob', properties: { zone: 'eu' } }], tuples: [conditional] },
      },
    })
    expect(ask(engine, 'bob', 'edit', '1').status).toBe('allow')
    expect(engine.relations.check({ subject: 'user:bob', relation: 'editor', object: 'doc:1' }).allowed).toBe(true)
  })
})
