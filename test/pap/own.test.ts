/** Which changes name whoever makes them. What rules amount to is not asked. */
import { describe, expect, test } from 'vitest'
import { namesInPolicies, namesInTuples } from '../../src/pap/own.ts'
import { loadModel } from '../../src/policy/index.ts'
import type { PolicyModel } from '../../src/policy/model.ts'
import { ann } from './support.ts'

const schema = {
  relations: { user: {}, document: { viewer: ['user', 'user:* with mine'] } },
  conditions: { mine: 'tuple.who == subject.id' },
}

function modelOf(others: object): PolicyModel {
  return loadModel({ version: 1, ...schema, rules: [], ...others } as Parameters<typeof loadModel>[0])
}

const nothing = modelOf({})

/** Whether putting a rule into the policies names ann. */
function named(rule: object): boolean {
  const after = modelOf({ rules: [{ id: 'r', allow: 'read', ...rule }] })
  expect(namesInPolicies(ann, after, after)).toBe(false)
  // To take it away is a change of what names them as well.
  expect(namesInPolicies(ann, after, nothing)).toBe(namesInPolicies(ann, nothing, after))
  return namesInPolicies(ann, nothing, after)
}

describe('a rule that names', () => {
  test.each<object>([
    { to: { id: 'ann' } },
    { to: { id: ['bob', 'ann'] } },
    { to: { id: '[a]nn' } },
    { to: { id: 'an?' } },
    { to: { id: 'a*' } },
    { to: { id: '{ann,bob}' } },
    { when: { 'subject.id': 'ann' } },
    { when: { 'subject.id': { in: ['bob', 'ann'] } } },
    { unless: { 'subject.id': { neq: 'ann' } } },
    { when: { 'subject.id': { starts_with: 'an' } } },
    { when: { 'subject.id': { regex: '^a(n)n$' } } },
    { when: { 'subject.id': { glob: '[a]nn' } } },
    { when: { 'subject.id': { eq: 'ANN', ignore_case: true } } },
    { when: { 'subject.id': { glob: '[A]nn', ignore_case: true } } },
    { when: { 'subject.id': { gte: 'ann', lt: 'anna' } } },
    { when: { 'chain.root.id': 'ann' } },
    { when: { 'chain.ancestors': { any_matches: { 'item.id': { regex: '^an{2}$' } } } } },
    { when: { any: [{ 'context.x': 1 }, { not: { 'resource.owner': 'ann' } }] } },
    { when: { 'context.user': 'user:ann' } },
    { when: 'subject.id == "ann"' },
    { when: 'subject.id in ["bob", "ann"]' },
    { when: 'subject.id == "an" + "n"' },
    { when: 'subject.id == ["an", "n"].join()' },
    { when: '["an"].exists(x, x + "n" == subject.id)' },
    { when: 'subject.id.startsWith("an")' },
    { when: 'subject.id.matches("^a(n)n$")' },
    { when: 'subject.id > "anm" && subject.id < "ano"' },
    { when: 'subject.id.size() == 3' },
    { when: '[subject.id].exists(x, x.endsWith("nn"))' },
    { when: 'chain.ancestors.exists(a, a.id.reverse() == "nna")' },
    { when: '{"ann": true}[subject.id]' },
    { when: 'base64.decode("YW5u") == bytes(subject.id)' },
    { allow: undefined, review: 'read', approval: { by: 'user:ann' } },
  ])('%j', (rule) => {
    expect(named(rule)).toBe(true)
  })
})

describe('a rule that does not', () => {
  test.each<object>([
    {},
    { to: { id: '*' } },
    { to: { id: 'anna' } },
    { to: { id: 'b*' } },
    { to: { type: 'ann' } },
    { when: { 'subject.id': 'bob' } },
    { when: { 'subject.id': { eq: { ref: 'resource.owner' } } } },
    { when: { 'resource.name': { regex: '^a' } } },
    { when: { 'context.amount': { lt: 100 }, 'subject.level': { gte: 3 } } },
    { when: { 'chain.ancestors': { all_match: { 'item.type': 'agent', 'item.level': { gte: 3 } } } } },
    { when: 'subject.id == resource.owner && resource.amount < 60 * 60' },
    { when: 'subject.id in resource.readers || resource.name.startsWith("public")' },
    { when: 'resource.limits[subject.id] > 3' },
    { when: 'chain.ancestors.all(a, a.type == "agent" && a.properties.level > 3)' },
    { when: 'context.name + "x" == "annx"' },
    { when: 'chain.depth < 3' },
    { allow: undefined, review: 'read', approval: { by: 'user:bob' } },
  ])('%j', (rule) => {
    expect(named(rule)).toBe(false)
  })
})

test('a tuple for everybody under a condition that reads the name', () => {
  const tuple = (who: string) => ({
    object: 'document:1',
    relation: 'viewer',
    subject: 'user:*',
    condition: { name: 'mine', context: { who } },
  })
  const withTuple = (who: string) => ({ entities: { tuples: [tuple(who)] } })
  expect(namesInTuples(ann, [tuple('bob')])).toBe(false)
  expect(namesInTuples(ann, [tuple('ann')])).toBe(true)
  expect(namesInPolicies(ann, nothing, modelOf(withTuple('bob')))).toBe(false)
  expect(namesInPolicies(ann, nothing, modelOf(withTuple('ann')))).toBe(true)
  expect(namesInPolicies(ann, modelOf(withTuple('ann')), nothing)).toBe(true)
})

test('a condition on tuples that names', () => {
  const conditions = { mine: 'subject.id == "ann"' }
  expect(namesInPolicies(ann, nothing, modelOf({ conditions }))).toBe(true)
})
