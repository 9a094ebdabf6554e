/** Random conditions: every operator, mostly on attributes that usually fit it. */
import fc from 'fast-check'
import type { ActorTests, ChainCondition, ConditionSource, Test, TrustCondition } from '../../src/policy/document.ts'
import { celCondition } from './cel-conditions.ts'
import { pattern } from './patterns.ts'
import { age, during, timeConstant } from './times.ts'
import {
  ACTOR_PATHS,
  type Attribute,
  cidr,
  comparableList,
  type Flavour,
  ITEM_PATHS,
  mapOf,
  number,
  PATHS,
  scalar,
  text,
  version,
  WORDS,
  word,
} from './vocabulary.ts'

const ANYWHERE = ['eq', 'neq', 'in', 'not_in', 'exists'] as const
const ORDER = ['gt', 'gte', 'lt', 'lte'] as const
const TEXT = ['contains', 'not_contains', 'starts_with', 'ends_with', 'glob', 'regex', 'not_regex'] as const
const LIST = ['contains', 'not_contains', 'contains_any', 'contains_all', 'is_subset'] as const
/** Operators whose constant is a list. */
const LISTS = ['in', 'not_in', 'contains_any', 'contains_all', 'is_subset'] as const
const VERSION = ['semver_eq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'] as const
const TIME = ['before', 'after', 'within', 'older_than'] as const
const QUANTIFIERS = ['any_matches', 'all_match', 'none_match'] as const

export const OPERATORS = [
  ...new Set([...ANYWHERE, ...ORDER, ...TEXT, ...LIST, 'ip_in_cidr', ...VERSION, ...TIME, ...QUANTIFIERS]),
]

/** Which operators fit a flavour. */
const FITTING: Readonly<Record<Flavour, readonly string[]>> = {
  word: [...ANYWHERE, ...ORDER, ...TEXT],
  number: [...ANYWHERE, ...ORDER],
  boolean: ['eq', 'neq', 'exists'],
  words: [...LIST, ...LIST, 'eq', 'neq', ...QUANTIFIERS],
  ip: ['ip_in_cidr'],
  version: VERSION,
  time: [...TIME, ...ORDER, 'eq'],
  items: [...QUANTIFIERS, ...QUANTIFIERS, 'contains', 'exists'],
  map: ['exists', 'eq'],
  anything: ANYWHERE,
  score: [...ANYWHERE, ...ORDER],
  instant: ANYWHERE,
}

/** Those that can hold of a list of names. */
const OF_NAMES: readonly string[] = [...LIST, ...ANYWHERE, ...QUANTIFIERS]
/** Those that compare a list of names with another attribute. */
const WITH_NAMES: readonly string[] = [...LISTS, 'eq', 'neq', 'contains', 'not_contains']

/** Operators beside which `ignore_case` may stand. */
const FOLDING: readonly string[] = ['eq', 'neq', 'in', 'not_in', ...ORDER, ...TEXT, ...LIST]

/** Operators whose operand may be a reference, with the flavours worth referring to. */
const REFERABLE: Readonly<Record<string, readonly Flavour[]>> = {
  ...mapOf([...ANYWHERE.slice(0, 2), ...ORDER].map((name): [string, Flavour[]] => [name, ['word', 'number']])),
  in: ['words'],
  not_in: ['words'],
  contains: ['word', 'number'],
  not_contains: ['word', 'number'],
  contains_any: ['words'],
  contains_all: ['words'],
  is_subset: ['words'],
  starts_with: ['word'],
  ends_with: ['word'],
  before: ['time'],
  after: ['time'],
}

const ATOMS = [
  'a',
  'b',
  'eu',
  '.',
  'a.b',
  '[ab]',
  '[^a]',
  '\\d',
  '\\w',
  '\\s',
  '\u{1f600}',
  '[a-z]',
  '(?:a|b1)',
  '(ab)',
  '\\u{1f600}',
  '\\.',
  '\\D',
  '\\W',
  '\\S',
  '\\p{L}',
  '[^\\w\\s]',
  '[\\u{1f600}-\\u{1f64f}]',
  '(?:a*b?)',
  '(?i:A|.k)',
]
const regexPiece = fc
  .tuple(fc.constantFrom(...ATOMS), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,3}', '{2,}', '*?'))
  .map((parts) => parts.join(''))
