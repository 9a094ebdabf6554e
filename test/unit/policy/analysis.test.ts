/** Warnings about policies that are valid and cannot be meant. That none is false: test/property/idle-rules.test.ts. */
import { describe, expect, it } from 'vitest'
import { analyseModel } from '../../../src/policy/analysis/index.ts'
import type { ConditionSource, PolicyDocument, Rule } from '../../../src/policy/document.ts'
import { formatDiagnostic, loadModel, parsePolicies } from '../../../src/policy/index.ts'

/** `CODE RULE` of each finding, in the order of the document. */
function found(document: Partial<PolicyDocument>): string[] {
  return parsePolicies({ version: 1, ...document }).diagnostics.map(({ code, rule }) => [code, rule].join(' ').trim())
}

function messages(document: Partial<PolicyDocument>): string[] {
  return parsePolicies({ version: 1, ...document }).diagnostics.map(({ message }) => message)
}

const ofRules = (...rules: Rule[]) => found({ rules })
const withWhen = (when: ConditionSource, rest: Partial<Rule> = { allow: 'read' }): string[] =>
  messages({ rules: [{ id: 'r', ...rest, when }] })

describe('a condition that can never hold', () => {
  it.each<[string, ConditionSource, string]>([
    ['bounds', { 'context.n': { gt: 5, lt: 3 } }, '"context.n" cannot be both gt 5 and lt 3'],
    ['bounds that exclude themselves', { 'context.n': { gt: 5, lte: 5 } }, '"context.n" cannot be both gt 5 and lte 5'],
    ['bounds of strings', { 'context.s': { gte: 'b', lt: 'a' } }, '"context.s" cannot be both gte "b" and lt "a"'],
    ['nothing before the empty string', { 'context.s': { lt: '' } }, '"context.s" can never be lt ""'],
    ['types', { 'context.n': { gt: 5, starts_with: 'a' } }, '"context.n" cannot be both gt 5 and starts_with "a"'],
    [
      'a value outside a list',
      { 'context.s': { eq: 'a', in: ['b'] } },
      '"context.s" cannot be both eq "a" and in ["b"]',
    ],
    [
      'lists without a common value',
      { 'context.s': { in: ['a', 1], not_in: [1, 'a'] } },
      'in ["a",1] and not_in [1,"a"]',
    ],
    [
      'a value and its negation',
      { 'context.s': { eq: 'a', neq: 'a' } },
      '"context.s" cannot be both eq "a" and neq "a"',
    ],
    [
      'a list as value',
      { 'context.l': { eq: [1, 2], contains: 3 } },
      '"context.l" cannot be both eq [1,2] and contains 3',
    ],
    ['missing and tested', { 'context.s': { exists: false, eq: 'a' } }, 'exists false and eq "a"'],
    ['a beginning', { 'context.s': { eq: 'ab', starts_with: 'b' } }, 'eq "ab" and starts_with "b"'],
    ['two beginnings', { 'context.s': { starts_with: 'ab', glob: 'b*' } }, 'starts_with "ab" and glob "b*"'],
    ['two ends', { 'context.s': { ends_with: 'b', glob: '*a' } }, 'ends_with "b" and glob "*a"'],
    ['a pattern', { 'context.s': { eq: 'a', glob: 'b*' } }, 'eq "a" and glob "b*"'],
    [
      'a reference',
      { 'context.s': { eq: { ref: 'subject.s' }, neq: { ref: 'subject.s' } } },
      'eq subject.s and neq subject.s',
    ],
    ['a part of the request', { 'subject.id': { exists: false } }, '"subject.id" is always there'],
    ['three tests', { 'context.n': { in: [1, 5], gt: 1, lt: 5 } }, '"context.n" cannot be in [1,5], gt 1 and lt 5'],
    [
      'deep inside',
      { all: [{ not: { any: [{ 'context.n': { lte: 5 } }, { 'context.m': 1 }] } }, { 'context.n': 4 }] },
      '"context.n" cannot be both not lte 5 and eq 4',
    ],
    [
      'each way of an any',
      { all: [{ 'context.n': 3 }, { any: [{ 'context.n': 1 }, { 'context.n': { gt: 7 } }] }] },
      '"context.n" cannot be both eq 3 and eq 1',
    ],
    ['one way that does not count', { 'context.n': { gt: 5, lt: 3, otherwise: false } }, 'gt 5 and lt 3'],
  ])('%s', (_, when, said) => {
    const [message = '', ...others] = withWhen(when)
    expect(message).toMatch(/^the rule can never apply: /)
    expect(message).toContain(said)
    expect(message).toContain('in rule "r"; mend one of these tests')
    expect(others).toEqual([])
  })

  it.each<[string, ConditionSource]>([
    ['bounds with something between', { 'context.n': { gt: 3, lt: 5 } }],
    ['bounds that meet', { 'context.n': { gte: 5, lte: 5 } }],
    ['one value of several', { 'context.n': { in: [1, 2, 3], gt: 2 } }],
    ['a number or nothing', { any: [{ 'context.n': { gt: 3 } }, { 'context.n': { exists: false } }] }],
    ['what counts as true when it cannot be evaluated', { 'context.n': { gt: 5, lt: 3, otherwise: true } }],
    ['not equal in spite of another type', { 'context.n': { gt: 3, neq: 'a' } }],
    ['agreeing beginnings', { 'context.s': { starts_with: 'ab', glob: 'a*c' } }],
    [
      'a beginning that it must not have',
      { all: [{ not: { 'context.s': { starts_with: 'a' } } }, { 'context.s': { glob: 'b*' } }] },
    ],
    [
      'an end that it must not have',
      { all: [{ not: { 'context.s': { ends_with: 'a' } } }, { 'context.s': { ends_with: 'b' } }] },
    ],
    ['two attributes', { 'context.n': { gt: 5 }, 'context.m': { lt: 3 } }],
    ['a text or a list', { 'context.s': { contains: 'a', eq: ['a'] } }],
    ['an attribute and its key', { 'subject.properties.id': 'x', 'subject.id': 'y' }],
  ])('says nothing about %s', (_, when) => {
    const contradictions = found({ rules: [{ id: 'r', allow: 'read', when }] }).filter(
      (one) => !one.includes('W_TYPES'),
    )
    const part = JSON.stringify(when).includes('otherwise') ? ['W_CONTRADICTION r'] : []
    expect(contradictions).toEqual(part)
  })

  it('and its target', () => {
    expect(messages({ rules: [{ id: 'r', allow: 'read', on: 'record', when: { 'resource.type': 'file' } }] })).toEqual([
      'the rule can never apply: "resource.type" cannot be both eq "record" and eq "file" in rule "r"; mend one of these tests, or join them by "any"',
    ])
    expect(ofRules({ id: 'r', deny: 'a*', when: { 'action.name': { in: ['b', 'c'] } } })).toEqual(['W_CONTRADICTION r'])
    expect(ofRules({ id: 'r', deny: 'a*', when: { 'action.name': { in: ['b', 'ac'] } } })).toEqual([])
  })

  it('of a deny, which still denies where it cannot be evaluated', () => {
    const when = { 'context.n': { gt: 5, lt: 3 } }
    expect(withWhen(when, { deny: 'read' })[0]).toMatch(
      /^the condition can never hold: .*denies only where it cannot be/,
    )
    const model = loadModel({ version: 1, rules: [{ id: 'r', deny: 'read', when }] })
    expect(analyseModel(model).map(({ idle }) => idle)).toEqual([false])
    const settled = { 'context.n': { gt: 5, lt: 3, otherwise: false } }
    expect(withWhen(settled, { review: 'read' })[0]).toMatch(/^the rule can never apply: /)
  })

  it('in a part of it', () => {
    const dead = { 'context.n': { gt: 5, lt: 3 } }
    for (const when of [{ any: [dead, { 'context.m': 1 }] }, { not: dead }] as ConditionSource[]) {
      expect(withWhen(when)).toEqual([
        'a part of the condition can never hold: "context.n" cannot be both gt 5 and lt 3 in rule "r"; mend one of these tests, or join them by "any"',
      ])
    }
    expect(withWhen({ 'context.l': { all_match: { item: { gt: 5, lt: 3 } } } })[0]).toContain('"item" cannot be both')
    expect(messages({ rules: [{ id: 'r', allow: 'x', unless: dead }] })[0]).toMatch(/^a part of the condition/)
  })

  it('does not tell secrets', () => {
    const rules: Rule[] = [{ id: 'r', allow: 'read', when: { 'context.token': { eq: 'abc', in: ['def'] } } }]
    expect(messages({ rules, secrets: ['context.token'] })[0]).toContain('cannot be both eq (secret) and in (secret)')
  })
})

