import { describe, expect, it } from 'vitest'
import { isAny, misleading, parsePattern } from '../../../src/policy/glob.ts'

describe('parsePattern', () => {
  it.each([
    ['read', ['read']],
    ['a:b/c.d', ['a:b/c.d']],
    ['a]b}c,d', ['a]b}c,d']],
    ['\\*\\?\\[\\{\\\\', ['*?[{\\']],
    ['{read,list}', ['read', 'list']],
    ['a{b,{c,d}e}f', ['abf', 'acef', 'adef']],
    ['{a,}x', ['ax', 'x']],
    ['{\\,,\\}}', [',', '}']],
    ['{a,a}', ['a']],
    ['😀', ['😀']],
  ])('%s is exact', (text, values) => {
    expect(parsePattern(text)).toEqual(values.map((value) => ({ kind: 'exact', value })))
  })

  it('makes tokens of the rest', () => {
    expect(parsePattern('a**b?[!a-c😀x-]\\*')).toEqual([
      {
        kind: 'glob',
        source: 'a**b?[!a-c😀x-]\\*',
        tokens: [
          { kind: 'literal', text: 'a' },
          { kind: 'star' },
          { kind: 'literal', text: 'b' },
          { kind: 'one' },
          {
            kind: 'class',
            negated: true,
            ranges: [
              [0x2d, 0x2d],
              [0x61, 0x63],
              [0x78, 0x78],
              [0x1f600, 0x1f600],
            ],
          },
          { kind: 'literal', text: '*' },
        ],
      },
    ])
  })

  it('keeps the part of the text for each expansion', () => {
    const sources = parsePattern('x{[a,b],c*}').map((pattern) => (pattern.kind === 'glob' ? pattern.source : ''))
    expect(sources).toEqual(['x[a,b]', 'xc*'])
  })

  it('knows what covers everything', () => {
    expect(['*', '**', '{*,a}', '?*', 'a'].map((text) => parsePattern(text).some(isAny))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })

  it.each([
    ['', 'the pattern is empty'],
    ['a[', '"[" is not closed'],
    ['a[b', '"[" is not closed'],
    ['[]', 'the class [ ] is empty'],
    ['[!]', 'the class [ ] is empty'],
    ['[^a]', '"[^" is not how a class is negated'],
    ['[z-a]', 'a range in [ ] runs backwards'],
    ['{a,b', '"{" is not closed'],
    ['{a}', 'braces need two alternatives or more'],
    ['{}', 'braces need two alternatives or more'],
    ['{a,}', 'one of the alternatives is empty'],
    ['{1..3}', 'ranges in braces are not supported'],
    ['{a..e}x', 'ranges in braces are not supported'],
    ['[[:alpha:]]', 'classes with names, as in [[:alpha:]], are not supported'],
    ['a\\', 'the "\\" at the end stands before nothing'],
    [`{${Array.from({ length: 65 }, (_, i) => i).join(',')}}`, 'the braces stand for more than 64 patterns'],
    ['{a,b}'.repeat(40), 'the braces stand for more than 64 patterns'],
    [`${'{a,'.repeat(20)}b${'}'.repeat(20)}`, 'the braces are nested too deeply'],
  ])('refuses %s', (text, message) => {
    expect(() => parsePattern(text)).toThrow(message)
  })

  it('takes 64 expansions', () => {
    expect(parsePattern('{a,b}'.repeat(6))).toHaveLength(64)
  })
})

describe('misleading', () => {
  it.each([
    ['!secret', 'negates nothing'],
    ['!(a|b)', 'negates nothing'],
    ['doc:@(read|write)', '@(read|write)'],
    ['a+(b)', '+(b)'],
    ['*(x)', '*(x)'],
    ['a\\\\?(b)', '?(b)'],
  ])('warns of %s', (text, found) => {
    expect(misleading(text)?.found).toContain(found)
  })

  it.each(['read', 'a!b', '\\!secret', 'f(x)', 'a\\+(b)', 'a+\\(b)', 'tool*', '[!a](b)'])(
    'takes %s as it is',
    (text) => {
      expect(misleading(text)).toBeUndefined()
    },
  )
})
