/** The reference evaluator against cases worked out by hand from docs/policy-reference.md. */
import { describe, expect, test } from 'vitest'
import type { AccessRequest } from '../../src/engine/types.ts'
import type { ConditionSource, PolicyDocument, Rule, Test } from '../../src/policy/document.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import { referenceEvaluate } from '../reference/decide.ts'
import { covers } from '../reference/patterns.ts'
import { RequestError } from '../reference/request-error.ts'

type Attributes = Record<string, unknown>

function request(context: Attributes = {}, subject: Attributes = {}, resource: Attributes = {}): AccessRequest {
  return {
    subject: { type: 'user', id: 'alice', properties: subject },
    action: { name: 'read' },
    resource: { type: 'record', id: 'r1', properties: resource },
    context,
  }
}

function truth(condition: ConditionSource, context: Attributes = {}, now?: number) {
  return evaluateCondition(condition, { document: { version: 1 }, request: request(context), now })
}

/** The test of `context.a` when it has this value. */
function testOf(a: unknown, tests: Test) {
  return truth({ 'context.a': tests }, { a })
}

function decide(rules: readonly Rule[], rest: Partial<PolicyDocument> = {}, asked: AccessRequest = request()) {
  return referenceEvaluate({ version: 1, rules, ...rest }, asked)
}

describe('operators', () => {
  const cases: readonly [string, unknown, Test, boolean | 'n.e.'][] = [
    ['a bare scalar means eq', 'x', 'x', true],
    ['true is not 1', true, { eq: 1 }, false],
    ['"5" is not 5', '5', { eq: 5 }, false],
    ['null is a value', null, { eq: null }, true],
    ['a missing attribute is not null', undefined, { eq: null }, 'n.e.'],
    ['-0 and 0 are one number', -0, { eq: 0 }, true],
    ['NaN is invalid', Number.NaN, { neq: 1 }, 'n.e.'],
    ['half of a surrogate pair can be compared', '\ud800', { neq: 'x' }, true],
    ['but it has no place in the order', '\ud800', { gt: 'x' }, 'n.e.'],
    ['and no parts', 'x\ud800', { starts_with: 'x' }, 'n.e.'],
    ['nor does a pattern look into it', 'x\ud800', { glob: '*' }, 'n.e.'],
    ['a bigint is invalid', 5n, { eq: 5 }, 'n.e.'],
    ['lists compare in order', [1, 2], { eq: [2, 1] }, false],
    ['lists of different lengths differ', [Number.NaN], { eq: [1, 2] }, false],
    ['an invalid item spoils list equality', [1, Number.NaN], { eq: [1, 2] }, 'n.e.'],
    ['a difference elsewhere settles it', [1, Number.NaN], { eq: [2, 2] }, false],
    ['a map is not a string', {}, { eq: 'x' }, false],
    ['in', 2, { in: [1, 2] }, true],
    ['in a list where one item cannot be compared', {}, { in: ['x', { y: 1 }] }, 'n.e.'],
    ['not_in', 3, { not_in: [1, 2] }, true],
    ['gt of numbers', 2, { gt: 1 }, true],
    ['gte of equals', 2, { gte: 2 }, true],
    ['gt of different types', '2', { gt: 1 }, 'n.e.'],
    ['booleans have no order', true, { lt: true }, 'n.e.'],
    ['strings by code point, not by UTF-16 unit', '\u{1f600}', { gt: '\uffff' }, true],
    ['a prefix is before what it starts', 'ab', { lt: 'abc' }, true],
    ['null exists', null, { exists: true }, true],
    ['a missing attribute does not', undefined, { exists: false }, true],
    ['exists of an invalid value', Number.NaN, { exists: true }, 'n.e.'],
    ['contains in a list', ['x', 'y'], { contains: 'y' }, true],
    ['contains in a string', 'xyz', { contains: 'yz' }, true],
    ['contains of a number in a string', 'x5', { contains: 5 }, 'n.e.'],
    ['not_contains', ['x'], { not_contains: 'y' }, true],
    ['contains with an item that cannot be compared', [Number.NaN, 'y'], { contains: 'y' }, true],
    ['not_contains with an item that cannot be compared', [Number.NaN], { not_contains: 'y' }, 'n.e.'],
    ['contains_any', [1, 2], { contains_any: [2, 3] }, true],
    ['contains_any of nothing', [1, 2], { contains_any: [] }, false],
    ['contains_all', [1, 2], { contains_all: [2, 3] }, false],
    ['contains_all of a string', 'ab', { contains_all: ['a'] }, 'n.e.'],
    ['is_subset', [1, 1], { is_subset: [1, 2] }, true],
    ['an empty list is a subset', [], { is_subset: [] }, true],
    ['starts_with', '\u{1f600}x', { starts_with: '\u{1f600}' }, true],
    ['ends_with of a number', 5, { ends_with: '5' }, 'n.e.'],
    ['glob', 'tool:run', { glob: 'tool:*' }, true],
    ['regex is unanchored', 'xaay', { regex: 'a{2}' }, true],
    ['regex takes a code point for one character', '\u{1f600}', { regex: '^.$' }, true],
    ['not_regex of a number', 5, { not_regex: '5' }, 'n.e.'],
    ['ip_in_cidr', '10.1.2.3', { ip_in_cidr: ['192.168.0.0/16', '10.0.0.0/8'] }, true],
    ['an IPv4-mapped address counts as IPv4', '::ffff:10.1.2.3', { ip_in_cidr: '10.0.0.0/8' }, true],
    ['IPv4 never lies in an IPv6 range', '10.1.2.3', { ip_in_cidr: '::/0' }, false],
    ['an octal-looking address is none', '010.1.2.3', { ip_in_cidr: '0.0.0.0/0' }, 'n.e.'],
    ['a pre-release is before its release', '1.0.0-rc.1', { semver_lt: '1.0.0' }, true],
    ['numeric identifiers compare as numbers', '1.0.0-2', { semver_lt: '1.0.0-10' }, true],
    ['build metadata is ignored', '1.0.0+a', { semver_eq: '1.0.0+b' }, true],
    ['v1.0.0 is no SemVer 2.0.0 version', 'v1.0.0', { semver_eq: '1.0.0' }, 'n.e.'],
    ['any_matches', [1, 5], { any_matches: { item: { gt: 3 } } }, true],
    ['all_match over parts of items', [{ n: 1 }, {}], { all_match: { 'item.n': 1 } }, 'n.e.'],
    ['none_match of nothing', [], { none_match: { item: 1 } }, true],
    ['none_match of a string', 'x', { none_match: { item: 'x' } }, 'n.e.'],
    ['several operators are combined by all', 5, { gt: 1, lt: 'x' }, 'n.e.'],
    ['false wins over not evaluable', 5, { gt: 9, lt: 'x' }, false],
    ['otherwise is for the whole', 5, { gt: 1, lt: 'x', otherwise: true }, true],
    ['otherwise leaves what can be evaluated', 5, { gt: 9, otherwise: true }, false],
  ]
  test.each(cases)('%s', (_, a, tests, expected) => {
    expect(testOf(a, tests)).toBe(expected)
  })
})

