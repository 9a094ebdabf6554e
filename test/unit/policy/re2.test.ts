/** RE2's syntax where it is not JavaScript's; scripts/re2-patterns.ts runs RE2's own tests. */
import { describe, expect, it } from 'vitest'
import { compileModel } from '../../../src/compiler/index.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { loadModel } from '../../../src/policy/index.ts'
import { parseRe2 } from '../../../src/policy/re2.ts'
import { readRe2Tests, refusalOf } from '../../property/re2.ts'
import { makeFinder } from '../../property/regex-finder.ts'

const parts = { createEngine, compileModel, loadModel }

describe('parseRe2', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['(?P<year>\\d{4})', ['2026'], ['202']],
    ['(?P<n>a)(?P<n2>b)', ['ab'], ['a']],
    ['\\Aab\\z', ['ab'], ['xab', 'ab\n']],
    ['(?m)^b$', ['a\nb\nc'], ['a\rb\rc', 'a\u2028b']],
    ['(?m)\\Ab', ['b'], ['a\nb']],
    ['a.b', ['a\rb', 'a\u2028b'], ['a\nb']],
    ['(?s)a.b', ['a\nb'], ['ab']],
    ['a(?i)b(?-i)c', ['abc', 'aBc'], ['aBC', 'Abc']],
    ['(a(?i)b)c', ['aBc'], ['aBC']],
    // What `\w` is, folded: https://pkg.go.dev/regexp/syntax.
    ['(?i)\\w', ['a', '\u017f', '\u212a'], ['-']],
    ['(?i)\\W', ['-'], ['a', '\u017f', '\u212a']],
    // Sets are folded first, and then negated.
    ['(?i)^\\P{Lu}$', ['1', '-'], ['a', 'A', 'é', 'É']],
    ['(?i)^\\p{^Greek}$', ['a'], ['α', 'Α', 'µ']],
    ['(?i)^[[:^lower:]]$', ['1', 'é'], ['a', 'A', '\u017f', '\u212a']],
    ['(?i)^[^[:^upper:]]$', ['a', 'A', '\u017f'], ['1', 'é']],
    ['(?i)^[^\\P{Lu}]$', ['a', 'A', 'é'], ['1']],
    ['(?i)^[k[:^alpha:]]$', ['K', '\u212a', '1'], ['a', '\u017f']],
    ['(?i)^[^k\\P{L}]$', ['a', 'ſ'], ['K', '\u212a', '1']],
    ['(?i)^[^\\p{Lu}]$', ['1'], ['a', 'A']],
    ['(?i)k', ['K', '\u212a'], []],
    ['(?U)a+', ['a'], ['']],
    ['\\s', [' ', '\f'], ['\v', '\u00a0']],
    ['[\\s]', ['\t'], ['\v']],
    ['[^\\S]', [' '], ['\v', 'a']],
    ['\\pN\\PL\\p{^L}', ['1-2'], ['1a2']],
    ['\\p{Greek}', ['α'], ['a']],
    ['[[:alpha:]][[:^digit:]]', ['a-'], ['1-', 'a1']],
    ['[[:word:]]', ['_'], ['-']],
    ['[]a]', [']', 'a'], ['b']],
    ['[^]a]', ['b'], [']', 'a']],
    ['[a-]', ['-'], ['b']],
    ['[\\]\\-x]', ['-', ']'], ['\\']],
    ['\\Qa.b\\E+', ['a.bb'], ['axb']],
    ['\\Q(', ['('], ['Q']],
    ['\\x{1F600}', ['😀'], ['a']],
    ['\\07\\101', ['\u0007A'], ['07']],
    ['\\a\\-\\_', ['\u0007-_'], ['a-_']],
    ['a{,2}', ['a{,2}'], ['aa']],
    ['{', ['{'], ['']],
    ['}]', ['}]'], ['}']],
    ['^*x(?:$)+', ['x'], ['xy']],
    ['(|a)*b', ['b', 'aab'], ['a']],
  ])('%s', async (source, found, notFound) => {
    const find = await makeFinder(parts, [source], 'usual', parseRe2)
    expect(found.filter((text) => !find(text)[0])).toEqual([])
    expect(notFound.filter((text) => find(text)[0])).toEqual([])
  })

  // Each POSIX class and its negation part ASCII between them, as POSIX says.
  it.each([
    ['alnum', /[0-9A-Za-z]/],
    ['alpha', /[A-Za-z]/],
    ['ascii', /[ -~\p{Cc}]/u],
    ['blank', /[\t ]/],
    ['cntrl', /\p{Cc}/u],
    ['digit', /[0-9]/],
    ['graph', /[!-~]/],
    ['lower', /[a-z]/],
    ['print', /[ -~]/],
    ['punct', /[!-/:-@[-`{-~]/],
    ['space', /[\t-\r ]/],
    ['upper', /[A-Z]/],
    ['word', /\w/],
    ['xdigit', /[0-9A-Fa-f]/],
  ])('[:%s:]', async (name, judge) => {
    const find = await makeFinder(parts, [`[[:${name}:]]`, `[[:^${name}:]]`], 'usual', parseRe2)
    const wrong = Array.from({ length: 128 }, (_, i) => String.fromCodePoint(i)).filter((one) => {
      const [inside, outside] = find(one)
      return inside !== judge.test(one) || outside === inside
    })
    expect(wrong).toEqual([])
    expect(find('é')).toEqual([false, true])
  })

  it.each([
    ['(', '"(" is not closed'],
    [')', '")" closes nothing'],
    ['[a', '"[" is not closed'],
    ['[b-a]', 'runs backwards'],
    ['[[:nope:]]', '[:nope:] is no class of RE2'],
    ['a**', 'nothing to repeat'],
    ['(?=a)', 'look-around is not supported'],
    ['(?<!a)b', 'look-around is not supported'],
    ['(a)\\1', 'back-references such as \\1 are not supported'],
    ['(?x)a', 'the flag "x" is not supported'],
    ['(?#a)', '"(?" is followed by what RE2 does not know'],
    ['\\C', '\\C, a single byte, is not supported'],
    ['\\y', '\\y is no escape of RE2'],
    ['\\p{Nope}', 'invalid property name'],
    ['\\x{110000}', '\\x{110000} is no character'],
    ['a{1001}', 'a count above 1000'],
    ['a\\', 'the "\\" at the end'],
  ])('refuses %s', (source, message) => {
    expect(() => parseRe2(source)).toThrow(message)
    expect(() => parseRe2(source)).not.toThrow(/at character/)
  })
})

describe("the form of RE2's own tests", () => {
  const file =
    '# made here\nSome.Tests\nstrings\n""\n"a\\x01\\\\b"\nregexps\n"a"\n-;-;-;-\n-;0-1;-;0-1\nstrings\n"\u0002"\nregexps\n".\\\\z"\n0-1;0-1;0-1;0-1\n'

  it('is read by blocks', () => {
    expect([...readRe2Tests(file)]).toEqual([
      { texts: ['', 'a\u0001\\b'], expressions: [{ regex: 'a', found: [false, true] }] },
      { texts: ['\u0002'], expressions: [{ regex: '.\\z', found: [true] }] },
    ])
  })

  it.each(['"a"\n-;-', 'strings\n"a"\nregexps\n"a"\n-', 'strings\n"a"\nregexps\n"a"\n-;-;-;-\n-;-;-;-'])(
    'is checked: %j',
    (wrong) => {
      expect(() => [...readRe2Tests(wrong)]).toThrow('not a result')
    },
  )

  it('tells why an expression is not taken', () => {
    expect(refusalOf('\\C')).toContain('a single byte')
    expect(refusalOf('a')).toBeUndefined()
  })
})
