/** Patterns that are taken, and mean something else in other tools. */
import { expect, test } from 'vitest'
import { check } from '../support.ts'
import { withWhen } from './support.ts'

test.each([
  [
    '!archive/*',
    '5:32 W_PATTERN in the pattern "!archive/*", "!" at the start is the character, and negates nothing in rule "r"; write \\! for the character; exceptions are rules of their own, or unless',
  ],
  [
    '+(a|b)',
    '5:32 W_PATTERN in the pattern "+(a|b)", +(a|b) is not an extended glob, but stands for itself in rule "r"; write {a,b} for alternatives, or \\( for the character',
  ],
])('warns of %s', (glob, warning) => {
  expect(check(withWhen(`{ context.a: { glob: "${glob}" } }`))).toEqual([warning])
})
