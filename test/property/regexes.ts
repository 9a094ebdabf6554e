/** Random regular expressions of the part of JavaScript's that ours has, and texts for them. */
import fc from 'fast-check'

const LETTERS = [
  ...['a', 'b', 'c', 'A', 'B', '_', '1', ' ', '-', '\n', '\r', '\u2028'],
  // Two, three and four bytes in UTF-8, and what differs by case in more than one way.
  ...['\u00e9', '\u20ac', '\u{1f600}', '\u{1f601}', '\u{10428}', '\u{10400}'],
  ...['k', 'K', '\u212a', 's', '\u017f', '\u03c3', '\u03c2', '\u03a3', '\u00df', '\u1e9e', '\u0130', 'i'],
]
/** The first ones more often, so that texts and expressions meet. */
const letter = fc.oneof(
  { arbitrary: fc.constantFrom('a', 'b'), weight: 3 },
  { arbitrary: fc.constantFrom(...LETTERS), weight: 2 },
)
const literal = fc.oneof(
  { arbitrary: letter, weight: 8 },
  {
    arbitrary: fc.constantFrom('\\.', '\\*', '\\n', '\\x61', '\\u0062', '\\u{1f600}', '\\ud83d\\ude00', '\\cJ', '\\0'),
    weight: 1,
  },
)
const member = fc.constantFrom(
  ...['a', 'b', 'a-c', 'A-Z', '1', '\\d', '\\W', '\\s', '\u00e9-\u20ac', '\u{1f600}-\u{1f64f}', '\\]', '\\P{Lu}'],
)
const set = fc.oneof(
  fc.constantFrom(
    ...['.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\p{L}', '\\P{L}', '\\p{Lu}', '\\P{Lu}', '\\p{Script=Greek}'],
    ...['[^]', '[]', '[\\b]', '[-a]'],
  ),
  fc
    .tuple(fc.constantFrom('', '^'), fc.array(member, { minLength: 1, maxLength: 3 }))
    .map(([negated, members]) => `[${negated}${members.join('')}]`),
)
const assertion = fc.constantFrom('^', '$', '\\b', '\\B')
const quantifier = fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '{0}', '{2,3}', '*?', '+?', '??', '{1,2}?')
const open = fc.constantFrom('(', '(?:', '(?<n>', '(?i:', '(?m:', '(?s:', '(?-i:', '(?i-m:')

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
  group: fc.tuple(open, tie('pattern')).map(([start, inner]) => `${start}${inner})`),
}))

/** An expression; some have flags in front. JavaScript may refuse one, as too large or for a name that it has twice. */
export const regexSource: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', '', '', '', '(?i)', '(?m)', '(?s)', '(?ims)'), pattern.map(named))
  .map((parts) => parts.join(''))

export const regexText: fc.Arbitrary<string> = fc.array(letter, { maxLength: 10 }).map((all) => all.join(''))

/** A name may be given to one group only. */
function named(source: string): string {
  let count = 0
  return source.replaceAll('(?<n>', () => `(?<n${count++}>`)
}
