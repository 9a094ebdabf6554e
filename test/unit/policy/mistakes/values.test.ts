/** Numbers and strings that no document may hold. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { errorsOf, withWhen } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'beyond 2^53',
      withWhen('{ context.n: 9007199254740993 }'),
      '5:24 E_NUMBER 9007199254740993 is beyond ±9007199254740991, the whole numbers that a double holds exactly in rule "r"; write it as a string',
    ],
    ['NaN', withWhen('{ context.n: .nan }'), '5:24 E_NUMBER NaN is not a finite number in rule "r"; write a number'],
    [
      'infinity',
      withWhen('{ context.n: { in: [1, -.inf] } }'),
      '5:34 E_NUMBER -Infinity is not a finite number in rule "r"; write a number',
    ],
    [
      'overflow',
      withWhen('{ context.n: 1e999 }'),
      '5:24 E_NUMBER Infinity is not a finite number in rule "r"; write a number',
    ],
    [
      'half a character',
      withWhen('{ context.n: "\\ud800" }'),
      '5:24 E_STRING a string holds half of a surrogate pair, which is no character in rule "r"; write the whole character, or remove it',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})
