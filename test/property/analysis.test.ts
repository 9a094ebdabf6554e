/** The parts of the analysis against the plain evaluator, on few and small words: so that they often meet. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conflictOf } from '../../src/policy/analysis/conflict.ts'
import { contains } from '../../src/policy/analysis/containment.ts'
import type { ConditionSource, Tests } from '../../src/policy/document.ts'
import { parsePattern } from '../../src/policy/glob.ts'
import { loadModel } from '../../src/policy/index.ts'
import { evaluateCondition } from '../reference/conditions.ts'
import type { Scope } from '../reference/paths.ts'
import { covers } from '../reference/patterns.ts'

const seed = Number(process.env.DIFFERENTIAL_SEED ?? 20260303)

const piece = fc.constantFrom('a', 'b', 'a', 'b', '*', '*', '?', '[ab]', '[!a]', '[a-c]', '[!b-d]', '\u{1f600}')
const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''))
const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '\u{1f600}'), { maxLength: 5 }).map((parts) => parts.join(''))

test('what an inner pattern covers, the outer one covers', () => {
  let contained = 0
  let seen = 0
  const texts = fc.array(text, { minLength: 30, maxLength: 30 })
  fc.assert(
    fc.property(pattern, pattern, texts, (outer, inner, some) => {
      const [wide] = parsePattern(outer)
      const [narrow] = parsePattern(inner)
      if (wide === undefined || narrow === undefined || !contains(wide, narrow)) return
      contained++
      for (const one of some) {
        if (!covers(inner, one)) continue
        seen++
        expect([outer, inner, one, covers(outer, one)]).toEqual([outer, inner, one, true])
      }
    }),
    { numRuns: 30_000, seed },
  )
  expect(contained).toBeGreaterThan(2000)
  expect(seen).toBeGreaterThan(2000)
})

test.each([
  ['*', 'a?', true],
  ['?*', '*?', true],
  ['*?', '?*', true],
  ['*a*', 'ba*b', true],
  ['a*b*', 'ab', true],
  ['[a-c]*', '[ab]x', true],
  ['[!a]', '[!ab]', true],
  ['[!a]', 'b', true],
  ['?', '[!a]', true],
  ['\\*', '\\*', true],
  ['?', '*', false],
  ['a*', '*', false],
  ['[!a]', '?', false],
  ['[ab]', '[!c]', false],
  ['a', '\\*', false],
  ['a*a', 'a', false],
])('%s contains %s: %s', (outer, inner, expected) => {
  expect(contains(parsePattern(outer)[0]!, parsePattern(inner)[0]!)).toBe(expected)
})

const scalar = fc.constantFrom<unknown>('a', 'ab', 'b', '', 1, 2, 3, true, null)
const list = fc.array(scalar, { maxLength: 3 })
const operand: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  eq: fc.oneof(scalar, list),
  neq: fc.oneof(scalar, list),
  in: list,
  not_in: list,
  gt: fc.constantFrom('a', 'b', '', 1, 2),
  gte: fc.constantFrom('a', 'b', 1, 2),
  lt: fc.constantFrom('a', 'b', '', 1, 2),
  lte: fc.constantFrom('a', '', 1, 2),
  exists: fc.boolean(),
  contains: scalar,
  not_contains: scalar,
  contains_all: list,
  is_subset: list,
  starts_with: fc.constantFrom('a', 'ab', 'b', ''),
  ends_with: fc.constantFrom('a', 'ab', 'b', ''),
  glob: fc.constantFrom('a*', '*b', '?', 'a', '{a,ab}', '[!a]*'),
  regex: fc.constantFrom('a', '^b'),
  semver_gt: fc.constant('1.0.0'),
}
const one = fc
  .constantFrom(...Object.keys(operand))
  .chain((operator) => operand[operator]!.map((value) => [operator, value] as const))
const tests = fc
  .tuple(
    fc.uniqueArray(one, { minLength: 1, maxLength: 3, selector: ([operator]) => operator }),
    fc.constantFrom(undefined, undefined, true, false),
  )
  .map(([all, otherwise]): Tests => ({ ...Object.fromEntries(all), ...(otherwise === undefined ? {} : { otherwise }) }))
const leaf = fc
  .tuple(fc.constantFrom('context.a', 'context.a', 'context.b', 'subject.id'), tests)
  .filter(
    ([path, { contains_all, is_subset, ...rest }]) => path !== 'subject.id' || isFixed(rest, contains_all, is_subset),
  )
  .map(([path, some]): ConditionSource => ({ [path]: some }))

/** What the parser takes for a part of the request, which is always a string. */
function isFixed(rest: Tests, ...others: unknown[]): boolean {
  const strings = (value: unknown): boolean => (Array.isArray(value) ? value.every(strings) : typeof value === 'string')
  return (
    others.every((one) => one === undefined) &&
    Object.entries(rest).every(
      ([key, value]) =>
        ['exists', 'otherwise'].includes(key) ||
        (strings(value) && !(['eq', 'neq'].includes(key) && Array.isArray(value))),
    )
  )
}

const { tree } = fc.letrec<{ tree: ConditionSource }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { arbitrary: leaf, weight: 2 },
    {
      arbitrary: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map((all): ConditionSource => ({ all })),
      weight: 3,
    },
    {
      arbitrary: fc.array(tie('tree'), { minLength: 2, maxLength: 2 }).map((any): ConditionSource => ({ any })),
      weight: 1,
    },
    { arbitrary: tie('tree').map((not): ConditionSource => ({ not })), weight: 1 },
  ),
}))

const values: readonly unknown[] = [
  'a',
  'ab',
  'b',
  'ba',
  '',
  1,
  2,
  3,
  1.5,
  true,
  null,
  [],
  ['a'],
  ['a', 1],
  { x: 1 },
  undefined,
  Number.NaN,
]

test('a condition with a conflict never comes out so', { timeout: 120_000 }, () => {
  const found = { true: 0, 'not-false': 0, false: 0, 'not-true': 0 }
  const wrong = { true: [true], 'not-false': [true, 'n.e.'], false: [false], 'not-true': [false, 'n.e.'] } as const
  fc.assert(
    fc.property(tree, (when) => {
      const condition = loadModel({ version: 1, rules: [{ id: 'r', allow: 'x', when }] }).sets[0]?.rules[0]?.condition
      if (condition === undefined) return
      for (const wanted of ['true', 'not-false', 'false', 'not-true'] as const) {
        if (conflictOf(condition, wanted) === undefined) continue
        found[wanted]++
        for (const a of values) {
          for (const b of ['a', 1, undefined]) {
            for (const id of ['a', 'b']) {
              const truth = evaluateCondition(when, scopeOf(a, b, id))
              if ((wrong[wanted] as readonly unknown[]).includes(truth))
                expect.fail(`${JSON.stringify({ when, a, b, id })} is ${truth}, and can be ${wanted}`)
            }
          }
        }
      }
    }),
    { numRuns: 6000, seed },
  )
  console.log(found)
  for (const count of Object.values(found)) expect(count).toBeGreaterThan(20)
})

function scopeOf(a: unknown, b: unknown, id: string): Scope {
  const request = {
    subject: { type: 'u', id },
    action: { name: 'x' },
    resource: { type: 'd', id: 'd' },
    context: { a, b },
  }
  return { document: { version: 1 }, request, now: undefined }
}
