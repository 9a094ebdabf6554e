/** What would have allowed a request. That it is enough: test/property/why-not.test.ts. Secrets: secrets.test.ts. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { WhyNot } from '../../../src/engine/types.ts'
import type { PolicyDocument, Rule } from '../../../src/policy/document.ts'
import { ask, engineOf, failureOf, type Parts } from './support.ts'

async function whyNot(rules: readonly Rule[], parts: Parts = {}, rest: Partial<PolicyDocument> = {}): Promise<WhyNot> {
  return (await engineOf(rules, rest)).whyNot(ask(parts))
}

/** `RULE: what it lacks`, a line per rule. */
function brief({ nearest }: WhyNot): string[] {
  return nearest.map(
    ({ id, missing }) =>
      `${id}: ${missing.map(({ path, operator, expected }) => `${path} ${operator} ${JSON.stringify(expected)}`).join(', ')}`,
  )
}

describe('a role that is missing', () => {
  const roles = { admin: ['editor'], editor: [], viewer: [], payer: [], auditor: [], lead: ['payer'] }
  const notes = async (
    rest: Partial<PolicyDocument>,
    role: string | string[],
    held: readonly unknown[],
    active?: readonly string[],
  ) => {
    const engine = await engineOf([{ id: 'r', allow: 'read', to: { role } }], { roles, ...rest })
    const session = active && { state: { session: { roles: active } } }
    const request = { ...ask({ subject: { roles: held } }), ...session }
    return engine.whyNot(request).nearest[0]?.missing.map(({ actual, outcome, note }) => [actual, outcome, note])
  }

  test('is held, but the session leaves it out', async () => {
    const held = ['editor', 'viewer']
    expect(await notes({}, 'editor', held, ['viewer'])).toEqual([
      [held, 'false', '"editor" is held, but not active in the session'],
    ])
    expect(await notes({}, ['payer', 'editor'], ['admin', { role: 'payer', on: 'doc' }], [])).toEqual([
      [['admin', 'payer'], 'false', '"payer", "editor" are held, but not active in the session'],
    ])
    expect(await notes({}, 'payer', held, ['viewer'])).toEqual([[held, 'false', undefined]])
    expect(await notes({}, 'payer', held)).toEqual([[held, 'false', undefined]])
  })

  test('is one of an entity', async () => {
    const entities = { subjects: [{ type: 'user', id: 'alice', roles: ['admin'] }] }
    const engine = await engineOf([{ id: 'r', allow: 'read', to: { role: 'editor' } }], { roles, entities })
    const { missing } = engine.whyNot({ ...ask(), state: { session: { roles: [] } } }).nearest[0]!
    expect(missing[0]?.note).toBe('"editor" is held, but not active in the session')
  })

  test('must be separate from one that is held', async () => {
    const separation = { static: [{ roles: ['payer', 'auditor', 'viewer'], at_most: 2 }] }
    expect(await notes({ separation }, 'lead', ['auditor', 'viewer'])).toEqual([
      [['auditor', 'viewer'], 'false', '"lead" may not be held together with "auditor", "viewer"'],
    ])
    expect(await notes({ separation }, 'lead', ['viewer'])).toEqual([[['viewer'], 'false', undefined]])
  })

  test('must be separate from one that is active', async () => {
    const separation = { dynamic: [{ roles: ['payer', 'auditor'] }] }
    const held = ['payer', 'auditor']
    expect(await notes({ separation }, 'payer', held, ['auditor'])).toEqual([
      [
        held,
        'false',
        '"payer" is held, but not active in the session, "payer" may not be active together with "auditor"',
      ],
    ])
    expect(await notes({ separation }, 'payer', held, [])).toEqual([
      [held, 'false', '"payer" is held, but not active in the session'],
    ])
    expect(await notes({ separation }, 'payer', ['auditor'])).toEqual([
      [['auditor'], 'false', '"payer" may not be active together with "auditor"'],
    ])
  })

  test('says nothing where roles are secret', async () => {
    const engine = await engineOf([{ id: 'r', allow: 'read', to: { role: ['editor', 'viewer'] } }], {
      roles,
      secrets: ['subject.roles'],
    })
    const request = { ...ask({ subject: { roles: ['editor'] } }), state: { session: { roles: [] } } }
    expect(JSON.stringify(engine.whyNot(request))).not.toMatch(/editor/)
  })
})