describe('a rule that never decides', () => {
  const deny: Rule = { id: 'd', deny: '*', to: { type: 'agent' } }
  const allow: Rule = { id: 'a', allow: ['travel:*'], to: { type: 'agent' } }

  it('is told as in a compiler', () => {
    const text =
      'version: 1\nrules:\n  - { id: deny-all-agents, deny: "*", to: { type: agent } }\n  - { id: travel, allow: "travel:*", to: { type: agent, id: a1 } }\n'
    expect(parsePolicies({ name: 'policies/records.yaml', text }).diagnostics.map(formatDiagnostic)).toEqual([
      'policies/records.yaml:4:5  warning  rule "travel" can never decide: "deny-all-agents" denies what it allows; remove it, or narrow "deny-all-agents"  W_SHADOWED',
    ])
  })

  it.each<[string, Partial<PolicyDocument>, string[]]>([
    ['deny-overrides', { rules: [deny, allow] }, ['W_SHADOWED a']],
    ['deny-overrides, whatever the order', { rules: [allow, deny] }, ['W_SHADOWED a']],
    ['a review', { rules: [{ id: 'v', review: '*' }, allow] }, ['W_SHADOWED a']],
    [
      'a deny over a review',
      { rules: [deny, { ...allow, allow: undefined, review: 'x' } as unknown as Rule] },
      ['W_SHADOWED a'],
    ],
    [
      'a deny over a review that is always evaluable',
      { rules: [deny, { id: 'v', review: 'x', to: { type: 'agent' }, when: { 'subject.id': 'a' } }] },
      ['W_SHADOWED v'],
    ],
    [
      'a deny that comes first over a review',
      {
        algorithm: 'first-applicable',
        rules: [deny, { id: 'v', review: 'x', to: { type: 'agent' }, when: { 'context.a': 1 } }],
      },
      ['W_SHADOWED v'],
    ],
    ['allow-overrides', { algorithm: 'allow-overrides', rules: [{ id: 'a', allow: '*' }, deny] }, ['W_SHADOWED d']],
    ['first-applicable', { algorithm: 'first-applicable', rules: [{ ...allow, allow: '*' }, deny] }, ['W_SHADOWED d']],
    [
      'a higher priority',
      { algorithm: 'priority', rules: [{ ...allow, allow: '*', priority: 1 }, deny] },
      ['W_SHADOWED d'],
    ],
    ['a tie of priorities', { algorithm: 'priority', rules: [allow, deny] }, ['W_SHADOWED a']],
    [
      'most-specific, equally so',
      { algorithm: 'most-specific', rules: [{ ...allow, allow: '*' }, deny] },
      ['W_SHADOWED a'],
    ],
    [
      'the same condition',
      {
        rules: [
          { ...deny, when: { 'context.a': 1 } },
          { ...allow, when: { 'context.a': 1, 'context.b': 2 } },
        ],
      },
      ['W_SHADOWED a'],
    ],
    [
      'an inherited role',
      {
        roles: { admin: ['editor'], editor: [] },
        rules: [
          { id: 'd', deny: 'x', to: { role: 'editor' } },
          { id: 'a', allow: 'x', to: { role: 'admin' } },
        ],
      },
      ['W_SHADOWED a'],
    ],
    ['each of a list', { rules: [deny, { ...allow, allow: ['a', 'b*', '[cd]?'] }] }, ['W_SHADOWED a']],
    ['in another set than the first', { sets: { s: { rules: [deny, allow] } } }, ['W_SHADOWED a']],
  ])('%s', (_, document, expected) => {
    expect(found(JSON.parse(JSON.stringify(document)))).toEqual(expected)
  })

  it.each<[string, Partial<PolicyDocument>]>([
    ['a condition on the deny', { rules: [{ ...deny, when: { 'context.a': 1 } }, allow] }],
    [
      'a review that may be not evaluable, and then denies beside the deny',
      { rules: [deny, { id: 'v', review: 'x', to: { type: 'agent' }, when: { 'context.a': 1 } }] },
    ],
    ['a narrower target', { rules: [{ ...deny, on: 'record' }, allow] }],
    [
      'a role that is inherited the other way',
      {
        roles: { admin: ['editor'], editor: [] },
        rules: [
          { id: 'd', deny: 'x', to: { role: 'admin' } },
          { id: 'a', allow: 'x', to: { role: 'editor' } },
        ],
      },
    ],
    ['a later rule', { algorithm: 'first-applicable', rules: [{ ...allow, when: { 'context.a': 1 } }, deny] }],
    ['a lower priority', { algorithm: 'priority', rules: [{ ...allow, priority: 1 }, deny] }],
    [
      'a more specific rule',
      { algorithm: 'most-specific', rules: [{ ...allow, to: { type: 'agent', id: 'a1' } }, deny] },
    ],
    ['another set', { sets: { s: { rules: [deny] }, t: { rules: [allow] } } }],
    [
      'an allow that may not be evaluable, over a deny',
      {
        algorithm: 'allow-overrides',
        rules: [
          { id: 'a', allow: 'x', when: { 'context.a': 1 } },
          { id: 'd', deny: 'x', when: { 'context.a': 1 } },
        ],
      },
    ],
  ])('but not with %s', (_, document) => {
    expect(found(document)).toEqual([])
  })
})

