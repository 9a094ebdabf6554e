/** `ignore_case`: Unicode simple case folding, by what the regular expressions of JavaScript do with the flags `iu`. */

import { test } from './operators.ts'
import { asList, covers } from './patterns.ts'
import { toRegExp } from './regex.ts'
import { isText, not, type Truth } from './values.ts'

/** The same test with strings folded on both sides. */
export function foldedTest(operator: string, a: unknown, b: unknown): Truth {
  if (operator === 'regex') return isText(a) ? toRegExp(String(b), 'i').test(a) : 'n.e.'
  if (operator === 'not_regex') return not(foldedTest('regex', a, b))
  if (operator === 'glob') return isText(a) ? asList(String(b)).some((one) => covers(one, a, sameLetter)) : 'n.e.'
  return test(operator, folded(a), folded(b))
}

export function folded(value: unknown): unknown {
  if (typeof value === 'string') return Array.from(value, foldOne).join('')
  return Array.isArray(value) ? Array.from(value, folded) : value
}

function sameLetter(a: string, b: string): boolean {
  return foldOne(a) === foldOne(b)
}

/**
 * The small letter of the capital, where the two are the same letter: `S`, `s` and `ſ` fold to `s`, `ı` does not fold to
 * `i`. (Cherokee folds the other way round; nothing here is Cherokee.)
 */
function foldOne(character: string): string {
  const small = character.toUpperCase().toLowerCase()
  const one = [...small].length === 1 ? small : character.toLowerCase()
  if ([...one].length !== 1 || /^\p{Surrogate}$/u.test(character)) return character
  return new RegExp(`^\\u{${character.codePointAt(0)!.toString(16)}}$`, 'iu').test(one) ? one : character
}
