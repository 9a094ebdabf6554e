import { expect, test } from 'vitest'
import { Limit } from '../../../assembly/abi/memory.ts'
import { formatCost } from '../../../src/cel/cost.ts'
import { conditionCost, ruleCost } from '../../../src/compiler/rule-cost.ts'
import { loadModel } from '../../../src/policy/index.ts'
import { ask, engineOf } from '../engine/support.ts'

test.each([
  ['resource.a == 1', '1'],
  ['resource.a == 1 && (resource.b < 2 || !has(resource.c))', '3'],
  ['context.n + 1.0 < 5.0', '5'],
  ['context.l.all(x, x < 5)', '2 + 4 × |context.l|'],
  ['context.l.all(x, context.m.exists(y, y == 1))', '2 + 3 × |context.l| + 4 × |context.l| × |context.m|'],
  ['"a" in context.l', '3 + |context.l|'],
  ['size(context.s) > 2', '4 + |context.s|'],
  ['context.l.all(x, context.s.size() > x)', '2 + 5 × |context.l| + |context.l| × |context.s|'],
  ['"€€€€€€€€".contains(context.s)', '6 + 3 × |context.s|'],
  ['resource.a.matches("^a+$")', '2 + 2 × |resource.a|'],
])('%s costs %s', (when, expected) => {
  const { condition } = loadModel({ version: 1, rules: [{ id: 'r', allow: 'read', when }] }).sets[0]!.rules[0]!
  expect(formatCost(conditionCost(condition!))).toBe(expected)
})

test('structured conditions over items cost as many times as there are items', () => {
  const when = { 'context.l': { any_matches: { 'item.a': 1, 'item.b': 2 } } }
  const { condition } = loadModel({ version: 1, rules: [{ id: 'r', allow: 'read', when }] }).sets[0]!.rules[0]!
  expect(formatCost(conditionCost(condition!))).toBe('1 + 6 × |context.l|')
})

test.each([
  [{ 'context.a': { in: ['x', 'y', 'z'] } }, '4'],
  [{ 'context.l': { contains: 'x' } }, '1 + |context.l|'],
  [{ 'context.l': { contains_any: ['x', 'y'] } }, '1 + 2 × |context.l|'],
  [{ 'context.l': { is_subset: { ref: 'context.m' } } }, '1 + |context.l| × |context.m|'],
  // A table looks at four bytes a step; an automaton that is too large for one at every state for each byte.
  [{ 'context.a': { regex: '^a+$' } }, '1 + 2 × |context.a|'],
  [{ 'context.a': { regex: '(a|b)*a(a|b){16}c' } }, /^1 \+ \d{3,} × \|context\.a\|$/],
  [{ 'context.a': { glob: 'a*' } }, '1'],
  [{ 'context.a': { glob: '*a?b' } }, '1 + 16 × |context.a|'],
])('%j costs %s', (when, expected) => {
  const { condition } = loadModel({ version: 1, rules: [{ id: 'r', allow: 'read', when }] }).sets[0]!.rules[0]!
  const cost = formatCost(conditionCost(condition!))
  if (typeof expected === 'string') expect(cost).toBe(expected)
  else expect(cost).toMatch(expected)
})

test('the patterns of a target cost as those of conditions do', () => {
  const rule = { id: 'r', allow: ['read', '*:list?all'], on: { type: 'doc', id: 'd-*' }, when: 'context.n > 1' }
  const [model] = loadModel({ version: 1, rules: [rule] }).sets[0]!.rules
  expect(formatCost(ruleCost(model!))).toBe('1 + 16 × |action.name|')
})

/** What is said is what the core counts, or more: as many items as the limit has room for are decided. */
test.each([
  ['context.l.all(a, a < 5000.0)', 60_000],
  ['context.l.all(a, context.l.exists(b, b == a))', 60_000],
  ['context.l.all(a, a in context.l)', 60_000],
  // More than these would need more memory than there is for one expression.
  ['size(context.l.filter(a, a > 1.0 && !(a in [1, 2])).map(b, string(b) + "x")) >= 0', 5000],
])('%s: within its estimate, no limit is passed', async (when, most) => {
  const engine = await engineOf([{ id: 'r', allow: 'read', when }])
  const { condition } = loadModel({ version: 1, rules: [{ id: 'r', allow: 'read', when }] }).sets[0]!.rules[0]!
  // A number as text has 24 characters at most, three eights.
  const sizeOf = (name: string, n: number) => (name === '' ? 1 : name === '|context.l|' ? n : 3)
  const estimate = (n: number) =>
    [...conditionCost(condition!)].reduce(
      (sum, [key, times]) => sum + key.split(' × ').reduce((product, name) => product * sizeOf(name, n), times),
      0,
    )
  let n = most
  while (estimate(n) > Limit.Steps) n -= 20
  expect(n).toBeGreaterThan(1000)
  const l = Array.from({ length: n }, (_, i) => i % 4999)
  expect(engine.evaluate(ask({ context: { l } })).code).not.toBe('limit')
})
