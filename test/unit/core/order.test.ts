/** Order and parts of strings, by code point; numbers as doubles. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTester } from './support.ts'

/** Where order by UTF-16 unit and by code point differ: astral characters against U+E000 … U+FFFF. */
const character = fc.constantFrom(
  '',
  'a',
  'b',
  '\u0000',
  '\u007f',
  '\u0080',
  '\u07ff',
  '\u0800',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
  '\u{1f600}',
  '\u{10ffff}',
)
const word = fc.oneof(
  fc.array(character, { maxLength: 6 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.tuple(fc.nat({ max: 80 }), character).map(([length, end]) => `${'same '.repeat(length)}${end}`),
)

/** Negative, zero or positive, code point by code point. */
function compare(a: string, b: string): number {
  const left = Array.from(a, (one) => one.codePointAt(0) ?? 0)
  const right = Array.from(b, (one) => one.codePointAt(0) ?? 0)
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

const ORDER = ['lt', 'lte', 'eq', 'gte', 'gt'] as const

function truths(sign: number): boolean[] {
  return [sign < 0, sign <= 0, sign === 0, sign >= 0, sign > 0]
}

test('two strings of the request', async () => {
  const ask = await createTester(ORDER.map((operator) => ({ [operator]: { ref: 'context.other' } })))
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(ask(a, b)).toEqual(truths(compare(a, b)))
    }),
    { numRuns: 3000 },
  )
})

test('a string of the request and one of the policy', async () => {
  const words = fc.sample(word, { numRuns: 60, seed: 3 })
  const ask = await createTester(words.flatMap((one) => ORDER.map((operator) => ({ [operator]: one }))))
  fc.assert(
    fc.property(fc.oneof(word, fc.constantFrom(...words)), (text) => {
      expect(ask(text)).toEqual(words.flatMap((one) => truths(compare(text, one))))
    }),
    { numRuns: 300 },
  )
})

test('parts of strings', async () => {
  const ref = { ref: 'context.other' }
  const ask = await createTester([{ starts_with: ref }, { ends_with: ref }, { contains: ref }])
  const whole = fc.tuple(word, word, word).map((parts) => parts.join(''))
  const cut = fc.tuple(whole, fc.nat(), fc.nat()).map(([text, from, length]) => {
    const all = [...text]
    const start = from % (all.length + 1)
    return [text, all.slice(start, start + (length % (all.length + 1))).join('')] as const
  })
  fc.assert(
    fc.property(fc.oneof(cut, fc.tuple(whole, word)), ([text, part]) => {
      expect(ask(text, part)).toEqual([text.startsWith(part), text.endsWith(part), text.includes(part)])
    }),
    { numRuns: 3000 },
  )
})

test('half of a surrogate pair can be compared, not looked into', async () => {
  const ref = { ref: 'context.other' }
  const ask = await createTester([{ eq: ref }, { lt: ref }, { contains: ref }, { glob: '*' }, { regex: '' }])
  expect(ask('\ud800', '\ud800')).toEqual([true, 'n.e.', 'n.e.', 'n.e.', 'n.e.'])
  expect(ask('\ud800', '\ud801')).toEqual([false, 'n.e.', 'n.e.', 'n.e.', 'n.e.'])
  expect(ask('a', '\ufffd')).toEqual([false, true, false, true, true])
  // In UTF-8 both would become U+FFFD.
  expect(ask('\ud800', '\ufffd')[0]).toBe(false)
})

test('numbers are doubles', async () => {
  const ask = await createTester(ORDER.map((operator) => ({ [operator]: { ref: 'context.other' } })))
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, 2 ** 53, 5e-324, 0.1 + 0.2, 0.3),
  )
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(ask(a, b)).toEqual([a < b, a <= b, a === b, a >= b, a > b])
    }),
    { numRuns: 2000 },
  )
})