describe('three-valued logic', () => {
  const yes = { 'context.a': 1 }
  const no = { 'context.a': 2 }
  const unknown = { 'context.gone': 1 }
  test.each<[ConditionSource, boolean | 'n.e.']>([
    [{ all: [yes, unknown] }, 'n.e.'],
    [{ all: [unknown, no] }, false],
    [{ any: [no, unknown] }, 'n.e.'],
    [{ any: [unknown, yes] }, true],
    [{ not: unknown }, 'n.e.'],
    [{ not: { any: [no, { not: yes }] } }, true],
    [{ ...yes, ...unknown }, 'n.e.'],
    [{ all: [] }, true],
    [{ any: [] }, false],
  ])('%j is %s', (condition, expected) => {
    expect(truth(condition, { a: 1 })).toBe(expected)
  })
})

describe('paths', () => {
  test('own properties only', () => {
    expect(testOf({}, { exists: true })).toBe(true)
    expect(truth({ 'context.constructor': { exists: false } }, {})).toBe(true)
    expect(truth({ 'context.a.length': { exists: false } }, { a: [1] })).toBe(true)
    expect(truth({ 'context.__proto__': 'x' }, Object.fromEntries([['__proto__', 'x']]))).toBe(true)
  })
  test('brackets and indexes', () => {
    expect(truth({ 'context["x.y"][1].z': 3 }, { 'x.y': [0, { z: 3 }] })).toBe(true)
  })
  test('references and now', () => {
    expect(truth({ 'context.a': { lt: { ref: 'context.b' } } }, { a: 1, b: 2 })).toBe(true)
    expect(truth({ now: { gte: '1970-01-01T00:00:01Z' } }, {}, 1000)).toBe(true)
    expect(truth({ now: { gte: 0 } }, {})).toBe('n.e.')
  })
  test('parts of the request and properties of the same name', () => {
    const scope = { document: { version: 1 } as const, request: request({}, { id: 'x' }), now: undefined }
    expect(evaluateCondition({ 'subject.id': 'alice' }, scope)).toBe(true)
    expect(evaluateCondition({ 'subject.properties.id': 'x' }, scope)).toBe(true)
  })
})