describe('what is missing', () => {
  const roles = { admin: ['editor'], editor: [] }
  test.each<[string, Rule, string]>([
    [
      'a role',
      { id: 'r', allow: 'read', to: { role: ['admin', 'owner'] } },
      'subject.roles holds one of ["admin","owner"]',
    ],
    ['an id', { id: 'r', allow: 'read', on: { id: ['d7', 'd8'] } }, 'resource.id in ["d7","d8"]'],
    ['an id of the subject', { id: 'r', allow: 'read', to: { id: 'bob' } }, 'subject.id in ["bob"]'],
    ['a pattern', { id: 'r', allow: 'read', on: { id: ['x[a-c]?*', 'd7'] } }, 'resource.id matches ["x[a-c]?*","d7"]'],
    ['a type of the subject', { id: 'r', allow: 'read', to: { type: 'agent' } }, 'subject.type eq "agent"'],
    ['a value', { id: 'r', allow: 'read', when: { 'context.a': 1 } }, 'context.a eq 1'],
    ['a value that is there', { id: 'r', allow: 'read', when: { 'context.n': { gt: 7 } } }, 'context.n gt 7'],
    ['what must not be', { id: 'r', allow: 'read', unless: { 'context.n': 5 } }, 'context.n neq 5'],
    [
      'the cheaper way',
      { id: 'r', allow: 'read', when: { any: [{ 'context.a': 1, 'context.b': 2 }, { 'context.c': 3 }] } },
      'context.c eq 3',
    ],
    [
      'both of what must fail',
      { id: 'r', allow: 'read', unless: { any: [{ 'context.n': 5 }, { 'context.n': { lt: 6 } }] } },
      'context.n neq 5, context.n not lt 6',
    ],
    [
      'over items',
      { id: 'r', allow: 'read', when: { 'context.l': { all_match: { item: { gt: 3 } } } } },
      'context.l all_match {"item":{"gt":3}}',
    ],
    [
      'target and condition',
      { id: 'r', allow: 'read', to: { role: 'editor' }, when: { 'context.a': 1 } },
      'subject.roles holds one of ["editor"], context.a eq 1',
    ],
  ])('%s', async (_, rule, expected) => {
    const answer = await whyNot([rule], { context: { n: 5, l: [1] } }, { roles: { ...roles, owner: [] } })
    expect(brief(answer)).toEqual([`r: ${expected}`])
    expect(answer.nearest[0]).toMatchObject({ set: 'default', blockedBy: [] })
    expect(answer.blockers).toEqual([])
  })

  test('says what was found instead', async () => {
    const rule: Rule = {
      id: 'r',
      allow: 'read',
      to: { role: 'admin' },
      when: { 'context.a': { eq: 1, otherwise: false } },
    }
    const { nearest } = await whyNot([rule], { subject: { roles: ['editor'] } }, { roles })
    expect(nearest[0]?.missing).toEqual([
      { path: 'subject.roles', operator: 'holds one of', expected: ['admin'], actual: ['editor'], outcome: 'false' },
      { path: 'context.a', operator: 'eq', expected: 1, outcome: 'not_evaluable', otherwise: false },
    ])
  })

  test('leaves out what counts as true when it cannot be evaluated', async () => {
    const rule: Rule = { id: 'r', allow: 'read', when: { 'context.a': { eq: 1, otherwise: true }, 'context.b': 2 } }
    expect(brief(await whyNot([rule]))).toEqual(['r: context.b eq 2'])
  })

  test('an inherited role is a role', async () => {
    const rule: Rule = { id: 'r', allow: 'read', to: { role: 'editor' }, when: { 'context.a': 1 } }
    expect(brief(await whyNot([rule], { subject: { roles: 'admin' } }, { roles }))).toEqual(['r: context.a eq 1'])
  })

  test('what entities supply is there', async () => {
    const entities = { resources: [{ type: 'doc', id: 'd1', properties: { a: 1, b: 3 } }] }
    const rule: Rule = { id: 'r', allow: 'read', to: { id: 'bob' }, when: { 'resource.a': 1, 'resource.b': 2 } }
    const { nearest } = await whyNot([rule], {}, { entities })
    expect(nearest[0]?.missing.map(({ path, actual }) => [path, actual])).toEqual([
      ['subject.id', 'alice'],
      ['resource.b', 3],
    ])
  })

  test('a target of more keys than the index takes', async () => {
    const names = (start: string) => Array.from({ length: 40 }, (_, i) => `${start}${i}`)
    const rule: Rule = {
      id: 'r',
      allow: ['read', ...names('a')],
      on: { id: names('x') },
      to: { id: ['alice', ...names('s')] },
    }
    const { nearest } = await whyNot([rule])
    expect(nearest[0]?.missing.map(({ path }) => new Set([path]))).toContainEqual(new Set(['resource.id']))
  })
})

