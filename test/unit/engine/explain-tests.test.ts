/** Explanations of single tests: the path, the operator and the operand as written, the value found, the outcome. */
import { describe, expect, test } from 'vitest'
import type { TestExplanation } from '../../../src/engine/types.ts'
import type { ConditionSource, PolicyDocument } from '../../../src/policy/document.ts'
import { ask, engineOf, engineWhen, type Parts } from './support.ts'

async function tests(when: ConditionSource, parts: Parts = {}, rest: Partial<PolicyDocument> = {}) {
  const [rule] = (await engineWhen(when, rest)).explain(ask(parts)).rules
  return rule?.tests ?? []
}

async function only(when: ConditionSource, parts: Parts = {}, rest: Partial<PolicyDocument> = {}) {
  const all = await tests(when, parts, rest)
  expect(all).toHaveLength(1)
  return all[0]
}

const context = {
  n: 5,
  s: 'abc',
  list: ['a', 'b', 3],
  ip: '10.1.2.3',
  version: '1.2.3',
  yes: true,
  nothing: null,
  map: { 'x.y': [1, { z: 'deep' }] },
}

describe('what a test was, and what it found', () => {
  test.each<[string, ConditionSource, TestExplanation]>([
    [
      'a bare scalar',
      { 'context.s': 'abc' },
      { path: 'context.s', operator: 'eq', expected: 'abc', actual: 'abc', outcome: 'true' },
    ],
    [
      'eq',
      { 'context.n': { eq: '5' } },
      { path: 'context.n', operator: 'eq', expected: '5', actual: 5, outcome: 'false' },
    ],
    [
      'neq',
      { 'context.n': { neq: 5 } },
      { path: 'context.n', operator: 'neq', expected: 5, actual: 5, outcome: 'false' },
    ],
    [
      'null',
      { 'context.nothing': null },
      { path: 'context.nothing', operator: 'eq', expected: null, actual: null, outcome: 'true' },
    ],
    [
      'in',
      { 'context.s': { in: ['x', 1, false] } },
      { path: 'context.s', operator: 'in', expected: ['x', 1, false], actual: 'abc', outcome: 'false' },
    ],
    [
      'not_in',
      { 'context.s': { not_in: ['x'] } },
      { path: 'context.s', operator: 'not_in', expected: ['x'], actual: 'abc', outcome: 'true' },
    ],
    [
      'gt',
      { 'context.n': { gt: 4.5 } },
      { path: 'context.n', operator: 'gt', expected: 4.5, actual: 5, outcome: 'true' },
    ],
    [
      'another type',
      { 'context.s': { gt: 1 } },
      { path: 'context.s', operator: 'gt', expected: 1, actual: 'abc', outcome: 'not_evaluable' },
    ],
    [
      'exists',
      { 'context.nothing': { exists: true } },
      { path: 'context.nothing', operator: 'exists', expected: true, actual: null, outcome: 'true' },
    ],
    [
      'exists: false',
      { 'context.n': { exists: false } },
      { path: 'context.n', operator: 'exists', expected: false, actual: 5, outcome: 'false' },
    ],
    [
      'contains',
      { 'context.list': { contains: 3 } },
      { path: 'context.list', operator: 'contains', expected: 3, actual: ['a', 'b', 3], outcome: 'true' },
    ],
    [
      'not_contains',
      { 'context.s': { not_contains: 'bc' } },
      { path: 'context.s', operator: 'not_contains', expected: 'bc', actual: 'abc', outcome: 'false' },
    ],
    [
      'contains_any',
      { 'context.list': { contains_any: ['x', 'b'] } },
      { path: 'context.list', operator: 'contains_any', expected: ['x', 'b'], actual: ['a', 'b', 3], outcome: 'true' },
    ],
    [
      'starts_with',
      { 'context.s': { starts_with: 'ab' } },
      { path: 'context.s', operator: 'starts_with', expected: 'ab', actual: 'abc', outcome: 'true' },
    ],
    [
      'glob',
      { 'context.s': { glob: 'a[!x-z]?*\\*' } },
      { path: 'context.s', operator: 'glob', expected: 'a[!x-z]?*\\*', actual: 'abc', outcome: 'false' },
    ],
    [
      'regex',
      { 'context.s': { regex: '^a(b|c)+$' } },
      { path: 'context.s', operator: 'regex', expected: '^a(b|c)+$', actual: 'abc', outcome: 'true' },
    ],
    [
      'not_regex',
      { 'context.s': { not_regex: '^a' } },
      { path: 'context.s', operator: 'not_regex', expected: '^a', actual: 'abc', outcome: 'false' },
    ],
    [
      'ip_in_cidr',
      { 'context.ip': { ip_in_cidr: '10.0.0.0/8' } },
      { path: 'context.ip', operator: 'ip_in_cidr', expected: '10.0.0.0/8', actual: '10.1.2.3', outcome: 'true' },
    ],
    [
      'semver_gte',
      { 'context.version': { semver_gte: '1.3.0' } },
      { path: 'context.version', operator: 'semver_gte', expected: '1.3.0', actual: '1.2.3', outcome: 'false' },
    ],
    [
      'a deep path',
      { 'context.map["x.y"][1].z': 'deep' },
      { path: 'context.map["x.y"][1].z', operator: 'eq', expected: 'deep', actual: 'deep', outcome: 'true' },
    ],
    [
      'a reference',
      { 'context.s': { eq: { ref: 'resource.id' } } },
      { path: 'context.s', operator: 'eq', expected: { ref: 'resource.id' }, actual: 'abc', outcome: 'false' },
    ],
    [
      'a part of the request',
      { 'subject.id': 'alice' },
      { path: 'subject.id', operator: 'eq', expected: 'alice', actual: 'alice', outcome: 'true' },
    ],
  ])('%s', async (_, when, expected) => {
    expect(await only(when, { context })).toEqual(expected)
  })

  test('a missing attribute has no value', async () => {
    const found = await only({ 'context.none': 1 }, { context })
    expect(found).toEqual({ path: 'context.none', operator: 'eq', expected: 1, outcome: 'not_evaluable' })
    expect(found).not.toHaveProperty('actual')
  })

  test('a value that is none in JSON is named', async () => {
    const found = await only({ 'context.n': { gt: 1 } }, { context: { n: Number.NaN } })
    expect(found).toMatchObject({ actual: '(NaN)', outcome: 'not_evaluable' })
    expect(await only({ 'context.n': { gt: 1 } }, { context: { n: 5n } })).toMatchObject({ outcome: 'not_evaluable' })
  })

  test('now is the time that was passed', async () => {
    const engine = await engineWhen({ now: { gt: '1970-01-01T00:00:01Z' } })
    expect(engine.explain(ask(), { now: 1500 }).rules[0]?.tests).toEqual([
      { path: 'now', operator: 'gt', expected: 1000, actual: 1500, outcome: 'true' },
    ])
  })
})