describe('a rule that adds nothing', () => {
  it('is a rule once more, or a narrower one', () => {
    const rule: Rule = { id: 'a', allow: ['read', 'list'], on: 'doc', when: { 'context.a': 1, 'context.b': 2 } }
    expect(ofRules(rule, { ...rule, id: 'b', when: { all: [{ 'context.b': 2 }, { 'context.a': 1 }] } })).toEqual([
      'W_REDUNDANT b',
    ])
    expect(ofRules({ ...rule, allow: 'read' }, { ...rule, id: 'b' })).toEqual(['W_REDUNDANT a'])
    expect(
      messages({
        rules: [
          { id: 'a', allow: '*' },
          { id: 'b', allow: 'x' },
        ],
      }),
    ).toEqual(['rule "b" adds nothing: "a" already allows what it allows; remove it, or narrow the other'])
  })

  it('but not one with a reason or a duty of its own', () => {
    const rule: Rule = { id: 'a', allow: 'read' }
    expect(ofRules(rule, { ...rule, id: 'b', because: 'it may' })).toEqual([])
    expect(ofRules(rule, { ...rule, id: 'b', obligations: [{ id: 'log' }] })).toEqual([])
    expect(ofRules({ ...rule, because: 'it may' }, { ...rule, id: 'b', because: 'it may' })).toEqual(['W_REDUNDANT b'])
  })

  it('nor one whose reason would be told no longer', () => {
    const narrow: Rule = { id: 'a', allow: 'read', when: { 'context.n': 1 }, because: 'why' }
    const other: Rule = { id: 'b', allow: 'r*', when: { 'context.m': 1 }, because: 'other' }
    const wide: Rule = { id: 'c', allow: 'read', because: 'why' }
    expect(ofRules(narrow, other, wide)).toEqual([])
    expect(ofRules(wide, other, narrow)).toEqual(['W_REDUNDANT a'])
    const { because: _, ...silent } = narrow
    expect(ofRules(silent, other, wide)).toEqual(['W_REDUNDANT a'])
  })
})