describe('which rules', () => {
  test('the nearest first, those alike in document order, as many as asked for', async () => {
    const rules: Rule[] = [
      { id: 'three', allow: 'read', when: { 'context.a': 1, 'context.b': 1, 'context.c': 1 } },
      { id: 'one', allow: 'read', when: { 'context.a': 1 } },
      { id: 'two', allow: 'read', when: { 'context.a': 1, 'context.b': 1 } },
      { id: 'also-one', allow: 'read', when: { 'context.c': 1 } },
      { id: 'id', allow: 'read', on: { id: 'other' } },
    ]
    const engine = await engineOf(rules)
    const ids = (limit?: number) =>
      engine.whyNot(ask(), limit === undefined ? {} : { limit }).nearest.map(({ id }) => id)
    expect(ids()).toEqual(['one', 'also-one', 'two', 'id', 'three'])
    expect(ids(2)).toEqual(['one', 'also-one'])
    for (const limit of [0, 101, 1.5, Number.NaN]) {
      expect(failureOf(() => engine.whyNot(ask(), { limit }))).toBe(
        'E_USAGE: limit must be a whole number from 1 to 100',
      )
    }
  })

  test('those about another action or type only when there are no others', async () => {
    const other: Rule = { id: 'other', allow: 'write', on: 'doc' }
    const both: Rule = { id: 'both', allow: 'write', on: 'file' }
    expect(
      brief(
        await whyNot([
          other,
          both,
          { id: 'far', allow: 'read', to: { id: 'bob' }, when: { 'context.a': 1, 'context.b': 1, 'context.c': 1 } },
        ]),
      ),
    ).toHaveLength(1)
    expect(brief(await whyNot([other, both]))).toEqual(['other: action.name in ["write"]'])
    expect((await whyNot([both])).nearest).toEqual([])
  })

  test('none for what is allowed, of another tenant, or without policies', async () => {
    const engine = await engineOf([{ id: 'r', allow: 'read' }])
    expect(engine.whyNot(ask())).toMatchObject({ decision: { status: 'allow' }, nearest: [], blockers: [] })
    expect(engine.whyNot({ ...ask(), tenant: 'x' })).toMatchObject({
      decision: { code: 'unknown_tenant' },
      nearest: [],
    })
    expect(await whyNot([])).toMatchObject({ decision: { code: 'no_policies' }, nearest: [] })
  })

  test('those of the sets that are asked', async () => {
    const sets = {
      s: { rules: [{ id: 's', allow: 'read', when: { 'context.a': 1 } }] },
      t: { rules: [{ id: 't', allow: 'read', when: { 'context.b': 1 } }] },
    }
    const engine = await createEngine({ policies: { version: 1, sets, routes: [{ actions: 'r*', sets: ['t'] }] } })
    expect(brief(engine.whyNot(ask()))).toEqual(['t: context.b eq 1'])
    expect(engine.whyNot(ask()).nearest[0]?.set).toBe('t')
  })

  test('where all sets must agree, those of sets that do not, and which sets abstain', async () => {
    const sets = {
      s: { rules: [{ id: 's', allow: 'read' }] },
      t: { rules: [{ id: 't', allow: 'read', when: { 'context.b': 1 } }] },
    }
    const engine = await createEngine({ policies: { version: 1, sets, combine: 'all' } })
    const answer = engine.whyNot(ask())
    expect(brief(answer)).toEqual(['t: context.b eq 1'])
    expect(answer.abstaining).toEqual(['t'])
  })
})