const regexBranch = fc
  .tuple(
    fc.constantFrom('', '', '^', '\\b', '\\B'),
    fc.array(regexPiece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '$', '\\b', '\\B'),
  )
  .map(([start, pieces, end]) => start + pieces.join('') + end)
export const regex = fc
  .tuple(
    fc.constantFrom('', '', '', '(?i)', '(?m)', '(?is)'),
    fc.array(regexBranch, { minLength: 1, maxLength: 2 }).map((branches) => branches.join('|')),
  )
  .map(([flags, branches]) => flags + branches)

const NOW: readonly Attribute[] = [
  { path: 'now', flavour: 'number' },
  { path: 'now', flavour: 'time' },
]

/** A constant operand, of a type that the operator takes. */
function constant(operator: string, { flavour, words, fixed, names }: Attribute): fc.Arbitrary<unknown> {
  if (names && words !== undefined && operator !== 'exists') return namesConstant(operator, words)
  const usual = usualConstant(operator, flavour)
  if (words === undefined) return usual
  const one = fixed ? fc.oneof(fc.constantFrom(...words), word) : fc.oneof(fc.constantFrom(...words), usual)
  const some = fc.array(fc.oneof({ arbitrary: fc.constantFrom(...words), weight: 3 }, { arbitrary: word, weight: 1 }), {
    minLength: 1,
    maxLength: 3,
  })
  if (isOneOf(LISTS, operator)) return fixed ? some : fc.oneof(usual, some)
  if (isOneOf(['eq', 'neq', ...ORDER, 'contains', 'not_contains'], operator)) return one
  return operator === 'glob' ? pattern(words) : usual
}

/** A name, a list of names, or a list of such lists. */
function namesConstant(operator: string, words: readonly string[]): fc.Arbitrary<unknown> {
  const name = fc.oneof({ arbitrary: fc.constantFrom(...words), weight: 3 }, { arbitrary: word, weight: 1 })
  const list = fc.array(name, { maxLength: 3 })
  if (operator === 'contains' || operator === 'not_contains') return name
  return operator === 'in' || operator === 'not_in' ? fc.array(list, { maxLength: 3 }) : list
}

function usualConstant(operator: string, flavour: Flavour): fc.Arbitrary<unknown> {
  if (operator === 'exists') return fc.boolean()
  if (operator === 'in' || operator === 'not_in') return fc.oneof(comparableList, fc.array(number, { maxLength: 4 }))
  if (isOneOf(LISTS, operator)) return comparableList
  if (isOneOf(ORDER, operator)) return flavour === 'number' ? number : text
  if (operator === 'starts_with' || operator === 'ends_with') return word
  if (operator === 'contains' || operator === 'not_contains')
    return fc.oneof({ arbitrary: word, weight: 5 }, { arbitrary: scalar, weight: 1 })
  if (operator === 'glob') return pattern(WORDS.filter((one) => one !== ''))
  if (operator === 'regex' || operator === 'not_regex') return regex
  if (operator === 'ip_in_cidr') return fc.oneof(cidr, fc.array(cidr, { minLength: 1, maxLength: 3 }))
  if (isOneOf(VERSION, operator)) return version
  if (operator === 'within' || operator === 'older_than') return age
  if (operator === 'before' || operator === 'after') return timeConstant
  if (flavour === 'number') return number
  if (flavour === 'boolean') return fc.boolean()
  if (flavour === 'words') return fc.oneof(comparableList, word)
  return fc.oneof({ arbitrary: text, weight: 3 }, { arbitrary: scalar, weight: 1 })
}

function operand(operator: string, attribute: Attribute, items: Items): fc.Arbitrary<unknown> {
  const { flavour } = attribute
  if (isOneOf(QUANTIFIERS, operator)) return condition(1, ITEM_PATHS)
  const flavours = REFERABLE[operator]
  if (flavours === undefined) return constant(operator, attribute)
  const paths = [...PATHS, ...NOW, ...(items ?? [])].filter(
    (one) =>
      flavours.includes(one.flavour) && (one.flavour === flavour || flavours.length === 1 || flavour === 'anything'),
  )
  const references = (paths.length > 0 ? paths : PATHS)
    .filter((one) => canRefer(operator, attribute, one))
    .map((one) => ({ ref: one.path }))
  return fc.oneof(
    { arbitrary: constant(operator, attribute), weight: 3 },
    { arbitrary: fc.constantFrom(...references), weight: 1 },
  )
}

