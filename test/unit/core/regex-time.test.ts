/** Patterns that make backtracking engines run for ever take linear time here, as do globs with many stars. */
import { expect, test } from 'vitest'
import { createTester } from './support.ts'

const SIZE = 50_000

/** Milliseconds, the best of three: the machine may be busy. */
function time(call: () => unknown): number {
  const times = [0, 1, 2].map(() => {
    const start = performance.now()
    call()
    return performance.now() - start
  })
  return Math.min(...times)
}

test.each([
  ['(a+)+$', 'a', '!'],
  ['^(a|a)*$', 'a', '!'],
  ['^(a|aa)+$', 'a', '!'],
  ['(.*)(.*)(.*)x$', 'ab', 'y'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', '!'],
  ['(x+x+)+y', 'x', 'z'],
  ['^((a?){10}){10}b', 'a', 'c'],
  ['(a*)*(a*)*(a*)*b$', 'a', 'c'],
])('%s', async (regex, unit, end) => {
  const ask = await createTester([{ regex, otherwise: false }])
  const of = (length: number) => `${unit.repeat(length)}${end}`
  expect(ask(of(SIZE))).toEqual([false])
  // Twice the text may take twice the time; a generous bound, and one that no exponential would keep.
  expect(time(() => ask(of(2 * SIZE)))).toBeLessThan(10 * time(() => ask(of(SIZE))) + 50)
})

test.each(['*a*a*a*a*a*a*a*a*b', '*?*?*?*?*?*?*?*[!a]', `*${'a?'.repeat(10)}b*`])('glob %s', async (glob) => {
  const ask = await createTester([{ glob, otherwise: false }])
  const of = (length: number) => 'a'.repeat(length)
  expect(ask(of(SIZE))).toEqual([false])
  expect(time(() => ask(of(2 * SIZE)))).toBeLessThan(10 * time(() => ask(of(SIZE))) + 50)
})
