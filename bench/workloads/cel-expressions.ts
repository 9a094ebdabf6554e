/** Expressions as policies have them, and what requests about them hold. */

export interface Expression {
  readonly name: string
  readonly expression: string
  /** The same in structured operators, where there are such. */
  readonly structured?: Readonly<Record<string, unknown>>
  /** Evaluators that cannot evaluate it, by the names of the peers. */
  readonly unable?: readonly string[]
  /** What a request has, for each of the numbers below `variants`. */
  readonly request: (n: number) => Properties
}

/** As many different requests as it takes that no branch is learnt by heart. */
export const variants = 64

export interface Properties {
  readonly subject?: Readonly<Record<string, unknown>>
  readonly resource?: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>>
}

const zones = ['eu', 'us', 'apac', 'latam']
const words = Array.from({ length: 50 }, (_, i) => `word-${i}`)
const list = JSON.stringify(words)

/** So many items with a price and a kind; none of them is dear. */
function items(count: number, n: number): unknown[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `item-${n}-${i}`,
    price: (i * 7 + n) % 90,
    kind: i % 3 === n % 3 ? 'book' : 'tool',
  }))
}

const fiveTerms = {
  'resource.zone': { eq: { ref: 'subject.zone' } },
  'context.amount': { lt: 100 },
  'context.region': { in: ['eu', 'us', 'apac'] },
  'subject.level': { gt: 2 },
  'resource.open': true,
}

export const expressions: readonly Expression[] = [
  {
    name: 'five terms',
    expression:
      'resource.zone == subject.zone && context.amount < 100.0 && context.region in ["eu", "us", "apac"] && subject.level > 2.0 && resource.open == true',
    structured: fiveTerms,
    // Most of them hold up to the last term.
    request: (n) => ({
      subject: { zone: zones[n % 4], level: 3 + (n % 5) },
      resource: { zone: zones[n % 4], open: n % 8 !== 0 },
      context: { amount: n % 99, region: zones[n % 3] },
    }),
  },
  {
    name: 'two attributes are equal',
    expression: 'resource.zone == subject.zone',
    structured: { 'resource.zone': { eq: { ref: 'subject.zone' } } },
    request: (n) => ({ subject: { zone: zones[n % 4] }, resource: { zone: zones[(n >> 2) % 4] } }),
  },
  {
    name: 'arithmetic',
    expression: 'context.amount * 1.2 + context.fee <= subject.limit',
    request: (n) => ({ subject: { limit: 100 }, context: { amount: n % 120, fee: 2.5 } }),
  },
  {
    name: 'whole numbers',
    expression: 'int(context.amount) % 10 == 0',
    unable: ['cel-js'],
    request: (n) => ({ context: { amount: n } }),
  },
  {
    name: 'a path under a prefix',
    expression: 'resource.path.startsWith("/tenants/" + subject.tenant + "/") && !resource.path.endsWith(".tmp")',
    unable: ['cel-js'],
    request: (n) => ({
      subject: { tenant: `t${n % 7}` },
      resource: { path: `/tenants/t${n % 5}/docs/${n}.txt` },
    }),
  },
  {
    name: 'a text in lower case',
    expression: 'subject.email.lowerAscii().endsWith("@example.org")',
    unable: ['cel-js'],
    request: (n) => ({ subject: { email: `Alice.${n}@Example.${n % 2 === 0 ? 'org' : 'com'}` } }),
  },
  {
    name: 'has, and one or the other',
    expression: 'has(resource.owner) ? resource.owner == subject.name : subject.level > 5.0',
    request: (n) => ({
      subject: { name: `u${n % 3}`, level: n % 9 },
      resource: n % 2 === 0 ? { owner: `u${n % 4}` } : {},
    }),
  },
  {
    name: 'in a list of 50 constants',
    expression: `context.word in ${list}`,
    structured: { 'context.word': { in: words } },
    request: (n) => ({ context: { word: `word-${n % 60}` } }),
  },
  {
    name: 'in a list of 20 of the request',
    expression: 'subject.team in resource.teams',
    structured: { 'resource.teams': { contains: { ref: 'subject.team' } } },
    request: (n) => ({
      subject: { team: `team-${n % 40}` },
      resource: { teams: Array.from({ length: 20 }, (_, i) => `team-${i + (n % 2)}`) },
    }),
  },
  {
    name: 'a part of a map',
    expression: 'context.labels["env"] == "prod" && "team" in context.labels',
    request: (n) => ({ context: { labels: { env: n % 3 === 0 ? 'dev' : 'prod', team: 'a', tier: n } } }),
  },
  {
    name: 'all of 10 numbers',
    expression: 'context.amounts.all(a, a < 1000.0)',
    structured: { 'context.amounts': { all_match: { item: { lt: 1000 } } } },
    request: (n) => ({ context: { amounts: Array.from({ length: 10 }, (_, i) => i * n) } }),
  },
  {
    name: 'all of 100 numbers',
    expression: 'context.amounts.all(a, a < 1000.0)',
    structured: { 'context.amounts': { all_match: { item: { lt: 1000 } } } },
    request: (n) => ({ context: { amounts: Array.from({ length: 100 }, (_, i) => i + n) } }),
  },
  {
    name: 'one of 10 items',
    expression: 'context.items.exists(i, i.price > 100.0 && i.kind == "book")',
    structured: { 'context.items': { any_matches: { 'item.price': { gt: 100 }, 'item.kind': 'book' } } },
    request: (n) => ({ context: { items: items(10, n) } }),
  },
  {
    name: 'one of 100 items',
    expression: 'context.items.exists(i, i.price > 100.0 && i.kind == "book")',
    structured: { 'context.items': { any_matches: { 'item.price': { gt: 100 }, 'item.kind': 'book' } } },
    request: (n) => ({ context: { items: items(100, n) } }),
  },
  {
    name: 'how many of 100 items',
    expression: 'size(context.items.filter(i, i.kind == "book")) < 34',
    request: (n) => ({ context: { items: items(100, n) } }),
  },
  {
    name: 'of 100 items one part each',
    expression: '100.0 in context.items.map(i, i.price)',
    request: (n) => ({ context: { items: items(100, n) } }),
  },
  {
    name: 'each of 20 in another list of 20',
    expression: 'context.tags.all(t, t in subject.tags)',
    structured: { 'context.tags': { is_subset: { ref: 'subject.tags' } } },
    request: (n) => ({
      subject: { tags: Array.from({ length: 20 }, (_, i) => `tag-${i}`) },
      context: { tags: Array.from({ length: 20 }, (_, i) => `tag-${i + (n % 2)}`) },
    }),
  },
  {
    name: 'age of a timestamp',
    expression: 'now - timestamp(resource.created) < duration("720h")',
    unable: ['cel-js'],
    request: (n) => ({
      resource: { created: `2026-${n % 2 === 0 ? '11' : '03'}-${String(1 + (n % 20)).padStart(2, '0')}T10:00:00Z` },
    }),
  },
  {
    name: 'a regular expression',
    expression: 'resource.name.matches("^[a-z]+-[0-9]{4}$")',
    structured: { 'resource.name': { regex: '^[a-z]+-[0-9]{4}$' } },
    unable: ['cel-js'],
    request: (n) => ({ resource: { name: `invoice-${n % 2 === 0 ? 1000 + (n % 9000) : n}x`.slice(0, 12) } }),
  },
]
