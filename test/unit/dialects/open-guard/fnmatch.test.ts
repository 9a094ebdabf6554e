import { describe, expect, test } from 'vitest'
import { fromFnmatch, patternOf } from '../../../../src/policy/dialects/open-guard/fnmatch.ts'
import { parsePattern } from '../../../../src/policy/glob.ts'
import { covers } from '../../../reference/patterns.ts'

/** Python 3.12: `fnmatch.fnmatchcase(text, pattern)`, as it was asked. */
const matches: readonly [pattern: string, text: string, matched: boolean][] = [
  ['doc:*', 'doc:read', true],
  ['doc:*', 'doc:', true],
  ['wri?e', 'write', true],
  ['tool:[rs]earch', 'tool:search', true],
  ['[!rs]x', 'ax', true],
  ['[!rs]x', 'rx', false],
  ['[]a]', ']', true],
  ['[!]]', 'a', true],
  ['[^a]', '^', true],
  ['[a-c]', 'b', true],
  ['[a-]', '-', true],
  ['[-a]', '-', true],
  ['[a-b-c]', '-', true],
  ['[!z-a]', 'q', true],
  ['[ac-b]', 'a', true],
  ['a[', 'a[', true],
  ['{a,b}', 'a', false],
  ['{a,b}', '{a,b}', true],
  ['a\\*', 'a\\b', true],
  ['[\\]', '\\', true],
]

describe('matches what fnmatch matches', () => {
  test.each(matches)('%s and %s: %s', (pattern, text, matched) => {
    expect(covers(fromFnmatch(pattern) ?? '', text)).toBe(matched)
  })

  test('what matches nothing has no pattern', () => {
    expect([fromFnmatch('[z-a]'), fromFnmatch('')]).toEqual([undefined, undefined])
  })
})

test('a name is a pattern of itself alone', () => {
  for (const name of ['read', 'doc:*', '[x]', '{a,b}', 'a\\b', '?']) {
    expect(parsePattern(patternOf(name))).toEqual([{ kind: 'exact', value: name }])
  }
})