describe('what is in the way', () => {
  const allow: Rule = { id: 'a', allow: 'read' }
  test('a deny that applies, with the tests that made it apply', async () => {
    const rules: Rule[] = [
      allow,
      { id: 'd', deny: 'read', when: { 'context.closed': true } },
      { id: 'no', deny: 'read', when: { 'context.n': 7 } },
    ]
    const { nearest, blockers } = await whyNot(rules, { context: { closed: true, n: 5 } })
    expect(nearest).toEqual([{ id: 'a', set: 'default', missing: [], blockedBy: ['d'] }])
    expect(blockers).toEqual([
      {
        id: 'd',
        set: 'default',
        effect: 'deny',
        outcome: 'true',
        deciding: true,
        tests: [{ path: 'context.closed', operator: 'eq', expected: true, actual: true, outcome: 'true' }],
      },
    ])
  })

  test('a deny that cannot be evaluated, and a review', async () => {
    const rules: Rule[] = [
      allow,
      { id: 'd', deny: 'read', when: { 'context.closed': true } },
      { id: 'v', review: 'read' },
    ]
    const { nearest, blockers } = await whyNot(rules)
    expect(nearest[0]?.blockedBy).toEqual(['d', 'v'])
    expect(blockers.map(({ id, outcome, deciding }) => [id, outcome, deciding])).toEqual([
      ['d', 'not_evaluable', true],
      ['v', 'true', false],
    ])
    const review = await whyNot([allow, { id: 'v', review: 'read' }])
    expect(review.decision.status).toBe('review')
    expect(review.nearest).toEqual([{ id: 'a', set: 'default', missing: [], blockedBy: ['v'] }])
  })

  test.each<[string, Partial<PolicyDocument>, Partial<Rule>, string[]]>([
    ['not under allow-overrides', { algorithm: 'allow-overrides' }, {}, []],
    ['not with a lower priority', { algorithm: 'priority' }, { priority: 1 }, []],
    ['at the same priority', { algorithm: 'priority' }, {}, ['d']],
    ['earlier, under first-applicable', { algorithm: 'first-applicable' }, {}, ['d']],
  ])('%s', async (_, rest, changes, expected) => {
    const near: Rule = { id: 'a', allow: 'read', when: { 'context.a': 1 }, ...changes }
    const { nearest } = await whyNot([{ id: 'd', deny: 'read' }, near], {}, rest)
    expect(nearest[0]?.blockedBy).toEqual(expected)
  })

  test('in another set, what would make its vote without the stronger ones', async () => {
    const other = async (rules: readonly Rule[], limit?: number, rest: object = {}) => {
      const sets = { s: { rules: [allow] }, t: { rules, ...rest } }
      const engine = await createEngine({ policies: { version: 1, sets } as PolicyDocument })
      return engine.whyNot(ask(), { ...(limit && { limit }) }).nearest.find(({ id }) => id === 'a')?.blockedBy
    }
    const review: Rule = { id: 'v', review: 'read' }
    const deny: Rule = { id: 'd', deny: 'read' }
    const open: Rule = { id: 'o', allow: 'read' }
    expect(await other([review, deny])).toEqual(['v', 'd'])
    // What decides is not left out for what comes first.
    expect(await other([review, { ...review, id: 'w' }, deny], 2)).toEqual(['v', 'd'])
    // Without the first two, the set allows.
    const ordered = { algorithm: 'first-applicable' }
    expect(await other([deny, review, open, { ...deny, id: 'late' }], 5, ordered)).toEqual(['d', 'v'])
  })

  test('the vote of another set', async () => {
    const sets = {
      s: { rules: [allow] },
      t: {
        algorithm: 'priority',
        rules: [
          { id: 'd', deny: 'read', priority: 2 },
          { id: 'weak', deny: 'read' },
        ],
      },
    } as const
    const answer = (await createEngine({ policies: { version: 1, sets } })).whyNot(ask())
    expect(answer.nearest).toEqual([{ id: 'a', set: 's', missing: [], blockedBy: ['d', 'weak'] }])
  })
})

