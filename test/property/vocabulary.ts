/** The small words that random policies and requests share, so that they meet often. */
import fc from 'fast-check'
import { timeAttribute } from './times.ts'

export const ACTIONS = ['read', 'write', 'tool:run', 'tool:stop', 'admin:keys/rotate', '\u{1f600}:go'] as const
export const SUBJECT_TYPES = ['user', 'agent', 'service'] as const
export const SUBJECT_IDS = ['alice', 'bob', 'bot-1', 'Ålice', '\u{1d4b3}'] as const
export const RESOURCE_TYPES = ['record', 'record:draft', 'file'] as const
export const RESOURCE_IDS = ['r1', 'r2', 'doc/1', 'a*b', '\u{1f600}'] as const
/** Roles inherit only from later ones, so no cycle can come up. */
export const ROLES = ['owner', 'admin', 'editor', 'viewer', 'constructor', '__proto__'] as const
export const TENANT = 'acme'

/** What an attribute usually holds; it decides which operators are tried on it. */
export type Flavour =
  | 'word'
  | 'number'
  | 'boolean'
  | 'words'
  | 'ip'
  | 'version'
  | 'time'
  | 'items'
  | 'map'
  | 'anything'
  | 'score'
  | 'instant'

export interface Attribute {
  readonly path: string
  readonly flavour: Flavour
  /** The words that requests have here, when they are few. */
  readonly words?: readonly string[]
  /** A part of the request that is always a string: policies may not compare it with anything else. */
  readonly fixed?: true
  /** A list of names: policies may not compare it with a single one. */
  readonly names?: true
}

/** Attributes by the part of the request that holds them: key → what it usually holds. */
export const ATTRIBUTES = {
  subject: {
    zone: 'word',
    level: 'number',
    tags: 'words',
    profile: 'map',
    trust_score: 'score',
    trust_updated_at: 'instant',
  },
  state: { task: 'map', count: 'number', zone: 'word' },
  resource: {
    zone: 'word',
    size: 'number',
    tags: 'words',
    meta: 'map',
    public: 'boolean',
    version: 'version',
    created: 'time',
  },
  action: { mode: 'word', dry: 'boolean' },
  context: {
    ip: 'ip',
    text: 'word',
    amount: 'number',
    at: 'time',
    items: 'items',
    version: 'version',
    'x.y': 'word',
    // Keys that every object seems to have, for who looks past own properties.
    ['__proto__']: 'anything',
    constructor: 'anything',
    toString: 'anything',
  },
} as const satisfies Record<string, Record<string, Flavour>>

/** Every path that conditions use. */
export const PATHS: readonly Attribute[] = [
  { path: 'subject.type', flavour: 'word', words: SUBJECT_TYPES, fixed: true },
  { path: 'subject.id', flavour: 'word', words: SUBJECT_IDS, fixed: true },
  { path: 'resource.type', flavour: 'word', words: RESOURCE_TYPES, fixed: true },
  { path: 'resource.id', flavour: 'word', words: RESOURCE_IDS, fixed: true },
  { path: 'action.name', flavour: 'word', words: ACTIONS, fixed: true },
  { path: 'subject.roles', flavour: 'words', words: ROLES, names: true },
  ...Object.entries(ATTRIBUTES).flatMap(([root, attributes]) =>
    Object.entries(attributes).map(([key, flavour]) => ({ path: `${root}${step(key)}`, flavour })),
  ),
  { path: 'chain.root.type', flavour: 'word', words: SUBJECT_TYPES, fixed: true },
  { path: 'chain.root.id', flavour: 'word', words: SUBJECT_IDS, fixed: true },
  { path: 'chain.root.zone', flavour: 'word' },
  { path: 'chain.root.properties.level', flavour: 'number' },
  { path: 'chain.root.tags', flavour: 'words' },
  { path: 'chain.root.profile.tags', flavour: 'words' },
  { path: 'chain.root.roles', flavour: 'words', words: ROLES, names: true },
  { path: 'chain.immediate.zone', flavour: 'word' },
  { path: 'chain.immediate.type', flavour: 'word', words: SUBJECT_TYPES, fixed: true },
  { path: 'chain.ancestors[0].type', flavour: 'word', words: SUBJECT_TYPES, fixed: true },
  { path: 'chain.ancestors[0].zone', flavour: 'word' },
  { path: 'chain.ancestors[1].level', flavour: 'number' },
  { path: 'state.task.zone', flavour: 'word' },
  { path: 'state.task.level', flavour: 'number' },
  { path: 'state.session.roles', flavour: 'words', words: ROLES },
  { path: 'state.nowhere', flavour: 'anything' },
  { path: 'subject.properties.zone', flavour: 'word' },
  { path: 'resource.properties["meta"].zone', flavour: 'word' },
  { path: 'subject.profile.zone', flavour: 'word' },
  { path: 'subject.profile.level', flavour: 'number' },
  { path: 'subject.profile.tags', flavour: 'words' },
  { path: 'resource.meta.constructor', flavour: 'anything' },
  { path: 'context.items[0]', flavour: 'anything' },
  { path: 'context.items[1].price', flavour: 'number' },
  { path: 'context.items.length', flavour: 'number' },
  { path: 'context.nowhere', flavour: 'anything' },
]

