import { describe, expect, it } from 'vitest'
import { ignoringCase } from '../../../src/policy/case-folding.ts'
import type { CharSet } from '../../../src/policy/charset.ts'
import { parseRegex, type RegexAst } from '../../../src/policy/regex.ts'
import { toRegExp } from '../../reference/regex.ts'

const letter = (text: string): RegexAst => ({ kind: 'class', ranges: [[text.codePointAt(0)!, text.codePointAt(0)!]] })

describe('parseRegex', () => {
  it.each<[string, RegexAst]>([
    ['', { kind: 'empty' }],
    ['a', letter('a')],
    ['😀', letter('😀')],
    ['\\u{1F600}', letter('😀')],
    ['/', letter('/')],
    ['ab', { kind: 'concat', of: [letter('a'), letter('b')] }],
    ['(a)|(?:b)|(?<n>)', { kind: 'alternation', of: [letter('a'), letter('b'), { kind: 'empty' }] }],
    ['a*', { kind: 'repeat', of: letter('a'), min: 0, max: null }],
    ['a+?', { kind: 'repeat', of: letter('a'), min: 1, max: null }],
    ['a??', { kind: 'repeat', of: letter('a'), min: 0, max: 1 }],
    ['a{2,1000}', { kind: 'repeat', of: letter('a'), min: 2, max: 1000 }],
    ['a{3}', { kind: 'repeat', of: letter('a'), min: 3, max: 3 }],
    [
      '^\\b\\B$',
      {
        kind: 'concat',
        of: [
          { kind: 'assertion', assertion: 'start' },
          { kind: 'assertion', assertion: 'word-boundary' },
          { kind: 'assertion', assertion: 'non-word-boundary' },
          { kind: 'assertion', assertion: 'end' },
        ],
      },
    ],
    ['[]', { kind: 'class', ranges: [] }],
    ['[^]', { kind: 'class', ranges: [[0, 0x10ffff]] }],
    ['[c-ea-b]', { kind: 'class', ranges: [[0x61, 0x65]] }],
    ['(?m)^', { kind: 'assertion', assertion: 'line-start' }],
    ['(?m:$)', { kind: 'assertion', assertion: 'line-end' }],
    ['(?i)\\b', { kind: 'assertion', assertion: 'folded-word-boundary' }],
    ['(?s).', { kind: 'class', ranges: [[0, 0x10ffff]] }],
  ])('%s', (source, ast) => {
    expect(parseRegex(source)).toEqual(ast)
  })

  it.each([
    ['(', 'unterminated group'],
    ['[b-a]', 'range out of order'],
    ['a**', 'nothing to repeat'],
    ['\\y', 'invalid escape'],
    ['(?=a)', 'look-around such as (?=a) is not supported'],
    ['(?<!a)b', 'look-around such as (?<!a) is not supported'],
    ['(a)\\1', 'back-references such as \\1 are not supported'],
    ['(?<n>a)\\k<n>', 'back-references such as \\k<n> are not supported'],
    ['(?x)a', 'the flag "x" is not supported'],
    ['(?iu)a', 'the flag "u" is not supported'],
    ['a(?i)b', 'invalid group at character 3'],
    ['(?i)a**', 'nothing to repeat at character 7'],
    ['*.pdf', 'nothing to repeat at character 1'],
    ['a{2,1}', 'numbers out of order in {} quantifier at character 6'],
    ['a)b', "unmatched ')' at character 2"],
    ['(ab', 'unterminated group at character 3'],
    ['(?x:a)', 'invalid group'],
    [Array.from({ length: 2001 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('|'), 'more than 2000 kinds'],
    ['a{1001}', 'a count above 1000 is not supported'],
    ['a{1,1001}', 'a count above 1000 is not supported'],
    ['((a{100}){100}){2}', 'its repeats multiply to too large an expression'],
    [`${'('.repeat(200)}${')'.repeat(200)}`, 'its groups are nested too deeply'],
    [`${'('.repeat(100_000)}${')'.repeat(100_000)}`, 'its groups are nested too deeply'],
  ])('refuses %s', (source, message) => {
    expect(() => parseRegex(source)).toThrow(message)
  })

  // The runtime's own RegExp is the judge, for every code point that is a character.
  it.each([
    '.',
    '\\d',
    '\\D',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '[^a-z\\d]',
    '[\\s\\S]',
    '\\p{Lu}',
    '\\P{L}',
    '[\\p{Script=Greek}\\p{Nd}]',
    '[^\\p{L}\\w]',
    '(?i)k',
    '(?i)[^s]',
    '(?i)\\w',
    '(?i)\\W',
    '(?i)\\p{Lu}',
    '(?i)\\P{Lu}',
    '(?i)[^\\P{Ll}]',
  ])('%s has the code points that JavaScript gives it', (source) => {
    const ast = parseRegex(source)
    const judge = toRegExp(source.replace(/^(\(\?i\))?(.*)$/, '$1^$2$'))
    const ranges: CharSet = ast.kind === 'class' ? ast.ranges : []
    const wrong: number[] = []
    let next = 0
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue
      while (next < ranges.length && ranges[next]![1] < point) next++
      const inside = next < ranges.length && ranges[next]![0] <= point
      if (inside !== judge.test(String.fromCodePoint(point))) wrong.push(point)
    }
    expect(wrong).toEqual([])
  })
})

describe('ignoringCase', () => {
  // Brute force over all characters that have another case, by the runtime's own RegExp.
  it('takes for one another what JavaScript does with iu', () => {
    const changes = /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u
    const cased = Array.from({ length: 0x110000 }, (_, i) => i).filter(
      (point) => (point < 0xd800 || point > 0xdfff) && changes.test(String.fromCodePoint(point)),
    )
    const all = cased.map((point) => String.fromCodePoint(point)).join('')
    const wrong = cased.filter((point) => {
      const found = [...all.matchAll(new RegExp(`\\u{${point.toString(16)}}`, 'giu'))].map(([one]) =>
        one.codePointAt(0),
      )
      const ours = ignoringCase([[point, point]]).flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      )
      return found.join() !== ours.join()
    })
    expect(cased.length).toBeGreaterThan(2500)
    expect(wrong).toEqual([])
  }, 60_000)

  it('leaves a set without cased characters as it is', () => {
    const digits: CharSet = [[0x30, 0x39]]
    expect(ignoringCase(digits)).toBe(digits)
  })
})
