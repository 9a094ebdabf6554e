/** Regular expressions in the core against JavaScript's own RegExp, on random expressions and texts. */
import { setFlagsFromString } from 'node:v8'
import fc from 'fast-check'
import { toRegExp } from '../reference/regex.ts'
import { regexSource, regexText } from './regexes.ts'

/** Both ways in which the core can have an expression. */
export type RegexForm = 'usual' | 'nfa'

/** Says for a text which of the expressions are found in it. */
export type Finder = (text: string) => readonly boolean[]

export interface AgreementOptions {
  readonly makeFinder: (sources: readonly string[], form: RegexForm) => Promise<Finder>
  /** Pairs of an expression and a text, at least. */
  readonly runs: number
  readonly seed: number
  readonly onProgress?: (pairs: number) => void
}

export interface Agreement {
  readonly pairs: number
  readonly expressions: number
  /** Of the pairs, how many were found. */
  readonly found: number
  readonly failure: string | undefined
}

const EXPRESSIONS = 150
const TEXTS = 60

/** Compares until `runs` pairs agreed, or one did not. Every pair is tried in both forms. */
export async function regexAgreement({ makeFinder, runs, seed, onProgress }: AgreementOptions): Promise<Agreement> {
  let [pairs, expressions, found] = [0, 0, 0]
  for (let round = seed; pairs < runs; round++) {
    const judges = fc.sample(regexSource, { numRuns: EXPRESSIONS, seed: round }).flatMap(judgeOf)
    const sources = judges.map(({ source }) => source)
    const finders = [await makeFinder(sources, 'usual'), await makeFinder(sources, 'nfa')]
    expressions += sources.length
    for (const text of fc.sample(regexText, { numRuns: TEXTS, seed: round })) {
      const answers = finders.map((finder) => finder(text))
      for (const [i, { source, regex }] of judges.entries()) {
        if (isMistaken(source, text)) continue
        const expected = regex.test(text)
        pairs++
        if (expected) found++
        const wrong = answers.findIndex((answer) => answer[i] !== expected)
        if (wrong === -1 || contradictsItself(source, text)) continue
        const failure = `${ascii(source)} on ${ascii(text)}: ${!expected} (${['usual', 'nfa'][wrong]}), not ${expected}`
        return { pairs, expressions, found, failure }
      }
    }
    onProgress?.(pairs)
  }
  return { pairs, expressions, found, failure: undefined }
}

/** Characters that look alike are told apart. */
function ascii(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
}

function judgeOf(source: string): { source: string; regex: RegExp }[] {
  try {
    return [{ source, regex: toRegExp(source) }]
  } catch {
    return []
  }
}

/**
 * Where V8 is known to differ from ECMA-262; such a pair says nothing.
 *
 * - It finds `\B` between the halves of a surrogate pair, where no match may start (22.2.7.2, AdvanceStringIndex):
 *   /\B/u.exec('a\u{1f600}').index is 2.
 * - With `(?i:…)` it does not fold as with the flag: /(?i:b\u212a)/u does not find 'Bk', as /b\u212a/iu does; nor is `\W`
 *   outside of the group then what it is without one: /(?i:b)\W/u does not find 'b\u212a', as /b\W/u does. With ASCII it is
 *   right; the flag is judged with all of Unicode.
 */
function isMistaken(source: string, text: string): boolean {
  if (source.includes('\\B') && /[\u{10000}-\u{10ffff}]/u.test(text)) return true
  if (!/\(\?[ms-]*i[ms-]*:/.test(source)) return false
  return CASED.test(source + text) || (source.includes('\\W') && /[sk]/i.test(text))
}

/**
 * Whether V8 says one thing with its optimization of regular expressions and another without, as it takes one or the other by
 * itself: /.a|(?i:b[^A-Z]b*(?m:)|a\w+?|\w(?-i:ka||)b){1,2}?a/u finds 'aA' without, where no second `a` is.
 */
function contradictsItself(source: string, text: string): boolean {
  // Made anew, with something empty behind it: V8 keeps what it has compiled by the source.
  const ask = (flag: string, empty: string) => {
    setFlagsFromString(flag)
    return toRegExp(source + empty).test(text)
  }
  const plain = ask('--no-regexp-optimization', '(?:)')
  return ask('--regexp-optimization', '(?:)(?:)') !== plain
}

const CASED = /(?=\P{ASCII})\p{Changes_When_Casemapped}/u