export const ITEM_PATHS: readonly Attribute[] = [
  { path: 'item', flavour: 'anything' },
  { path: 'item.price', flavour: 'number' },
  { path: 'item.name', flavour: 'word' },
]

/** What an item of `chain.ancestors` has. */
export const ACTOR_PATHS: readonly Attribute[] = [
  { path: 'item.type', flavour: 'word', words: SUBJECT_TYPES, fixed: true },
  { path: 'item.id', flavour: 'word', words: SUBJECT_IDS, fixed: true },
  { path: 'item.zone', flavour: 'word' },
  { path: 'item.properties.level', flavour: 'number' },
  { path: 'item.tags', flavour: 'words' },
  { path: 'item.profile.zone', flavour: 'word' },
]

/** What a host may mark. */
export const MARKS = [
  'subject',
  'subject.zone',
  'subject.properties.level',
  'subject.type',
  'subject.profile.zone',
  'subject.trust_score',
  'resource.tags',
  'resource.id',
  'action',
  'context',
  'context.items[0]',
  'context.items[0].price',
  'context.text',
  'state.task',
  'chain',
  'chain.depth',
  'chain.root',
  'chain.root.zone',
  'chain.root.trust_score',
  'chain.root.trust_updated_at',
  'chain.immediate.tags',
  'chain.ancestors',
  'chain.ancestors[0].level',
  'chain.ancestors[0].type',
  'chain.ancestors[1]',
  'chain.ancestors[1].trust_score',
] as const

function step(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

/** Order differs between UTF-16 units and code points for the last three; é is there precomposed and not. */
export const WORDS = [
  'eu',
  'us',
  'a',
  'record:r1',
  'group:eng',
  'user:alice',
  'ab',
  'b',
  '',
  'Eu',
  'EU',
  'A',
  'STRASSE',
  'Stra\u00dfe',
  'stra\u1e9ee',
  '\u017f\u212a\u00c9',
  '\u03c2\u03a3\u0130\u0131',
  '\u00e9',
  'e\u0301',
  'a\nb',
  'a1 _',
  '\u{1f600}',
  'a\u{1f600}',
  '\uffff',
  // Longer than what the engine copies character by character.
  `${'eu '.repeat(20)}\u{1f600}`,
]

const ADDRESSES = fc.constantFrom(
  '10.1.2.3',
  '10.200.0.1',
  '192.168.1.9',
  '::1',
  '2001:db8::1',
  '2001:DB8:0:1::2',
  '::ffff:10.1.2.3',
  '::',
)
const NOT_ADDRESSES = fc.constantFrom(
  '',
  '10.1.2',
  '010.1.2.3',
  '10.1.2.256',
  '1:2',
  ':::',
  'fe80::1%eth0',
  ' 10.1.2.3',
  '::ffff:10.1.2',
  '10.1.2.3/8',
)
const VERSIONS = [
  '1.0.0',
  '1.0.0-rc.1',
  '1.0.0-rc.10',
  '1.0.0-2',
  '1.0.0-alpha',
  '1.0.0+build.7',
  '1.2.3',
  '2.0.0-x-y.z',
  '10.0.0',
] as const
const NOT_VERSIONS = fc.constantFrom('', '1.0', 'v1.0.0', '01.0.0', '1.0.0-', '1.0.0-01', ' 1.0.0', '1.0.0+', '1.0.0.0')

export const version = fc.constantFrom(...VERSIONS)
export const cidr = fc.constantFrom(
  '10.0.0.0/8',
  '192.168.1.0/24',
  '10.1.2.3/32',
  '10.1.2.3',
  '::ffff:10.0.0.0/104',
  '0.0.0.0/0',
  '::/0',
  '2001:db8::/32',
  '2001:db8::/63',
  '::1/128',
)
/** Scores on both scales, on and beside the bounds that rules have. */
const score = fc.constantFrom(0, 0.1, 0.25, 0.5, 0.7, 0.9, 1, 0.95, 100, 250, 500, 700, 900, 1000, 1001, -0.1)
/** At and around the times of requests: see generators.ts. */
const instant = fc.constantFrom<unknown>(
  1767225600000,
  1767182400000,
  1767139200000,
  1766620800000,
  1767225900500,
  1767225901001,
  '2026-01-01T00:00:00Z',
  '2025-12-31T13:00:00+01:00',
  '2025-12-01T00:00:00.250Z',
  '2026-13-01T00:00:00Z',
  'yesterday',
)
export const number = fc.constantFrom(0, -0, 1, 2, 2.5, 3, -1, 100, 5e-324, 1e12)
/** Whole numbers that policies may not hold, as doubles hold only some of their neighbours. */
const hugeNumber = fc.constantFrom(2 ** 53, 1e21, -Number.MAX_VALUE)
/** A few words come up often, so that two of them are often the same. */
export const word = fc.oneof(
  { arbitrary: fc.constantFrom('eu', 'us', 'a'), weight: 6 },
  { arbitrary: fc.constantFrom('\uffff', '\u{1f600}', 'a\nb', 'EU', 'A'), weight: 2 },
  { arbitrary: fc.constantFrom(...WORDS, ...SUBJECT_IDS, ...RESOURCE_IDS), weight: 2 },
)
/** A word or two put together: something for the operators that look into strings. */
export const text = fc.oneof(
  { arbitrary: word, weight: 2 },
  { arbitrary: fc.tuple(word, word).map((parts) => parts.join('')), weight: 1 },
)
export const scalar = fc.oneof(word, number, fc.boolean(), fc.constant(null))

/** Words of requests that no policy knows, more of them than fit into a short list. */
const stranger = fc.nat({ max: 29 }).map((index) => `stranger ${index}`)

/** What no policy can hold, and what a JavaScript host may pass nevertheless. */
export const invalid = fc.constantFrom<unknown>(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  10n,
  Symbol.iterator,
  Math.max,
)

/** Strings that have no UTF-8. */
const illFormed = fc.constantFrom('\ud800', 'a\udc00b')

const item = fc.oneof(
  { arbitrary: word, weight: 6 },
  { arbitrary: scalar, weight: 3 },
  { arbitrary: fc.array(fc.oneof(scalar, fc.constantFrom([['eu']], ['eu', []])), { maxLength: 2 }), weight: 1 },
)

/** A list that a policy may compare with: scalars, sometimes lists of them. */
export const comparableList = fc.array(item, { maxLength: 4 })

/** A list that an attribute may be: with maps in it, now and then. */
export const list = fc.array(
  fc.oneof({ arbitrary: item, weight: 10 }, { arbitrary: fc.constant({ zone: 'eu' }), weight: 1 }),
  { maxLength: 4 },
)

/** An object made of own properties only, `__proto__` among them. */
export function mapOf<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries)
}

