/** What open-guard asks of attributes, in our words. That the words mean the same is what test/vectors shows. */
import { describe, expect, test } from 'vitest'
import { abac, ask, imported, remarks, statusOf, when } from './support.ts'

describe('conditions', () => {
  test.each<[string, Record<string, unknown>, unknown]>([
    ['a bare value', { 'subject.a': 'x' }, { 'subject.a': 'x' }],
    ['eq of a number', { 'subject.a': { op: 'eq', value: 5 } }, { 'subject.a': 5 }],
    ['eq of 1, which is true', { 'subject.a': { op: 'eq', value: 1 } }, { 'subject.a': { in: [1, true] } }],
    ['eq of null, which is missing', { 'subject.a': null }, { 'subject.a': { eq: null, otherwise: true } }],
    ['neq', { 'subject.a': { op: 'neq', value: 'x' } }, { 'subject.a': { neq: 'x', otherwise: true } }],
    ['exists', { 'subject.a': { op: 'exists', value: true } }, { 'subject.a': { neq: null } }],
    ['an operator left out', { 'subject.a': { value: 'x' } }, { 'subject.a': 'x' }],
    [
      'an order that true satisfies',
      { 'subject.a': { op: 'gt', value: 0 } },
      { any: [{ 'subject.a': { gt: 0 } }, { 'subject.a': true }] },
    ],
    ['a type', { 'subject.actor_type': 'agent' }, { 'subject.type': 'agent' }],
    ['an attribute called type', { 'subject.type': 'x' }, { 'subject.properties.type': 'x' }],
    ['an attribute of another name', { 'resource.a b.c': 'x' }, { 'resource["a b"].c': 'x' }],
    [
      'items',
      { 'subject.a': { op: 'any_matches', value: { path: 'b', op: 'lt', value: 'x' } } },
      { 'subject.a': { any_matches: { 'item.b': { lt: 'x' } } } },
    ],
    [
      'groups',
      { condition_groups: [{ 'subject.a': 'x', 'subject.b': 'y' }, { 'subject.c': 'z' }] },
      { any: [{ 'subject.a': 'x', 'subject.b': 'y' }, { 'subject.c': 'z' }] },
    ],
    [
      'a mark that the request brings',
      { 'subject.a': { op: 'eq', value: 'x', trusted_only: true } },
      { 'subject._trusted.a': { neq: false, otherwise: true }, 'subject.a': 'x' },
    ],
  ])('%s', (_, conditions, expected) => {
    expect(when(conditions)).toEqual(expected)
  })

  test('that the policy alone settles are not asked', () => {
    const settled = { 'subject.a': { op: 'not_in', value: [] }, 'action.name': { op: 'exists', value: true } }
    expect(when(settled)).toBeUndefined()
    const never = imported([abac({ 'subject.a': { op: 'in', value: [] } })])
    expect(never.sets?.abac?.rules.map(({ id }) => id)).toEqual(['abac-unmatched'])
  })

  test('of denies keep a value where an attribute is missing', () => {
    const { sets } = imported([abac({ 'subject.a': 'x' }, { effect: 'deny' })])
    expect(sets?.abac?.rules[0]?.when).toEqual({ 'subject.a': { eq: 'x', otherwise: false } })
  })
})

describe('a deny whose conditions fail', () => {
  const policies = [
    abac(
      { 'subject.team': 'legal' },
      { id: 'legal', action_match: 'read', resource_match: { resource_type: 'document' } },
    ),
    { id: 'all', evaluator_type: 'rbac' },
  ]
  const document = imported(policies)

  test('is a rule about the same, at the lowest priority', () => {
    expect(document.sets?.abac?.rules[1]).toMatchObject({
      id: 'abac-unmatched',
      deny: 'read',
      on: 'document',
      priority: -2,
    })
  })

  test('outvotes other models, unless a policy of its own matches', async () => {
    const roles = ['any']
    expect(await statusOf(document, ask({ roles, team: 'legal' }))).toBe('allow')
    expect(await statusOf(document, ask({ roles, team: 'sales' }))).toBe('deny')
    expect(await statusOf(document, ask({ roles }, {}, { action: { name: 'write' } }))).toBe('allow')
    expect(await statusOf(document, ask({ roles }, {}, { resource: { id: 'r', resource_type: 'folder' } }))).toBe(
      'allow',
    )
  })

  test('takes an id that no policy has, and is one rule where policies are about the same', () => {
    const first = abac({ 'subject.a': 'x' }, { id: 'abac-unmatched', action_match: ['read', 'write'] })
    const second = abac({ 'subject.b': 'x' }, { id: 'b', action_match: 'purge' })
    const rules = imported([first, second]).sets?.abac?.rules.slice(2)
    expect(rules).toMatchObject([{ id: 'abac-unmatched-2', deny: ['read', 'write', 'purge'] }])
  })
})

describe('what cannot be said', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a map', { 'subject.a': { op: 'eq', value: { b: 1 } } }, 'E_IMPORT a map cannot be compared here'],
    ['an order of lists', { 'subject.a': { op: 'gt', value: [1] } }, 'E_IMPORT lists have no order here'],
    ['look-ahead', { 'subject.a': { op: 'regex', value: '(?=a)' } }, 'E_REGEX "(?=a)…" is not supported'],
    [
      'any_matches inside any_matches',
      { 'subject.a': { op: 'any_matches', value: { op: 'any_matches', value: {} } } },
      'E_IMPORT any_matches cannot stand in any_matches here',
    ],
  ])('%s', (_, conditions, message) => {
    expect(remarks([abac(conditions)])[0]).toContain(message)
    expect(remarks([abac(conditions)])[0]).toContain('in rule "p"')
  })
})

describe('what is worth a remark', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a path to nothing', { 'subjekt.a': 'x' }, 'open-guard finds nothing at "subjekt.a"'],
    ['an unknown operator', { 'subject.a': { op: 'equals', value: 'x' } }, 'open-guard has no operator "equals"'],
    [
      'marks of the request',
      { 'subject.a': { value: 1, trusted_only: true } },
      'believes the marks that a request brings',
    ],
    ['empty groups', { condition_groups: [] }, 'for no conditions at all'],
    ['conditions beside groups', { condition_groups: [{}], 'subject.a': 1 }, 'ignores what stands beside'],
  ])('%s', (_, conditions, message) => {
    expect(
      remarks([abac(conditions)]).some((remark) => remark.startsWith('W_IMPORT') && remark.includes(message)),
    ).toBe(true)
  })
})
