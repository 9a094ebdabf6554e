/** Regular expressions in the core against JavaScript's own, and what is ours to say. */
import { describe, expect, it, test } from 'vitest'
import { compileModel } from '../../../src/compiler/index.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { loadModel } from '../../../src/policy/index.ts'
import { type RegexForm, regexAgreement } from '../../property/regex-agreement.ts'
import { makeFinder } from '../../property/regex-finder.ts'
import { createTester } from './support.ts'

const parts = { createEngine, compileModel, loadModel }
const FORMS: readonly RegexForm[] = ['usual', 'nfa']

test('random expressions over random texts', async () => {
  const seed = Number(process.env.FC_SEED ?? 20_261_121)
  const makeBoth = (sources: readonly string[], form: RegexForm) => makeFinder(parts, sources, form)
  const { pairs, found, failure } = await regexAgreement({ makeFinder: makeBoth, runs: 20_000, seed })
  expect(failure, `seed ${seed}`).toBeUndefined()
  expect(pairs).toBeGreaterThanOrEqual(20_000)
  expect(Math.min(found, pairs - found)).toBeGreaterThan(4000)
}, 120_000)

describe.each(FORMS)('as %s', (form) => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['(?i)straße', ['STRAẞE', 'Straße'], ['STRASSE', '']],
    ['(?i)[^k]', ['a', 'é'], ['k', 'K', '\u212a']],
    ['(?i)\u03c3', ['Σ', 'ς', 'σ'], ['s']],
    ['a(?i:b)c', ['abc', 'aBc'], ['ABC', 'abC']],
    ['(?i)a(?-i:b)c', ['AbC'], ['aBc']],
    ['(?i)i', ['i', 'I'], ['\u0130', '\u0131']],
    ['(?i)\\bk\\b', ['K', 'a k', '\u212a'], ['ak', '\u017fk']],
    ['\\bk\\b', ['k', '\u017fk'], ['ak', 'K']],
    ['(?m)^b$', ['a\nb', 'b\r\na', 'a\u2028b', 'b'], ['ab', 'a\nbc']],
    ['^b$', ['b'], ['a\nb', 'b\n']],
    ['a.b', ['a b', 'a\u{1f600}b'], ['a\nb', 'a\u2029b', 'ab']],
    ['(?s)a.b', ['a\nb'], ['ab']],
    ['\\B', ['', 'ab', ' '], ['a']],
    ['(?:)*$', ['', 'x'], []],
    ['[]', [], ['', 'a']],
    ['^(?:a?){3}a{3}$', ['aaa', 'aaaaaa'], ['aa', 'aaaaaaa']],
    ['\\p{Lu}\\p{Ll}+', ['Éa', 'xŽluť'], ['éa', 'ÉA']],
    ['^\\u{1f600}{2}$', ['\u{1f600}\u{1f600}'], ['\u{1f600}']],
  ])('%s', async (source, found, notFound) => {
    const find = await makeFinder(parts, [source], form)
    expect(found.filter((text) => !find(text)[0])).toEqual([])
    expect(notFound.filter((text) => find(text)[0])).toEqual([])
  })

  it('asks many expressions of one text without mixing them up', async () => {
    const sources = Array.from({ length: 200 }, (_, i) => `^x{${i}}y?$`)
    const find = await makeFinder(parts, sources, form)
    for (const length of [0, 1, 57, 199]) {
      expect(find('x'.repeat(length)).flatMap((found, i) => (found ? [i] : []))).toEqual([length])
    }
  })
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