/** Optional keys: each is there more often than not. */
export function someOf<T>(keys: Readonly<Record<string, fc.Arbitrary<T>>>): fc.Arbitrary<Record<string, T>> {
  const entries = Object.entries(keys).map(([key, value]) =>
    fc.option(value, { freq: 9 }).map((one): [string, T][] => (one === null ? [] : [[key, one]])),
  )
  return fc.tuple(...entries).map((parts) => mapOf(parts.flat()))
}

/** A value of the flavour, and now and then one of another kind; still something JSON can hold. */
export function plainAttribute(flavour: Flavour): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: pure(flavour), weight: 14 }, { arbitrary: pure('anything'), weight: 1 })
}

/** As plainAttribute, with values that are invalid, or hold something invalid. */
export function hostAttribute(flavour: Flavour): fc.Arbitrary<unknown> {
  const broken = fc.oneof(word, number, illFormed, invalid, fc.constant(undefined))
  return fc.oneof(
    { arbitrary: plainAttribute(flavour), weight: 60 },
    { arbitrary: strangers(flavour), weight: 4 },
    { arbitrary: invalid, weight: 1 },
    { arbitrary: hugeNumber, weight: 1 },
    { arbitrary: illFormed, weight: 1 },
    { arbitrary: fc.constant(undefined), weight: 1 },
    { arbitrary: fc.array(broken, { maxLength: 4 }), weight: flavour === 'items' ? 10 : 1 },
    { arbitrary: someOf(mapOf(['zone', 'level', 'tags'].map((key) => [key, broken]))), weight: 1 },
    { arbitrary: fc.array(someOf({ price: broken, name: broken }), { maxLength: 3 }), weight: 1 },
  )
}

function strangers(flavour: Flavour): fc.Arbitrary<unknown> {
  return flavour === 'word' ? stranger : fc.array(stranger, { maxLength: 40, size: 'max' })
}

function pure(flavour: Flavour): fc.Arbitrary<unknown> {
  switch (flavour) {
    case 'word':
      return text
    case 'number':
      return number
    case 'boolean':
      return fc.boolean()
    case 'words':
      return list
    case 'ip':
      return fc.oneof({ arbitrary: ADDRESSES, weight: 6 }, { arbitrary: NOT_ADDRESSES, weight: 1 })
    case 'version':
      return fc.oneof({ arbitrary: version, weight: 7 }, { arbitrary: NOT_VERSIONS, weight: 1 })
    case 'time':
      return timeAttribute
    case 'items':
      return fc.oneof(
        fc.array(fc.oneof(someOf<unknown>({ price: number, name: word }), scalar), { maxLength: 3 }),
        list,
      )
    case 'map':
      return someOf<unknown>({ zone: word, level: number, tags: list, constructor: word })
    case 'score':
      return fc.oneof({ arbitrary: score, weight: 12 }, { arbitrary: scalar, weight: 1 })
    case 'instant':
      return fc.oneof({ arbitrary: instant, weight: 12 }, { arbitrary: scalar, weight: 1 })
    case 'anything':
      return fc.oneof(scalar, list, someOf<unknown>({ zone: word, level: number }))
  }
}