describe('around tests', () => {
  test('not turns the operator and the outcome', async () => {
    const when = { not: { any: [{ 'context.n': { gt: 4 } }, { not: { 'context.s': 'abc' } }, { 'context.x': 1 }] } }
    const all = await tests(when, { context })
    expect(all.map(({ path, operator, outcome }) => [path, operator, outcome])).toEqual([
      ['context.n', 'not gt', 'false'],
      ['context.s', 'eq', 'true'],
      ['context.x', 'neq', 'not_evaluable'],
    ])
  })

  test('unless is a negation', async () => {
    const engine = await engineOf([
      { id: 'r', allow: 'read', when: { 'context.n': 5 }, unless: { 'context.s': { in: ['abc'] } } },
    ])
    const rule = engine.explain(ask({ context })).rules[0]
    expect(rule?.outcome).toBe('false')
    expect(rule?.tests.map(({ operator, outcome }) => [operator, outcome])).toEqual([
      ['eq', 'true'],
      ['not_in', 'false'],
    ])
  })

  test('nothing is cut short, and the tests stand in the order of the document', async () => {
    const when = {
      all: [{ 'context.n': 6 }, { any: [{ 'context.s': 'abc' }, { 'context.yes': true }] }, { 'context.ip': 'x' }],
    }
    const all = await tests(when, { context })
    expect(all.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['context.n', 'false'],
      ['context.s', 'true'],
      ['context.yes', 'true'],
      ['context.ip', 'false'],
    ])
  })

  test('a subject type and what the index leaves out of a target are tests, too', async () => {
    const engine = await engineOf([{ id: 'r', allow: 'read', to: { type: ['user', 'bot-*'] } }])
    const all = engine.explain(ask()).rules[0]?.tests ?? []
    expect(all.map(({ path, operator, expected, outcome }) => [path, operator, expected, outcome])).toEqual([
      ['subject.type', 'eq', 'user', 'true'],
      ['subject.type', 'glob', 'bot-*', 'false'],
    ])
  })
})

describe('quantifiers', () => {
  const items = [{ price: 3 }, { price: 9, tag: 'x' }]
  test.each([
    ['any_matches', 'true'],
    ['all_match', 'false'],
    ['none_match', 'false'],
  ])('%s is one test with the condition as operand', async (operator, outcome) => {
    const when: ConditionSource = { 'context.items': { [operator]: { 'item.price': { gt: 5 } } } }
    expect(await only(when, { context: { items } })).toEqual({
      path: 'context.items',
      operator,
      expected: { 'item.price': { gt: 5 } },
      actual: items,
      outcome,
    })
  })

  test('the condition may be of any form', async () => {
    const inner = { any: [{ 'item.tag': { eq: 'x' } }, { not: { item: { gt: 1 } } }] }
    const found = await only({ 'context.items': { any_matches: inner } }, { context: { items } })
    expect(found).toMatchObject({ expected: inner, outcome: 'true' })
  })
})