describe('types', () => {
  it('that rules disagree about', () => {
    const rule = (id: string, when: ConditionSource): Rule => ({ id, allow: id, when })
    expect(
      messages({
        rules: [
          rule('a', { 'resource.size': { gt: 5 } }),
          rule('b', { 'resource.size': { starts_with: 'x' } }),
          rule('c', { 'resource.size': { in: [1, 2] } }),
        ],
      }),
    ).toEqual([
      '"resource.size" is taken for a string in rule "b", and for a number in "a"; compare it with one type everywhere; values of another type never fit',
    ])
    expect(ofRules(rule('a', { 'resource.size': 5 }), rule('b', { 'resource.size': null }))).toEqual([])
    expect(ofRules(rule('a', { 'resource.size': 5 }), rule('b', { 'resource.size': { in: ['x', 5] } }))).toEqual([])
    expect(
      ofRules(rule('a', { 'resource.l': { contains: 'x' } }), rule('b', { 'resource.l': { is_subset: ['x'] } })),
    ).toEqual([])
  })
})

describe('what no request reaches', () => {
  it('a route behind others, and a set that no route names', () => {
    const sets = { s: { rules: [{ id: 'a', allow: 'x' }] }, t: { rules: [{ id: 'b', allow: 'y' }] } }
    expect(
      messages({
        sets,
        routes: [
          { actions: ['a*', 'x'], sets: ['s'] },
          { actions: ['ab*', 'x'], sets: ['t'] },
          { actions: '*', sets: ['s'] },
          { actions: 'y', sets: ['t'] },
        ],
      }),
    ).toEqual([
      'the route for "ab*" or "x" is never taken: routes before it take all these actions; move it up, or remove it',
      'the route for "y" is never taken: routes before it take all these actions; move it up, or remove it',
    ])
    expect(messages({ sets, routes: [{ actions: '*', sets: ['s'] }] })).toEqual([
      'no route leads to the set "t", and the routes take all actions; name it in a route, or remove it',
    ])
    expect(found({ sets, routes: [{ actions: 'x', sets: ['s'] }] })).toEqual([])
  })

  it('a pattern that covers none of the declared actions', () => {
    const document: Partial<PolicyDocument> = {
      actions: ['doc:read', 'doc:write'],
      rules: [{ id: 'r', allow: ['dok:*', 'doc:*'] }],
    }
    expect(messages(document)).toEqual([
      '"dok:*" covers none of the declared actions in rule "r"; mend the pattern, or declare the actions',
    ])
    expect(messages({ ...document, rules: [{ id: 'r', allow: '[!d]*' }] })[0]).toContain('about no action')
  })
})

