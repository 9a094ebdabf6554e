/** Macros that the core decides as tests of items: they come to what they come to as expressions. */
import { describe, expect, test } from 'vitest'
import { ask } from '../engine/support.ts'
import { decide } from './decide.ts'

const conditions = [
  'context.l.all(x, x < 10.0)',
  'context.l.all(x, 10 > x)',
  'context.l.exists(x, x == 3.0)',
  'context.l.exists(x, x == "a")',
  'context.l.exists(x, x != "a" && x != "b")',
  'context.l.all(x, x in ["a", "b", "zz"])',
  'context.l.all(x, x in [1, "a", null, true])',
  'context.l.exists(x, x == null || x == true)',
  'context.l.all(x, !(x.startsWith("a") || x.endsWith("b")))',
  'context.l.exists(x, x >= "b")',
  'context.l.exists(x, x.n > 1.0 && x.kind == "book")',
  'context.l.all(x, x.n <= 1.0 || x.kind.startsWith("bo"))',
  'context.l.exists(x, x.a.b == "deep")',
  // The same list in other forms beside it.
  'context.l.exists(x, x == "a" && x.startsWith("a")) || context.l.exists(x, x.contains("z"))',
  'context.l.all(x, x != "q") && size(context.l) < 3 && "a" in context.l',
  'context.l.exists(x, x == "a") || context.l.exists(x, x == {"n": 2.0})',
]

const lists: readonly unknown[] = [
  [],
  [1, 2, 3],
  [1, 'a', null, true],
  ['a', 'b'],
  ['ab', 'unheard of', 'zz'],
  ['z\ud800', 'a'],
  [Number.NaN, 3],
  [{ n: 2, kind: 'book' }, { n: 0 }],
  [{ n: 2, kind: 'bottle' }, { kind: 'book' }, 7],
  [{ a: { b: 'deep' } }, { a: 1 }],
  [['a'], {}],
  { a: 1, b: 2 },
  { ab: 1 },
  {},
  'a',
  4,
  null,
  undefined,
]

describe.each(conditions)('%s', (condition) => {
  test.each(lists.map((list) => [list]))('%j', async (list) => {
    const request = ask({ context: { l: list } })
    // A conditional is always evaluated as an expression.
    expect(await decide(condition, request)).toBe(await decide(`(${condition}) ? true : false`, request))
  })
})
