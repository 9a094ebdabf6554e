/** Random conditions in CEL over the attributes that requests have. */
import fc from 'fast-check'
import { ACTIONS, RESOURCE_TYPES, SUBJECT_IDS } from './vocabulary.ts'

const quoted = (words: readonly string[]) => fc.constantFrom(...words.map((word) => JSON.stringify(word)))
const word = quoted(['eu', 'us', 'a', 'ab', '', '\u00e9', '\u{1f600}', '\uffff'])
const number = fc.constantFrom('0', '1', '2', '2.5', '3u', '-1', '100.0')
const wordPath = fc.constantFrom(
  'subject.zone',
  'resource.zone',
  'context.text',
  'action.mode',
  'subject.profile.zone',
  'resource.meta.zone',
  'context.nowhere',
)
const numberPath = fc.constantFrom('subject.level', 'resource.size', 'context.amount', 'subject.profile.level')
const boolPath = fc.constantFrom('resource.public', 'action.dry')
const listPath = fc.constantFrom('subject.tags', 'resource.tags', 'subject.profile.tags', 'context.items')
const anyPath = fc.oneof(wordPath, numberPath, boolPath, listPath, fc.constantFrom('subject.profile', 'resource.meta'))
const order = fc.constantFrom('<', '<=', '>', '>=')
const equality = fc.constantFrom('==', '!=')
const join = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(' '))
const fixed = (text: string) => fc.constant(text)

/** A test that is a bool when its attributes are of the usual types. */
const test: fc.Arbitrary<string> = fc.oneof(
  join(wordPath, equality, word),
  join(word, equality, wordPath),
  join(numberPath, fc.oneof(order, equality), number),
  join(number, order, numberPath),
  join(anyPath, equality, anyPath),
  // The other evaluator orders by UTF-16 units, which differs beyond the basic plane.
  join(wordPath, order, quoted(['eu', 'us', 'a', '\u00e9'])),
  fc.constantFrom(...ACTIONS.map((action) => `action.name == ${JSON.stringify(action)}`)),
  fc.constantFrom(...RESOURCE_TYPES.map((type) => `resource.type != ${JSON.stringify(type)}`)),
  fc.constantFrom(...SUBJECT_IDS.map((id) => `subject.id == ${JSON.stringify(id)}`)),
  join(wordPath, fixed('== subject.id')),
  boolPath,
  join(boolPath, fixed('== true')),
  join(wordPath, fixed('in [ "eu", "us", "" ]')),
  join(numberPath, fixed('in [ 1, 2u, 2.5 ]')),
  join(word, fixed('in'), listPath),
  join(wordPath, fixed('in'), listPath),
  fc.tuple(wordPath, fc.constantFrom('startsWith', 'endsWith', 'contains'), word).map(([a, f, b]) => `${a}.${f}(${b})`),
  fc
    .tuple(listPath, fc.constantFrom('exists', 'all', 'exists_one'), word)
    .map(([a, f, b]) => `${a}.${f}(t, t == ${b})`),
  fc.tuple(listPath, number).map(([a, b]) => `size(${a}) < ${b}`),
  fc.constantFrom(
    'context.items.exists(i, i.price > 1)',
    'context.items.all(i, i.name != "us")',
    'context.items[0] == 1',
  ),
  fc.tuple(numberPath, numberPath, number).map(([a, b, c]) => `${a} + ${b} * 2.0 < ${c}`),
  fc.tuple(numberPath, number).map(([a, b]) => `int(${a}) % 2 == ${b}`),
  fc.tuple(wordPath, wordPath, word).map(([a, b, c]) => `${a} + ${b} == ${c}`),
  fc.constantFrom('has(subject.zone)', 'has(resource.nowhere)', '!has(context.amount)', 'has(action.mode)'),
  fc.constantFrom('now < timestamp("2026-01-01T00:00:00.5Z")', 'now.getFullYear() == 2026', 'now == now'),
)

/** A condition as a string, or in its own key. */
export const celCondition: fc.Arbitrary<string | { readonly cel: string }> = fc
  .oneof(
    { arbitrary: test, weight: 3 },
    { arbitrary: fc.tuple(test, test).map(([a, b]) => `${a} && ${b}`), weight: 2 },
    { arbitrary: fc.tuple(test, test).map(([a, b]) => `(${a}) || ${b}`), weight: 2 },
    { arbitrary: test.map((a) => `!(${a})`), weight: 1 },
    { arbitrary: fc.tuple(test, test, test).map(([a, b, c]) => `(${a}) ? ${b} : ${c}`), weight: 1 },
  )
  .chain((text) => fc.constantFrom<string | { readonly cel: string }>(text, { cel: text }))