/** Policies may not compare attributes whose types differ for certain. */
function canRefer(operator: string, one: Attribute, other: Attribute): boolean {
  if (other.names && !WITH_NAMES.includes(operator)) return false
  const isEquality = operator === 'eq' || operator === 'neq'
  return !isEquality || !((one.names && other.fixed) || (one.fixed && other.names))
}

/** The paths of `item`, inside a condition over items. */
type Items = readonly Attribute[] | undefined

/** One path with one or two operators. */
function tests(attribute: Attribute, items: Items): fc.Arbitrary<readonly [string, Test]> {
  const { path, flavour, fixed, names } = attribute
  const refused: readonly string[] = [
    ...(items !== undefined || fixed ? QUANTIFIERS : []),
    ...(fixed ? (['contains_any', 'contains_all', 'is_subset'] as const) : []),
  ]
  const allowed = OPERATORS.filter((name) => !refused.includes(name) && (!names || OF_NAMES.includes(name)))
  const fitting = FITTING[flavour].filter((name) => allowed.includes(name))
  const name = fc.oneof(
    { arbitrary: fc.constantFrom(...(fitting.length > 0 ? fitting : allowed)), weight: 12 },
    { arbitrary: fc.constantFrom(...allowed), weight: 1 },
  )
  const one = name.chain((operator) => operand(operator, attribute, items).map((value) => [operator, value] as const))
  const several = fc
    .tuple(
      fc.uniqueArray(one, { minLength: 1, maxLength: 2, selector: ([operator]) => operator, size: 'medium' }),
      fc.constantFrom(undefined, undefined, undefined, undefined, true, false),
      fc.constantFrom(undefined, undefined, true, false),
      fc.constantFrom(undefined, undefined, undefined, true, true, false),
    )
    .map(([operators, otherwise, ignoresCase, trusted]): Test => {
      const all: [string, unknown][] = operators.map(([operator, value]) => [operator, value])
      if (otherwise !== undefined) all.push(['otherwise', otherwise])
      if (ignoresCase && operators.every(([operator, value]) => mayFold(operator, value)))
        all.push(['ignore_case', true])
      if (trusted !== undefined) all.push(['trusted', trusted])
      return mapOf(all)
    })
  if (names) return several.map((value) => [path, value] as const)
  const bare = constant('eq', attribute).filter((value) => !Array.isArray(value)) as fc.Arbitrary<Test>
  return fc
    .oneof({ arbitrary: several, weight: 5 }, { arbitrary: bare, weight: 1 })
    .map((value) => [path, value] as const)
}

/** Policies may not ignore the case of what has none. */
function mayFold(operator: string, value: unknown): boolean {
  if (!FOLDING.includes(operator)) return false
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'ref' in value : hasString(value)
}

function hasString(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.some(hasString))
}

const depthTest: fc.Arbitrary<readonly [string, Test]> = fc
  .tuple(fc.constantFrom(...ORDER, 'eq', 'neq'), fc.nat({ max: 3 }), fc.boolean())
  .map(([operator, value, trusted]) => [
    'chain.depth',
    mapOf<unknown>([
      [operator, value],
      ['trusted', trusted],
    ]),
  ])

const ancestorsTest = (): fc.Arbitrary<readonly [string, Test]> =>
  fc
    .tuple(fc.constantFrom(...QUANTIFIERS), condition(1, ACTOR_PATHS), fc.constantFrom(undefined, undefined, true))
    .map(([operator, of, trusted]) => [
      'chain.ancestors',
      mapOf<unknown>([[operator, of], ...(trusted ? [['trusted', true] as const] : [])]),
    ])

