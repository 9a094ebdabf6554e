/** Random patterns made from words, so that they cover some of them. */
import fc from 'fast-check'
import type { Patterns } from '../../src/policy/document.ts'

/** The word with what patterns treat specially taken as it is. */
export function escaped(word: string): string {
  return word.replace(/[*?[\]{}\\]/g, '\\$&')
}

/** One pattern with a wildcard that covers at least one of the words, or something like it. */
export function pattern(words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.constantFrom(...words)
  const cut = fc
    .tuple(
      word,
      fc.nat(),
      fc.constantFrom('*', '?', '[!a]', '[a-z]', '[rwt]', '[\\]x-z-]', '[\u{1f600}-\u{1f64f}]', '*:*', '**'),
    )
    .map(([text, at, wildcard]) => {
      const characters = [...text]
      const place = at % Math.max(1, characters.length)
      // A star may take the rest of the word; the others take one character.
      const rest = wildcard.startsWith('*') && at % 3 > 0 ? [] : characters.slice(place + 1)
      return characters.slice(0, place).map(escaped).join('') + wildcard + rest.map(escaped).join('')
    })
  const either = fc
    .tuple(word, word, fc.constantFrom('', '*', '?'))
    .map(([a, b, tail]) => `{${escaped(a)},${escaped(b)}}${tail}`)
  return fc.oneof(
    { arbitrary: cut, weight: 6 },
    { arbitrary: either, weight: 1 },
    { arbitrary: fc.constant('*'), weight: 1 },
  )
}

/** Patterns for a target: exact ones more often than not, one or several. */
export function patterns(words: readonly string[]): fc.Arbitrary<Patterns> {
  const one = fc.oneof(
    { arbitrary: fc.constantFrom(...words).map(escaped), weight: 3 },
    { arbitrary: pattern(words), weight: 2 },
  )
  return fc.oneof(
    { arbitrary: one, weight: 3 },
    { arbitrary: fc.uniqueArray(one, { minLength: 1, maxLength: 3 }), weight: 2 },
  )
}