test('an engine of an image alone tells the same', async () => {
  const rules: Rule[] = [
    {
      id: 'r',
      allow: 'r*d',
      on: { type: 'doc', id: 'x*' },
      to: { role: 'admin', type: 'a*' },
      when: { 'context.s': { regex: 'a+' } },
    },
  ]
  const engine = await engineOf(rules, { roles: { admin: [] } })
  const answer = engine.whyNot(ask({ context: { s: 'b' } }))
  expect(brief(answer)).toEqual([
    'r: resource.id matches ["x*"], subject.roles holds one of ["admin"], subject.type glob "a*", context.s regex "a+"',
  ])
  expect((await createEngine({ image: engine.image.bytes })).whyNot(ask({ context: { s: 'b' } }))).toEqual(answer)
})

test('a request that memory must grow for, and decisions afterwards', async () => {
  const rules = Array.from(
    { length: 30 },
    (_, i): Rule => ({
      id: `r${i}`,
      allow: 'read',
      to: { id: `s${i}` },
      when: { 'context.text': { contains: `needle ${i}` }, [`context.l${i}`]: { contains: i } },
    }),
  )
  const engine = await engineOf([...rules, { id: 'ok', allow: 'read', when: { 'context.ok': true } }])
  const lists = Object.fromEntries(rules.map((_, i) => [`l${i}`, Array.from({ length: 30_000 }, (_, n) => n + 1000)]))
  const big = ask({ context: { text: 'x'.repeat(3_000_000), ...lists } })
  expect(engine.whyNot(big, { limit: 100 }).nearest.map(({ missing }) => missing.length)).toEqual([
    1,
    ...rules.map(() => 3),
  ])
  expect(engine.evaluate(ask({ context: { ok: true } })).rules).toEqual(['ok'])
  expect(engine.evaluate(big).code).toBe('no_match')
})

test('memory that grows between two rules', async () => {
  const many = Array.from({ length: 20_000 }, (_, i) => ({ 'context.a': i }))
  const rules: Rule[] = [
    { id: 'many', allow: 'read', to: { id: 'carol' }, when: { any: many } },
    { id: 'first', allow: 'read', to: { id: 'bob' }, when: { 'context.b': 'x', 'context.c': 'y' } },
    { id: 'second', allow: 'read', to: { id: 'bob' }, when: { 'context.b': { in: ['x', 3] }, 'context.d': { gt: 5 } } },
  ]
  // What an earlier request left in the frame must not be taken for this one's.
  const engine = await engineOf(rules)
  engine.evaluate({ ...ask({ context: { b: 'z', c: 'z', d: 1 } }), subject: { type: 'user', id: 'bob' } })
  expect(brief(engine.whyNot(ask({ context: { b: 'x', d: 4 } })))).toEqual([
    'many: subject.id in ["carol"], context.a eq 0',
    'first: subject.id in ["bob"], context.c eq "y"',
    'second: subject.id in ["bob"], context.d gt 5',
  ])
})

test('many rules', { timeout: 60_000 }, async () => {
  const rules = Array.from(
    { length: 5000 },
    (_, i): Rule => ({
      id: `r${i}`,
      allow: 'read',
      when: { 'context.n': { gt: i }, 'context.a': i % 2 === 0 ? 'x' : 'y' },
    }),
  )
  const { nearest } = await whyNot(rules, { context: { n: -1, a: 'y' } })
  expect(nearest.map(({ id }) => id)).toEqual(['r1', 'r3', 'r5', 'r7', 'r9'])
})

test('relations are asked anew, also where no decision had to look at any rule', async () => {
  const engine = await createEngine({
    policies: {
      version: 1,
      relations: { user: {}, doc: { viewer: ['user'] } },
      rules: [{ id: 'view', allow: 'view', on: 'doc', to: { relation: 'viewer' } }],
    },
  })
  const asking = (name: string) => ({
    subject: { type: 'user', id: 'ann' },
    action: { name },
    resource: { type: 'doc', id: '1' },
  })
  expect(engine.whyNot(asking('view')).nearest[0]?.missing.map(({ path }) => path)).not.toEqual([])
  engine.relations.add('doc:1#viewer@user:ann')
  expect(engine.whyNot(asking('print')).nearest[0]?.missing.map(({ path }) => path)).toEqual(['action.name'])
})
