/** engine.relations, and rules that ask for relations. Random models are compared in test/property/relations.test.ts. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { loadEngine } from '../../../src/engine/load.ts'
import type { Engine } from '../../../src/engine/types.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { failureOf } from './support.ts'

const policies: PolicyDocument = {
  version: 1,
  relations: {
    user: {},
    group: { member: ['user', 'group#member'] },
    folder: { parent: ['folder'], viewer: { any: [['user', 'group#member'], { from: 'parent', relation: 'viewer' }] } },
    doc: {
      parent: ['folder'],
      owner: ['user'],
      blocked: ['user'],
      editor: ['user with near', 'user'],
      viewer: {
        base: { any: [['user:*', 'group#member'], 'owner', 'editor', { from: 'parent', relation: 'viewer' }] },
        except: 'blocked',
      },
    },
  },
  conditions: {
    near: { 'context.zone': { in: { ref: 'tuple.zones' } }, now: { lt: { ref: 'tuple.until' }, otherwise: true } },
  },
  entities: { tuples: ['doc:1#viewer@group:eng#member', 'group:eng#member@user:ann'] },
  rules: [
    { id: 'view', allow: 'view', on: 'doc', to: { relation: 'viewer' } },
    { id: 'edit', allow: 'edit', to: { relation: 'editor' } },
    { id: 'blocked', deny: 'talk', when: { related: { relation: 'blocked' } } },
    { id: 'talk', allow: 'talk' },
  ],
}
const near = (zones: readonly string[], more: object = {}) => ({ name: 'near', context: { zones, ...more } })

function ask(engine: Engine, who: string, action: string, doc: string, context?: object, now?: number) {
  const request = {
    subject: { type: 'user', id: who },
    action: { name: action },
    resource: { type: 'doc', id: doc },
    ...(context && { context: { ...context } }),
  }
  return engine.evaluate(request, now === undefined ? {} : { now })
}

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

describe('questions', () => {
  const tuples = [
    'doc:2#viewer@user:*',
    'doc:2#blocked@user:eve',
    'doc:3#parent@folder:a',
    'folder:a#parent@folder:b',
    'folder:b#viewer@user:bob',
    'group:eng#member@group:ops#member',
    'group:ops#member@user:zoë',
  ]

  test('list objects', async () => {
    const { relations } = await createEngine({ policies, tuples })
    const docs = (subject: string) => relations.listObjects({ subject, relation: 'viewer', type: 'doc' })
    expect(docs('user:ann')).toEqual(['doc:1', 'doc:2'])
    expect(docs('user:bob')).toEqual(['doc:2', 'doc:3'])
    expect(docs('user:eve')).toEqual([])
    expect(docs('user:nobody')).toEqual(['doc:2'])
    expect(docs('group:ops#member')).toEqual(['doc:1'])
  })

  test('list subjects, everyone as such', async () => {
    const { relations } = await createEngine({ policies, tuples })
    const who = (object: string, type = 'user') => relations.listSubjects({ object, relation: 'viewer', type })
    expect(who('doc:1')).toEqual(['user:ann', 'user:zoë'])
    expect(who('doc:2')).toEqual(['user:*'])
    expect(who('doc:3')).toEqual(['user:bob'])
    expect(who('doc:1', 'group#member')).toEqual(['group:eng#member', 'group:ops#member'])
    expect(who('doc:none')).toEqual([])
  })

  test('may bring tuples of their own, which leave no trace', async () => {
    const { relations } = await createEngine({ policies, tuples })
    const contextualTuples = [
      'doc:1#owner@user:bob',
      { object: 'doc:1', relation: 'editor', subject: 'user:eve', condition: near(['eu']) },
    ]
    relations.add({ object: 'doc:1', relation: 'editor', subject: 'user:eve', condition: near(['us']) })
    const eve = { subject: 'user:eve', relation: 'viewer', object: 'doc:1', context: { zone: 'us' } }
    expect(
      relations.listSubjects({
        object: 'doc:1',
        relation: 'viewer',
        type: 'user',
        contextualTuples,
        context: { zone: 'eu' },
      }),
    ).toEqual(['user:ann', 'user:bob', 'user:eve', 'user:zoë'])
    expect(relations.check({ ...eve, contextualTuples }).outcome).toBe('false')
    expect(relations.check(eve).outcome).toBe('true')
    expect(relations.size).toBe(10)
    expect(failureOf(() => relations.check({ ...eve, contextualTuples: ['doc:1#owner@user:bob', 'x'] }))).toMatch(
      /^E_TUPLE/,
    )
    expect(relations.has('doc:1#owner@user:bob')).toBe(false)
  })

  test('draw the tree of a relation', async () => {
    const { relations } = await createEngine({
      policies,
      tuples: ['doc:1#parent@folder:a', 'folder:a#parent@folder:a'],
    })
    expect(relations.expand({ object: 'doc:1', relation: 'viewer' })).toEqual({
      kind: 'relation',
      of: 'doc:1#viewer',
      by: {
        kind: 'exclusion',
        base: {
          kind: 'union',
          of: [
            {
              kind: 'tuples',
              subjects: [
                {
                  subject: 'group:eng#member',
                  members: {
                    kind: 'relation',
                    of: 'group:eng#member',
                    by: { kind: 'tuples', subjects: [{ subject: 'user:ann' }] },
                  },
                },
              ],
            },
            { kind: 'relation', of: 'doc:1#owner', by: { kind: 'tuples', subjects: [] } },
            { kind: 'relation', of: 'doc:1#editor', by: { kind: 'tuples', subjects: [] } },
            {
              kind: 'arrow',
              from: 'parent',
              relation: 'viewer',
              of: [
                {
                  kind: 'relation',
                  of: 'folder:a#viewer',
                  by: {
                    kind: 'union',
                    of: [
                      { kind: 'tuples', subjects: [] },
                      {
                        kind: 'arrow',
                        from: 'parent',
                        relation: 'viewer',
                        of: [{ kind: 'again', of: 'folder:a#viewer' }],
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
        except: { kind: 'relation', of: 'doc:1#blocked', by: { kind: 'tuples', subjects: [] } },
      },
    })
  })

  test.each([
    [{ subject: 'usr:ann', relation: 'viewer', object: 'doc:1' }, 'the relations have no type "usr"'],
    [
      { subject: 'user:ann', relation: 'sees', object: 'doc:1' },
      'the type "doc" has no relation "sees"; known are: parent, owner, blocked, editor, viewer',
    ],
    [{ subject: 'user:ann', relation: 'viewer', object: 'doc' }, '"doc" has no type; write type:id'],
    [
      { subject: 'user:ann', relation: 'viewer', object: 'doc:1#viewer' },
      '"doc:1#viewer" has a relation where an object belongs; write type:id',
    ],
  ])('%o is refused', async (question, message) => {
    const { relations } = await createEngine({ policies })
    expect(failureOf(() => relations.check(question))).toBe(`E_TUPLE: ${message}`)
  })

  test('are bounded', async () => {
    const { relations } = await createEngine({ policies })
    relations.add(Array.from({ length: 10_001 }, (_, i) => `group:all#member@user:${i}`))
    expect(failureOf(() => relations.expand({ object: 'group:all', relation: 'member' }))).toMatch(/^E_RELATION_LIMIT/)
    relations.add(Array.from({ length: 100_001 }, (_, i) => `doc:${i}#owner@user:hub`))
    expect(failureOf(() => relations.listObjects({ subject: 'user:hub', relation: 'viewer', type: 'doc' }))).toMatch(
      /^E_RELATION_LIMIT/,
    )
  })
})

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
