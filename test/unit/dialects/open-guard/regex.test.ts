import { describe, expect, test } from 'vitest'
import { fromPython } from '../../../../src/policy/dialects/open-guard/regex.ts'
import { parseRegex } from '../../../../src/policy/regex.ts'

/** Python 3.12: `re.search(pattern, text) is not None`, as it was asked. */
const searches: readonly [pattern: string, text: string, found: boolean][] = [
  ['a.c', 'abc', true],
  ['a.c', 'a\nc', false],
  ['a.c', 'a\rc', true],
  ['a.c', 'a\u2028c', true],
  ['^a$', 'a', true],
  ['^a$', 'a\n', true],
  ['^a$', 'a\n\n', false],
  ['^a\\Z', 'a\n', false],
  ['\\Aa', 'ba', false],
  ['(a$|b)', 'a\n', true],
  ['\\d', '\u0663', true],
  ['\\d', '\u00b2', false],
  ['\\w', 'é', true],
  ['\\w', '\u00b2', true],
  ['^\\W$', '-', true],
  ['^\\W$', 'é', false],
  ['\\s', '\x1f', true],
  ['\\s', '\u0085', true],
  ['\\s', '\ufeff', false],
  ['^\\S$', '\ufeff', true],
  ['[\\w-]', '-', true],
  ['[]a]', ']', true],
  ['[^]a]', ']', false],
  ['[a-]', '-', true],
  ['[^a]', '\n', true],
  ['a{2}', 'baab', true],
  ['a{,2}b', 'b', true],
  ['^a{2,}?$', 'aaa', true],
  ['a{', 'a{', true],
  ['a{x}', 'a{x}', true],
  ['^{}$', '{}', true],
  ['a]}', 'a]}', true],
  ['\\@\\-\\/', '@-/', true],
  ['\\x41\\u00e9\\n', 'Aé\n', true],
  ['[\\b]', '\b', true],
  ['(?:ab)+(?P<n>c)', 'ababc', true],
  ['^(a|b)*?c', 'abac', true],
  ['', '', true],
  ['/', '/', true],
]

describe('finds what Python finds', () => {
  test.each(searches)('%j in %j: %s', (pattern, text, found) => {
    const ours = fromPython(pattern)
    expect(() => parseRegex(ours)).not.toThrow()
    expect(new RegExp(ours, 'u').test(text)).toBe(found)
  })
})

describe('refuses what means something else here, and says so', () => {
  test.each([
    ['(?i)a', '"(?i)a…" is not supported'],
    ['(?=a)', '"(?=a)…" is not supported'],
    ['(?<!a)b', '"(?<!a…" is not supported'],
    ['(?P=n)', '"(?P=n…" is not supported'],
    ['(a)\\1', '"\\1" is not supported'],
    ['\\bword', 'it would know ASCII letters only'],
    ['a\\B', 'it would know ASCII letters only'],
    ['a++', 'possessive'],
    ['a$b', '"$" before the end'],
    ['[\\D]', 'inside [ ]'],
    ['[a', '"[" is not closed'],
    ['a\\', 'before nothing'],
    ['\\x4', 'no character number'],
    ['\\q', '"\\q" is not supported'],
  ])('%s', (pattern, why) => {
    expect(() => fromPython(pattern)).toThrow(why)
  })
})