it('takes about as long as reading the policies', { timeout: 60_000 }, () => {
  const rules = Array.from(
    { length: 10_000 },
    (_, i): Rule => ({
      id: `r${i}`,
      allow: [`act${i % 500}`, 'x*'],
      on: `t${i % 100}`,
      to: { role: `role${i % 50}` },
      when: { 'resource.status': `s${i}`, 'context.n': { gt: i, lt: 2 * i + 1 } },
    }),
  )
  let start = performance.now()
  const model = loadModel({ version: 1, rules })
  const reading = performance.now() - start
  start = performance.now()
  expect(analyseModel(model)).toEqual([])
  // Quadratic work would take a hundred times as long.
  expect(performance.now() - start).toBeLessThan(Math.max(1000, 10 * reading))
})

it('is told to whoever creates an engine and asks', async () => {
  const { createEngine } = await import('../../../src/engine/index.ts')
  const told: string[] = []
  const rules: Rule[] = [
    { id: 'a', allow: '*' },
    { id: 'b', allow: 'x' },
  ]
  const engine = await createEngine({ policies: { version: 1, rules }, onWarning: ({ code }) => told.push(code) })
  expect(told).toEqual(['W_REDUNDANT'])
  await engine.replacePolicies({
    version: 1,
    rules: [
      { id: 'a', deny: '*' },
      { id: 'b', allow: 'x' },
    ],
  })
  expect(told).toEqual(['W_REDUNDANT', 'W_SHADOWED'])
})
