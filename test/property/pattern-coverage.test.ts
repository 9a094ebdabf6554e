/** Matching and covering patterns, against matching by trying everything. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePattern } from '../../src/policy/glob.ts'
import { patternCoverings } from '../../src/policy/pattern-coverage.ts'
import { coversText, matchesPattern } from '../../src/policy/pattern-match.ts'
import { covers } from '../reference/patterns.ts'
import { pattern } from './patterns.ts'

const words = ['read', 'write', 'travel:book', 'travel:cancel', 'a', 'ab', 'aab', '\u{1f600}a', 'a*', 're[d']
const text = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: fc.constantFrom('a', 'b', ':', 'r', '\u{1f600}', 'x'), maxLength: 8 }),
)
const lists = fc.array(fc.array(pattern(words), { maxLength: 3 }), { minLength: 1, maxLength: 4 })

const coversList = (list: readonly string[], text: string) => list.length === 0 || list.some((one) => covers(one, text))
const bits = (all: readonly (readonly string[])[], text: string) =>
  all.reduce((sum, list, i) => sum | (coversList(list, text) ? 1 << i : 0), 0)

test('a pattern covers what it covers by trying everything', () => {
  fc.assert(
    fc.property(pattern(words), text, (source, text) => {
      expect(parsePattern(source).some((one) => matchesPattern(one, text))).toBe(covers(source, text))
    }),
  )
})

test('many stars take no more time than the product of the lengths', () => {
  const [glob] = parsePattern(`${'a*'.repeat(60)}b`)
  expect(coversText([glob!], 'a'.repeat(20_000))).toBe(false)
})

test('the coverings are those that texts have, and their examples show them', () => {
  fc.assert(
    fc.property(lists, fc.array(text, { minLength: 20, maxLength: 20 }), (sources, texts) => {
      const found = patternCoverings(sources.map((list) => list.flatMap(parsePattern)))!
      const kinds = new Set(found.map(({ lists }) => lists))
      expect(kinds.size).toBe(found.length)
      for (const { lists, example } of found) expect(bits(sources, example), example).toBe(lists)
      for (const one of texts) expect(kinds, one).toContain(bits(sources, one))
    }),
  )
})

test('too many lists, and patterns that need too many states, are not decided', () => {
  const any = parsePattern('*')
  expect(patternCoverings(Array.from({ length: 31 }, () => any))).toBeUndefined()
  expect(patternCoverings([parsePattern(`*a${'?'.repeat(40)}`)])).toBeUndefined()
})