describe('values that the request leaves out come from the entity', () => {
  const rest: Partial<PolicyDocument> = {
    roles: { editor: [] },
    entities: {
      subjects: [
        { type: 'user', id: 'alice', roles: ['editor'], properties: { level: 3, tags: ['a', 2], zone: null } },
      ],
      resources: [{ type: 'doc', id: 'd1', properties: { status: 'open', meta: { owner: 'alice' } } }],
    },
  }
  test.each<[ConditionSource, unknown]>([
    [{ 'subject.level': { gt: 1 } }, 3],
    [{ 'subject.tags': { contains: 'a' } }, ['a', 2]],
    [{ 'subject.zone': null }, null],
    [{ 'subject.roles': { contains: 'editor' } }, ['editor']],
    [{ 'resource.status': { starts_with: 'op' } }, 'open'],
    [{ 'resource.meta.owner': { eq: { ref: 'subject.id' } } }, 'alice'],
  ])('%j', async (when, actual) => {
    expect(await only(when, {}, rest)).toMatchObject({ actual, outcome: 'true' })
  })

  describe('as far as they are kept', () => {
    const map = { zone: 'eu', ids: [1, { deep: true }] }
    const properties = { name: 'Plan.PDF', tags: ['A', 1], map, list: [{ a: 1 }, 'X'], other: map, at: 0 }
    const kept = { entities: { resources: [{ type: 'doc', id: 'd1', properties }] } }
    const folded = "an entity's, kept without upper and lower case"
    test.each<[ConditionSource, unknown, string?]>([
      [{ 'resource.name': { eq: 'plan.pdf', ignore_case: true } }, 'plan.pdf', folded],
      [{ 'resource.tags': { contains: 'a', ignore_case: true } }, ['a', 1], folded],
      [{ 'resource.at': { in: ['x', 0], ignore_case: true } }, 0],
      [{ 'resource.name': { starts_with: 'Plan' } }, 'Plan.PDF'],
      [{ 'resource.map': { exists: true } }, '(map)'],
      [{ 'resource.list': { contains: 'X' } }, ['(map)', 'X']],
      ['resource.map == resource.other', map],
    ])('%j', async (when, actual, note) => {
      const { note: said, ...found } = (await only(when, {}, { ...rest, ...kept }))!
      expect(found).toMatchObject({ actual, outcome: 'true' })
      expect(said).toBe(note)
    })

    test('and not beside a secret', async () => {
      const secrets = ['resource.name', 'resource.map.zone']
      const secret = { ...rest, ...kept, secrets }
      const told = await only({ 'resource.name': { eq: 'plan.pdf', ignore_case: true } }, {}, secret)
      expect(told).toMatchObject({ actual: '(secret)', expected: '(secret)' })
      expect(told).not.toHaveProperty('note')
      const whole = await only('resource.map == resource.other', {}, secret)
      expect(whole?.actual).toEqual({ ...map, zone: '(secret)' })
    })
  })

  test('unless the request mentions them', async () => {
    expect(await only({ 'subject.level': { gt: 1 } }, { subject: { level: 0 } }, rest)).toMatchObject({
      actual: 0,
      outcome: 'false',
    })
    const hidden = await only({ 'resource.meta.owner': 'alice' }, { resource: { meta: {} } }, rest)
    expect(hidden).not.toHaveProperty('actual')
    expect(hidden?.outcome).toBe('not_evaluable')
  })
})

describe('what a test counts as when it cannot be evaluated', () => {
  test('is told where the policy says it, like the operator in the form in which it stands', async () => {
    const otherwise = async (when: ConditionSource) =>
      (await tests(when)).map(({ path, operator, otherwise }) => [path, operator, otherwise])
    expect(await otherwise({ 'context.a': { gt: 1, lt: 5, otherwise: false }, 'context.b': 1 })).toEqual([
      ['context.a', 'gt', false],
      ['context.a', 'lt', false],
      ['context.b', 'eq', undefined],
    ])
    expect(await otherwise({ not: { 'context.a': { eq: 1, otherwise: false } } })).toEqual([['context.a', 'neq', true]])
    expect(await otherwise({ 'context.a': { neq: 1, otherwise: true } })).toEqual([['context.a', 'neq', true]])
    expect(await only({ 'context.a': 1 })).not.toHaveProperty('otherwise')
  })
})
