import { expect, test } from 'vitest'
import { formatCost } from '../../../src/cel/cost.ts'
import { conditionCost } from '../../../src/policy/cost.ts'
import { loadModel } from '../../../src/policy/index.ts'

test.each([
  ['resource.a == 1', '1'],
  ['resource.a == 1 && (resource.b < 2 || !has(resource.c))', '3'],
  ['context.n + 1.0 < 5.0', '5'],
  ['context.l.all(x, x < 5)', '2 + 4 × |context.l|'],
  ['context.l.all(x, context.m.exists(y, y == 1))', '2 + 3 × |context.l| + 4 × |context.l| × |context.m|'],
  ['"a" in context.l', '3 + |context.l|'],
])('%s costs %s', (when, expected) => {
  const { condition } = loadModel({ version: 1, rules: [{ id: 'r', allow: 'read', when }] }).sets[0]!.rules[0]!
  expect(formatCost(conditionCost(condition!))).toBe(expected)
})

test('structured conditions over items cost as many times as there are items', () => {
  const when = { 'context.l': { any_matches: { 'item.a': 1, 'item.b': 2 } } }
  const { condition } = loadModel({ version: 1, rules: [{ id: 'r', allow: 'read', when }] }).sets[0]!.rules[0]!
  expect(formatCost(conditionCost(condition!))).toBe('1 + 3 × |context.l|')
})
