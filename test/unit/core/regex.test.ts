/** Regular expressions in the core against JavaScript's own, on random patterns of the subset that both know. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Tests } from '../../../src/policy/document.ts'
import { createTester } from './support.ts'

const letter = fc.constantFrom(
  'a',
  'b',
  'c',
  '_',
  '1',
  ' ',
  '-',
  '\n',
  '\u00e9',
  '\u2028',
  '\u20ac',
  '\u{1f600}',
  '\u{1f601}',
)
const literal = fc.oneof(
  { arbitrary: letter, weight: 8 },
  {
    arbitrary: fc.constantFrom('\\.', '\\*', '\\n', '\\x61', '\\u0062', '\\u{1f600}', '\\ud83d\\ude00', '\\cJ', '\\0'),
    weight: 1,
  },
)
const set = fc.oneof(
  fc.constantFrom(
    '.',
    '\\d',
    '\\D',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\p{L}',
    '\\P{L}',
    '\\p{Script=Greek}',
    '[^]',
    '[]',
    '[\\b]',
    '[-a]',
  ),
  fc
    .tuple(
      fc.constantFrom('', '^'),
      fc.array(
        fc.constantFrom('a', 'b', 'a-c', '1', '\\d', '\\W', '\\s', '\u00e9-\u20ac', '\u{1f600}-\u{1f64f}', '\\]'),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([negated, members]) => `[${negated}${members.join('')}]`),
)
const assertion = fc.constantFrom('^', '$', '\\b', '\\B')
const quantifier = fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '{0}', '{2,3}', '*?', '+?', '??', '{1,2}?')

const { pattern } = fc.letrec<{ pattern: string; sequence: string; term: string; group: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    tie('sequence'),
    fc.array(tie('sequence'), { minLength: 2, maxLength: 3 }).map((all) => all.join('|')),
  ),
  sequence: fc.array(tie('term'), { maxLength: 4 }).map((all) => all.join('')),
  term: fc.oneof(
    { maxDepth: 4 },
    { arbitrary: literal, weight: 6 },
    { arbitrary: set, weight: 3 },
    { arbitrary: assertion, weight: 1 },
    { arbitrary: fc.tuple(fc.oneof(literal, set), quantifier).map(([atom, times]) => atom + times), weight: 4 },
    { arbitrary: tie('group'), weight: 2 },
    { arbitrary: fc.tuple(tie('group'), quantifier).map(([group, times]) => group + times), weight: 3 },
  ),
  group: fc.tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('pattern')).map(([open, inner]) => `${open}${inner})`),
}))

/** A name may be given to one group only. */
function named(source: string): string {
  let count = 0
  return source.replaceAll('(?<n>', () => `(?<n${count++}>`)
}

/** As JavaScript takes it. */
function compiled(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u')
  } catch {
    return undefined
  }
}

/**
 * V8 finds `\B` between the halves of a surrogate pair, where by ECMA-262 (section 22.2.7.2, AdvanceStringIndex) no match may
 * start: /\B/u.exec('a\u{1f600}').index is 2. Such a pair says nothing.
 */
function isMistaken(source: string, one: string): boolean {
  return source.includes('\\B') && /[\u{10000}-\u{10ffff}]/u.test(one)
}

const text = fc.array(letter, { maxLength: 8 }).map((all) => all.join(''))

test('random patterns over random texts', async () => {
  let pairs = 0
  const counts = { true: 0, false: 0 }
  for (let round = 0; round < 8; round++) {
    const sources = fc.sample(pattern.map(named), { numRuns: 150, seed: 100 + round })
    const known = sources.flatMap((source) => {
      const regex = compiled(source)
      return regex === undefined ? [] : [{ source, regex }]
    })
    const ask = await createTester(known.map(({ source }): Tests => ({ regex: source })))
    for (const one of fc.sample(text, { numRuns: 40, seed: 200 + round })) {
      const truths = ask(one)
      known.forEach(({ source, regex }, i) => {
        if (isMistaken(source, one)) return
        const expected = regex.test(one)
        if (truths[i] !== expected) expect.fail(`/${source}/u on ${JSON.stringify(one)}: ${truths[i]}, not ${expected}`)
        counts[`${expected}`]++
        pairs++
      })
    }
  }
  expect(pairs).toBeGreaterThan(20_000)
  expect(Math.min(counts.true, counts.false)).toBeGreaterThan(4000)
})

test('not_regex is the negation, and other types are not evaluable', async () => {
  const ask = await createTester([{ regex: 'b$' }, { not_regex: 'b$' }])
  expect(ask('ab')).toEqual([true, false])
  expect(ask('ba')).toEqual([false, true])
  for (const value of [undefined, null, 5, true, ['ab'], {}]) expect(ask(value)).toEqual(['n.e.', 'n.e.'])
})

test('code points are whole: half of a pair is never matched', async () => {
  const ask = await createTester([{ regex: '^.$' }, { regex: '^..$' }, { regex: '\\ud83d' }, { regex: '[^a]{2}' }])
  expect(ask('\u{1f600}')).toEqual([true, false, false, false])
})
