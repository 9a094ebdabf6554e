/** Globs in the core against the reference matcher, which tries everything. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePattern } from '../../../src/policy/glob.ts'
import { covers } from '../../reference/patterns.ts'
import { createTester } from './support.ts'

/** Few characters, of one to four bytes each, so that texts and patterns meet. */
const character = fc.constantFrom('a', 'b', 'c', '-', ':', '\u00e9', '\u20ac', '\u{1f600}', '\u{1f601}')
const token = fc.oneof(
  { arbitrary: character, weight: 6 },
  { arbitrary: fc.constant('*'), weight: 3 },
  { arbitrary: fc.constant('?'), weight: 2 },
  {
    arbitrary: fc.constantFrom(
      '[ab]',
      '[!ab]',
      '[a-c]',
      '[!\u00e9-\u20ac]',
      '[\u{1f600}-\u{1f64f}]',
      '[-a]',
      '[\\]b]',
      '[!\\!]',
    ),
    weight: 2,
  },
  {
    arbitrary: fc.constantFrom('\\*', '\\?', '\\\\', '\\[', '{a,b}', '{ab,*,\u20ac?}', '{[ab],{b,\u{1f600}}c}'),
    weight: 1,
  },
)
const pattern = fc.array(token, { minLength: 1, maxLength: 7 }).map((tokens) => tokens.join(''))
const text = fc.oneof(
  { arbitrary: fc.array(character, { maxLength: 9 }).map((all) => all.join('')), weight: 5 },
  {
    arbitrary: fc
      .array(fc.oneof(character, fc.constantFrom('*', '?', '\\', '[', ']', '!', '{')), { maxLength: 6 })
      .map((all) => all.join('')),
    weight: 1,
  },
)

function isPattern(source: string): boolean {
  try {
    return parsePattern(source).length > 0
  } catch {
    return false
  }
}

test('random patterns over random texts', async () => {
  const patterns = fc.sample(pattern.filter(isPattern), { numRuns: 300, seed: 5 })
  const ask = await createTester(patterns.map((glob) => ({ glob })))
  let covered = 0
  fc.assert(
    fc.property(text, (one) => {
      const expected = patterns.map((glob) => covers(glob, one))
      covered += expected.filter(Boolean).length
      expect(ask(one), one).toEqual(expected)
    }),
    { numRuns: 400 },
  )
  expect(covered).toBeGreaterThan(2000)
})

test('long texts, and literals around every word boundary of memory', async () => {
  const lengths = Array.from({ length: 40 }, (_, i) => i + 1)
  const ask = await createTester(lengths.map((length) => ({ glob: `*${'b'.repeat(length)}?` })))
  for (const length of lengths) {
    for (const [end, matches] of [
      ['c', true],
      ['\u{1f600}', true],
      ['cc', false],
    ] as const) {
      const one = `${'ab'.repeat(500)}a${'b'.repeat(length)}${end}`
      expect(ask(one), `${length} and ${end}`).toEqual(lengths.map((least) => matches && least <= length))
    }
  }
})

test('a pattern that is exact takes its special characters as they are', async () => {
  const ask = await createTester([
    { glob: 'foo\\*' },
    { glob: 'foo*' },
    { glob: '\\literal:foo*' },
    { glob: '\\[a\\]' },
  ])
  expect(ask('foo*')).toEqual([true, true, false, false])
  expect(ask('foox')).toEqual([false, true, false, false])
  expect(ask('literal:foox')).toEqual([false, false, true, false])
  expect(ask('[a]')).toEqual([false, false, false, true])
})