/** Bounds are on a scale of 1; generators.ts brings them to that of the document. */
const bound = fc.constantFrom(0, 0.1, 0.25, 0.35, 0.5, 0.7, 0.9, 1)
export const trust: fc.Arbitrary<TrustCondition> = fc
  .record({
    bounds: fc.oneof(
      { arbitrary: bound.map((min) => ({ min })), weight: 3 },
      { arbitrary: bound.map((max) => ({ max })), weight: 1 },
      { arbitrary: fc.tuple(bound, bound).map((two) => ({ min: Math.min(...two), max: Math.max(...two) })), weight: 1 },
    ),
    over: fc.constantFrom(undefined, 'immediate', 'root', 'all', 'minimum', 'product'),
    trusted: fc.constantFrom(undefined, true, false),
    otherwise: fc.constantFrom(undefined, undefined, undefined, true, false),
  })
  .map(({ bounds, ...rest }) => ({
    ...bounds,
    ...(mapOf(Object.entries(rest).filter(([, value]) => value !== undefined)) as TrustCondition),
  }))

/** Tests of an actor by its own keys: what `chain` in a rule has. */
const actorTests = (isItem: boolean): fc.Arbitrary<ActorTests> =>
  fc
    .uniqueArray(
      fc.constantFrom(...ACTOR_PATHS).chain((attribute) => tests(attribute, isItem ? ACTOR_PATHS : undefined)),
      { minLength: 1, maxLength: 2, selector: ([path]) => path },
    )
    .filter((entries) => isItem || !JSON.stringify(entries).includes('"ref":"item'))
    .map((entries) => mapOf(entries.map(([path, test]) => [path.replace(/^item\.?/, ''), test])))

export const chain: fc.Arbitrary<ChainCondition> = fc
  .tuple(
    fc.subarray(['root', 'immediate', 'depth', 'any', 'all', 'none', 'trust'] as const, { minLength: 1, maxLength: 2 }),
    fc.record({
      root: actorTests(false),
      immediate: actorTests(false),
      depth: depthTest.map(([, test]) => test),
      any: actorTests(true),
      all: actorTests(true),
      none: actorTests(true),
      trust,
    }),
  )
  .map(([keys, all]): ChainCondition => mapOf<unknown>(keys.map((key) => [key, all[key]])))

/** The time of the requests is often one of three seconds; see times.ts. */
const time = fc.constantFrom(
  '2026-01-01T00:00:00Z',
  '2026-01-01T02:00:01+02:00',
  '2026-01-01T00:00:00.500Z',
  1767225600000,
  1767225601000,
)
const timeTest: fc.Arbitrary<readonly [string, Test]> = fc
  .tuple(fc.constantFrom(...ORDER, 'eq', 'neq', 'before', 'after'), time)
  .map(([operator, value]) => ['now', mapOf([[operator, value]])])

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name)
}

/** A condition of at most `depth` levels of all, any and not. `items` are the paths of `item`, where it means something. */
export function condition(depth: number, items?: Items): fc.Arbitrary<ConditionSource> {
  const attributes = items === undefined ? PATHS : [...items, ...items, ...items, ...PATHS.slice(0, 8)]
  const test = fc.constantFrom(...attributes).chain((attribute) => tests(attribute, items))
  const alone = items === undefined ? 1 : 0
  const entry = fc.oneof(
    { arbitrary: test, weight: 15 },
    { arbitrary: timeTest, weight: 1 },
    { arbitrary: depthTest, weight: 1 },
    { arbitrary: items === undefined ? ancestorsTest() : test, weight: 1 },
    { arbitrary: trust.map((one): readonly [string, TrustCondition] => ['trust', one]), weight: alone },
  )
  const leaf = fc
    .uniqueArray(entry, { minLength: 1, maxLength: 2, selector: ([path]) => path })
    .map((entries): ConditionSource => mapOf<Test | TrustCondition>(entries))
  if (depth === 0)
    return items ? leaf : fc.oneof({ arbitrary: leaf, weight: 9 }, { arbitrary: celCondition, weight: 1 })
  const timed = during.map((one): ConditionSource => ({ during: one }))
  const inner = fc.array(condition(depth - 1, items), { minLength: 1, maxLength: 3 })
  return fc.oneof(
    { arbitrary: leaf, weight: 5 },
    { arbitrary: timed, weight: 1 },
    { arbitrary: inner.map((all): ConditionSource => ({ all })), weight: 1 },
    { arbitrary: inner.map((any): ConditionSource => ({ any })), weight: 2 },
    { arbitrary: condition(depth - 1, items).map((one): ConditionSource => ({ not: one })), weight: 1 },
    ...(items ? [] : [{ arbitrary: celCondition, weight: 1 }]),
  )
}
