/** Many requests in one call. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { ask, engineOf, engineWhen, failureOf, untyped } from './support.ts'

describe('evaluateMany', () => {
  test('decides in order, as evaluate does', async () => {
    const engine = await engineWhen({ 'context.n': { gte: 50 } })
    const requests = Array.from({ length: 200 }, (_, i) => ask({ context: { n: (i * 37) % 100 } }))
    const decisions = engine.evaluateMany(requests)
    expect(decisions.map(({ decision }) => decision)).toEqual(requests.map((_, i) => (i * 37) % 100 >= 50))
    expect(JSON.stringify(decisions)).toBe(JSON.stringify(requests.map((request) => engine.evaluate(request))))
  })

  test('of no requests are no decisions', async () => {
    expect((await engineOf([])).evaluateMany([])).toEqual([])
  })

  test('uses the same now for all', async () => {
    const engine = await engineWhen({ now: { eq: 5 } })
    expect(engine.evaluateMany([ask(), ask(), ask()], { now: 5 }).map(({ decision }) => decision)).toEqual([
      true,
      true,
      true,
    ])
    expect(engine.evaluateMany([ask(), ask()], { now: new Date(6) }).some(({ decision }) => decision)).toBe(false)
    expect(engine.evaluateMany([ask()]).some(({ decision }) => decision)).toBe(false)
  })

  test('throws at the first bad request, and names its part', async () => {
    const engine = await engineOf([{ id: 'open', allow: 'read' }])
    const requests = [ask(), untyped({ ...ask(), action: {} }), untyped({ ...ask(), resource: {} })]
    expect(failureOf(() => engine.evaluateMany(requests))).toMatch(/^E_REQUEST: action\.name/)
    expect(engine.evaluate(ask()).decision).toBe(true)
  })

  test('requests that differ in their resource alone are decided as if they came alone', async () => {
    const engine = await engineOf([
      {
        id: 'near',
        allow: 'read',
        when: { 'resource.zone': { eq: { ref: 'subject.zone' } }, 'resource.tags': { contains: 'a' } },
      },
      { id: 'late', deny: 'read', when: { 'context.n': { gt: 5 }, 'resource.id': 'r3' } },
    ])
    const subject = { type: 'user', id: 'ann', properties: { zone: 'new' } }
    const context = { n: 6 }
    const resources = [
      undefined,
      {},
      { zone: 'new', tags: ['a'] },
      { zone: 'new', tags: ['a'] },
      { zone: 7, tags: 'a' },
    ]
    const requests = resources.map((properties, i) =>
      untyped({ subject, context, action: { name: 'read' }, resource: { type: 'record', id: `r${i}`, properties } }),
    )
    const decisions = engine.evaluateMany(requests)
    expect(decisions.map(({ status }) => status)).toEqual(['deny', 'deny', 'allow', 'deny', 'deny'])
    expect(JSON.stringify(decisions)).toBe(JSON.stringify(requests.map((request) => engine.evaluate(request))))
    const bad = [...requests.slice(0, 3), untyped({ ...requests[0], resource: { type: 'record' } })]
    expect(failureOf(() => engine.evaluateMany(bad))).toMatch(/^E_REQUEST: resource\.id/)
    expect(engine.evaluate(requests[2]!).decision).toBe(true)
  })

  test('roles that hang on a resource are found anew for each, where those of the first are none, too', async () => {
    const engine = await createEngine({
      policies: {
        version: 1,
        roles: { owner: [], barred: [] },
        entities: {
          subjects: [
            {
              type: 'user',
              id: 'ann',
              roles: [
                { role: 'owner', on: 'record' },
                { role: 'barred', on: { type: 'note', id: 'n1' } },
              ],
            },
          ],
        },
        rules: [
          { id: 'own', allow: 'read', to: { role: 'owner' } },
          { id: 'notes', allow: 'read', on: 'note' },
          { id: 'bar', deny: 'read', to: { role: 'barred' } },
        ],
      },
    })
    const subject = { type: 'user', id: 'ann' }
    const resources = [
      { type: 'folder', id: 'f' },
      { type: 'record', id: 'r' },
      { type: 'note', id: 'n0' },
      { type: 'note', id: 'n1' },
      { type: 'folder', id: 'f' },
    ]
    const requests = resources.map((resource) => ({ subject, action: { name: 'read' }, resource }))
    const decisions = engine.evaluateMany(requests)
    expect(decisions.map(({ status }) => status)).toEqual(['deny', 'allow', 'allow', 'deny', 'deny'])
    expect(JSON.stringify(decisions)).toBe(JSON.stringify(requests.map((request) => engine.evaluate(request))))
  })

  test('resources of several types, in any order, each have the rules of their type', async () => {
    const engine = await engineOf([
      { id: 'doc', allow: 'read', on: 'doc', when: { 'resource.zone': { eq: { ref: 'subject.zone' } } } },
      { id: 'page', allow: 'read', on: 'page', when: { 'context.n': { gt: 5 }, 'resource.id': { starts_with: 'p' } } },
      { id: 'both', deny: 'read', on: ['doc', 'page'], when: { 'subject.level': { lt: 2 }, 'resource.secret': true } },
      { id: 'one', allow: 'read', on: { type: 'note', id: 'n1' } },
      { id: 'named', deny: 'read', when: { 'resource.type': 'closed' } },
    ])
    const subject = { type: 'user', id: 'ann', properties: { zone: 'new', level: 1 } }
    const context = { n: 6 }
    const resources = ['doc', 'page', 'note', 'other', 'closed', 'doc'].flatMap((type) =>
      ['n1', 'p2', 'x'].flatMap((id) => [
        { type, id },
        { type, id, properties: { zone: 'new' } },
        { type, id, properties: { secret: true, zone: 7 } },
      ]),
    )
    // Every type after every other, and each after itself.
    const order = Array.from({ length: 400 }, (_, i) => resources[(i * i + 3 * i) % resources.length]!)
    const requests = order.map((resource) => ({ subject, context, action: { name: 'read' }, resource }))
    const decisions = engine.evaluateMany(requests)
    expect(new Set(decisions.map(({ status, code }) => `${status} ${code}`)).size).toBeGreaterThan(2)
    expect(JSON.stringify(decisions)).toBe(JSON.stringify(requests.map((request) => engine.evaluate(request))))
  })

  test.each([
    ['names', [{ id: 'open', allow: 'read', on: 'doc', when: { 'resource.open': true } }], {}],
    ['globs', [{ id: 'open', allow: 'read', on: 'do?', when: { 'resource.open': true } }], {}],
    [
      'names, with entities',
      [{ id: 'open', allow: 'read', on: 'doc', when: { 'resource.open': true } }],
      { entities: { resources: [{ type: 'memo', id: 'r1' }] } },
    ],
  ] as const)('types without rules come again, among others and unknown ones: %s', async (_, rules, rest) => {
    const engine = await engineOf([...rules, { id: 'other', allow: 'write', on: 'memo' }], rest)
    const subject = { type: 'user', id: 'ann' }
    const action = { name: 'read' }
    const types = [
      'memo',
      'doc',
      'memo',
      'memo',
      'new',
      'dot',
      'new',
      'doc',
      'doc',
      'memo',
      'dot',
      'memo',
      'doc',
      'new',
    ]
    const requests = types.map((type, i) => ({
      subject,
      action,
      resource: { type, id: `r${i}`, properties: { open: i % 3 !== 0 } },
    }))
    // Twice, as what one run has found out of types must not be taken for what the next one asks.
    const writes = requests.map((request) => ({ ...request, action: { name: 'write' } }))
    const asked = [...requests, ...writes, ...requests]
    const one = asked.map((request) => engine.evaluate(request))
    expect(new Set(one.map(({ code }) => code))).toEqual(new Set(['matched', 'no_match']))
    expect(JSON.stringify(engine.evaluateMany(asked))).toBe(JSON.stringify(one))
    for (const resource of [{ type: 'memo', id: 7 }, { type: 7, id: 'r' }, { type: 'new' }, null]) {
      const bad = untyped({ subject, action, resource })
      const alone = failureOf(() => engine.evaluate(bad))
      expect(failureOf(() => engine.evaluateMany([...requests, bad]))).toBe(alone)
    }
  })

  test('what one type needs takes nothing of the limits of another', async () => {
    const engine = await engineOf([
      { id: 'a', allow: 'read', on: 'a', when: { 'context.long': { contains: 'x' } } },
      { id: 'b', allow: 'read', on: 'b', when: { 'resource.list': { contains: 'x' } } },
    ])
    const many = (count: number) => [...Array<string>(count).fill('y'), 'x']
    const { subject } = ask()
    const context = { long: many(40_000) }
    const requests = ['b', 'a', 'b', 'a', 'b', 'b'].map((type, i) => ({
      subject,
      context,
      action: { name: 'read' },
      resource: { type, id: `r${i}`, properties: { list: many(i === 5 ? 70_000 : 40_000) } },
    }))
    const codes = engine.evaluateMany(requests).map(({ code }) => code)
    expect(codes).toEqual(requests.map((request) => engine.evaluate(request).code))
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('matched'))
    expect(codes[5]).toBe('limit')
  })

  test('a run ends where a list needs more memory, and goes on after it', async () => {
    const engine = await engineWhen({ 'resource.list': { contains: 'x' } })
    const { subject, action } = ask()
    const requests = [1, 2, 30_000, 3, 60_000, 4].map((count, i) => ({
      subject,
      action,
      resource: { type: 'record', id: `r${i}`, properties: { list: [...Array(count).fill('y'), i % 2 ? 'x' : 'z'] } },
    }))
    expect(engine.evaluateMany(requests).map(({ decision }) => decision)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ])
  })

  test('decisions taken together stay as they are when they are read late', async () => {
    const engine = await engineOf([
      { id: 'a', allow: 'read', when: { 'context.n': { gt: 0 } }, because: 'positive' },
      { id: 'b', allow: 'read', when: { 'context.n': { gt: 1 } } },
      { id: 'c', deny: 'read', when: { 'context.n': { lt: 0 } }, because: 'negative' },
    ])
    const decisions = engine.evaluateMany([-1, 1, 2, 0].map((n) => ask({ context: { n } })))
    await engine.replacePolicies('version: 1\nrules: [{ id: other, deny: read }]')
    expect(decisions.map(({ rules }) => rules)).toEqual([['c'], ['a'], ['a', 'b'], []])
    expect(decisions.map(({ reason }) => reason).slice(0, 3)).toEqual(['negative', 'positive', 'positive'])
  })
})