describe('patterns', () => {
  test.each<[string, string, boolean]>([
    ['*', '', true],
    ['a*c', 'a:b/c', true],
    ['?', '\u{1f600}', true],
    ['?', '', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['{read,write}*', 'writer', true],
    ['{a,b{c,d}}', 'bd', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['Read', 'read', false],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(covers(pattern, text)).toBe(expected)
  })
})

describe('rules that cannot be evaluated', () => {
  const broken = { when: { 'context.gone': 1 } }
  test('an allow does not apply', () => {
    expect(decide([{ id: 'a', allow: '*', ...broken }])).toMatchObject({ status: 'deny', code: 'no_match', rules: [] })
  })
  test.each(['deny', 'review'] as const)('a %s denies, without its obligations', (effect) => {
    const rule = { id: 'b', [effect]: '*', because: 'why', obligations: [{ id: 'log' }], ...broken }
    expect(decide([{ id: 'a', allow: '*' }, rule])).toEqual({
      status: 'deny',
      code: 'not_evaluable',
      rules: ['b'],
      obligations: [],
      advice: [],
      reason: 'why',
    })
  })
  test('unless that holds beats a when that cannot be evaluated', () => {
    const rule: Rule = { id: 'd', deny: '*', ...broken, unless: { 'subject.id': 'alice' } }
    expect(decide([rule, { id: 'a', allow: '*' }])).toMatchObject({ status: 'allow', rules: ['a'] })
  })
})

describe('algorithms', () => {
  const rules: readonly Rule[] = [
    { id: 'a', allow: 'read', priority: 1 },
    { id: 'r', review: 're*', on: { id: 'r1' }, priority: 1 },
    { id: 'd', deny: '*', on: { type: 'record', id: 'r?' }, because: 'no' },
  ]
  test.each([
    ['deny-overrides', 'deny', ['d']],
    ['allow-overrides', 'allow', ['a']],
    ['priority', 'review', ['r']],
    ['first-applicable', 'allow', ['a']],
    ['most-specific', 'review', ['r']],
  ] as const)('%s: %s by %j', (algorithm, status, deciding) => {
    expect(decide(rules, { algorithm })).toMatchObject({ status, rules: deciding })
  })
  test('equal rules decide together, in document order', () => {
    const both: readonly Rule[] = [
      { id: 'x', allow: 'read', obligations: [{ id: '1' }] },
      { id: 'y', allow: 'read', obligations: [{ id: '2' }], because: 'second' },
    ]
    expect(decide(both)).toMatchObject({ rules: ['x', 'y'], obligations: [{ id: '1' }, { id: '2' }], reason: 'second' })
  })
})

describe('sets and routes', () => {
  const sets = {
    one: { rules: [{ id: 'a', allow: 'read' }] },
    two: { rules: [{ id: 'b', review: 'read', on: 'file' }] },
  }
  test('any: a set that abstains does not matter', () => {
    expect(referenceEvaluate({ version: 1, sets }, request())).toMatchObject({ status: 'allow', rules: ['a'] })
  })
  test('all: a set that abstains denies', () => {
    const decision = referenceEvaluate({ version: 1, sets, combine: 'all' }, request())
    expect(decision).toMatchObject({ status: 'deny', code: 'set_abstained', rules: [] })
  })
  test('the first route that matches chooses', () => {
    const routes = [
      { actions: 're*', sets: ['two'] },
      { actions: '*', sets: ['one'] },
    ]
    expect(referenceEvaluate({ version: 1, sets, routes }, request())).toMatchObject({ code: 'no_match' })
  })
  test('no rules, and another tenant', () => {
    expect(referenceEvaluate({ version: 1 }, request()).code).toBe('no_policies')
    expect(decide([{ id: 'a', allow: '*' }], {}, { ...request(), tenant: 'acme' }).code).toBe('unknown_tenant')
  })
})

describe('roles and entities', () => {
  const document: Partial<PolicyDocument> = {
    roles: { admin: ['editor'], editor: ['viewer'], viewer: [] },
    entities: { subjects: [{ type: 'user', id: 'alice', roles: ['admin'], properties: { profile: { zone: 'eu' } } }] },
  }
  const toViewers: Rule = { id: 'v', allow: '*', to: { role: 'viewer' } }
  const inEurope: Rule = { id: 'e', allow: '*', when: { 'subject.profile.zone': 'eu' } }
  test('inherited, from the entity', () => {
    expect(decide([toViewers], document).status).toBe('allow')
  })
  test('what the request says replaces them', () => {
    expect(decide([toViewers], document, request({}, { roles: [] })).status).toBe('deny')
    expect(decide([toViewers], document, request({}, { roles: 'editor' })).status).toBe('allow')
  })
  test.each([null, 5, ['viewer', 1], { viewer: true }])('roles %j are a request error', (roles) => {
    expect(() => decide([toViewers], document, request({}, { roles }))).toThrow(RequestError)
  })
  test('a stored attribute is hidden whole', () => {
    expect(decide([inEurope], document).status).toBe('allow')
    expect(decide([inEurope], document, request({}, { profile: { level: 1 } })).status).toBe('deny')
    expect(decide([inEurope], document, request({}, { profile: null })).status).toBe('deny')
  })
})
