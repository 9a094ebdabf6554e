/** The requests that scripts/record-runtime-cases.ts records decisions of: policies → requests. */
import type { AccessRequest, Session } from '../../src/engine/types.ts'
import type { HeldRole } from '../../src/policy/document.ts'

export interface RecordedRequest {
  readonly request: AccessRequest
  /** Milliseconds since the epoch. */
  readonly now?: number
  /** What the host marks. */
  readonly untrusted?: readonly string[]
}

type Values = Readonly<Record<string, unknown>>

const user = { type: 'user', id: 'alice' }
const record = { type: 'record', id: 'r1' }
const deep = [[[[[[[[[1]]]]]]]]]

/** Operator rule → values of `context.a`. A rule's action has its id, which is the rule. */
const operands: Readonly<Record<string, readonly unknown[]>> = {
  scalar: ['open', 'Open', '', 5, null, ['open'], { open: true }, '\ud800'],
  eq: [5, 5.000_000_000_000_001, '5', true, null, -5],
  'eq-null': [null, 0, false, ''],
  'eq-list': [[1, [true, 'x'], null], [1, ['x', true], null], [1], [], 'x', [1, [true, 'x'], {}], [[[[1]]]]],
  neq: ['café', 'cafe\u0301', 'cafe', 1, '\udc00x'],
  in: [1, 'two', true, null, '1', 2, {}, []],
  'not-in': [1, 'two', 3, {}],
  gt: [101, 100, 1e308, '101', null, -0],
  'gte-lt': [0.5, 0.499_999_999_999_999_9, 1e21, 9_007_199_254_740_990, 'x'],
  'lte-text': ['mañana', 'man', 'manz', 'mañana 2', '', '\u{1f600}', 1],
  exists: [null, 0, '', [], '\ud83d'],
  'not-exists': [null, 'x', '\ud83d'],
  contains: ['xaby', 'ab', 'ba', '', ['ab'], ['a', 'b'], [], 5, [[['ab']]]],
  'not-contains': [[7], [8, '7'], [], 'text', { a: 7 }],
  'contains-any': [['x'], [2, 3], ['y'], [], 'x', [{}]],
  'contains-all': [['x', 2, 'z'], ['x'], [], 'x2'],
  'is-subset': [['x', 'y'], ['x', 'x', 2], [], ['x', 'z'], 'x'],
  'starts-with': ['日本語', '日', '日本', '本日', 7],
  'ends-with': ['a.pdf', '.pdf', 'pdf', 'a.PDF', ['.pdf']],
  glob: ['reports/2026/a.pdf', 'papers/2005/x/y.pXf', 'reports/2003/a.pdf', 'reports/2026/a.pf', 'x', 5],
  regex: ['ab-12', 'abcd-none', 'abcde-1', 'a-1', 'ab-', 'AB-12', null],
  'regex-loose': ['my secret api key', 'geheimKey', 'geheim Key', 'key secret', 'secretsecret\u{1f511}Key'],
  'regex-flags': ['DROP table', 'x\nStraẞe  1', 'drop K', 'x drop table', 'drop \u212a', 'Drop é', 'drop a\r', 5],
  'regex-large': [`xa${'ab'.repeat(8)}c`, `b${'ab'.repeat(8)}c`, `a${'b'.repeat(16)}cc`, `aa${'b'.repeat(16)}c-`, null],
  'not-regex': ['plain', 'naïve', '', '\u{1f600}', 1],
  cidr: ['10.21.3.4', '10.24.0.0', '10.20.0.0', '::ffff:10.23.255.255', '2001:db8::1', '10.20.0', '010.20.0.1', 10],
  cidrs: ['192.168.1.77', '192.168.2.1', '2001:db8:7fff::1', '2001:DB8:8000::', '::ffff:192.168.1.1', '1::2::3'],
  'semver-eq': ['1.2.3', '1.2.3+build.5', '1.2.3-0', 'v1.2.3', '1.2', 1.2],
  'semver-gt': ['1.0.0-rc.10', '1.0.0-rc.2', '1.0.0', '1.0.0-rc.1.1', '0.99.99', '1.0.0-alpha'],
  'semver-gte-lt': ['1.4.0', '1.99.0', '2.0.0', '2.0.0-rc.1', '1.4.0-0', 'latest'],
  'semver-lte': ['3.0.0', '3.0.0-zeta', '3.0.1', '99999999999999999999.0.0', '03.0.0'],
  'any-matches': [[{ n: 1 }, { n: 5 }], [{ n: 1 }], [], [{}, { n: 1 }], [{}, { n: 5 }], 'x'],
  'all-match': [['ok', 'okay'], ['ok', 'no'], [], ['ok', 5], [5, 'no'], {}],
  'none-match': [[{ kind: 'good' }], [{ kind: 'bad' }], [], [1], null],
  otherwise: [4, 3, '4', null],
  'ignore-case': ['OPEN', 'été', 'e\u0301te\u0301', 5, null],
  trusted: ['open', 'shut'],
}

/** Requests to operator rules that read more than `context.a`. */
const otherOperands: readonly RecordedRequest[] = [
  ...Object.keys(operands).map((action) => decide(action, {})),
  { request: { ...decide('eq-ref').request, ...zones('eu', 'eu') } },
  { request: { ...decide('eq-ref').request, ...zones('eu', 'us') } },
  { request: { ...decide('eq-ref').request, ...zones(['eu', 1], ['eu', 1]) } },
  { request: { ...decide('eq-ref').request, ...zones(deep, deep) } },
  { request: { ...decide('eq-ref').request, ...zones(deep[0], deep[0]) } },
  decide('in-ref', { a: 2, b: [1, 2] }),
  decide('in-ref', { a: 3, b: [1, '3'] }),
  decide('in-ref', { a: 2, b: 'x2' }),
  decide('gt-ref', { a: 2, b: 1 }),
  decide('gt-ref', { a: 'b', b: 'a' }),
  decide('gt-ref', { a: 2, b: '1' }),
  decide('now', {}, Date.UTC(2026, 0, 1)),
  decide('now', {}, Date.UTC(2026, 11, 31, 23)),
  decide('now', {}, Date.UTC(2025, 11, 31, 23, 59, 59, 999)),
  decide('now'),
  decide('path', { list: [0, { 'a.b': { c: 'deep' } }] }),
  decide('path', { list: [{ 'a.b': { c: 'deep' } }] }),
  decide('path', { list: { 1: { 'a.b': { c: 'deep' } } } }),
  decide('nested', { a: 1 }),
  decide('nested', { a: 2, b: 2, c: 3 }),
  decide('nested', { a: 2, b: 3 }),
  decide('nested', { a: 2, b: 2 }),
  decide('unless', { a: 1, b: 2 }),
  decide('unless', { a: 1, b: 1 }),
  decide('unless', { a: 1 }),
  decide('unless', { a: 2 }),
  decide('unknown', { a: 1 }),
]

const relations: readonly RecordedRequest[] = ['ann', 'bob', 'cyd', 'zoë', 'eve'].flatMap((id) => [
  ...['1', '2', 'größe', 'none'].map((doc) => ask({ type: 'user', id }, 'read', { type: 'document', id: doc })),
  ...['eu', 'us', 7].map((region) => ({
    request: { ...ask({ type: 'user', id }, 'edit', { type: 'document', id: '2' }).request, context: { region } },
  })),
  ...[
    { level: 2, at: '2026-01-01T01:29:59Z' },
    { level: '1', at: '2026-01-01T01:30:00Z' },
    { level: '1', at: '2025-12-31T00:00:00Z' },
    { level: 3, at: '2025-12-31T00:00:00Z' },
    { level: 1.5, at: '2025-12-31T00:00:00Z' },
    { level: 1, at: 'soon' },
  ].map((context) => ({
    request: { ...ask({ type: 'user', id }, 'edit', { type: 'document', id: '2' }).request, context },
  })),
  ask({ type: 'user', id }, 'join', { type: 'group', id: 'eng' }),
  { request: { ...ask({ type: 'user', id }, 'share', record).request, context: { doc: 'document:1', team: 'eng' } } },
  { request: { ...ask({ type: 'user', id }, 'share', record).request, context: { doc: 'document', team: 'none' } } },
])

const viewer = { type: 'user', id: 'vic', properties: { roles: 'viewer' } }
const dana = { type: 'user', id: 'dana' }
const zoe = { type: 'user', id: 'zoë' }
const bot = { type: 'agent', id: 'bot-9' }
const q3 = { type: 'report', id: 'q3' }

const targets: readonly RecordedRequest[] = [
  ask(viewer, 'view', q3),
  ask(viewer, 'view', { type: 'document', id: 'd' }),
  ask(viewer, 'view', { type: 'dossier', id: 'd' }),
  ask(viewer, 'edit', q3),
  ask(dana, 'view', q3),
  ask(dana, 'edit', q3),
  ask({ ...dana, properties: { department: 'legal' } }, 'edit', q3),
  ask({ ...dana, properties: { roles: [] } }, 'edit', q3),
  ask(dana, 'edit', { type: 'report', id: 'q4' }),
  ask(dana, 'draft:title', { type: 'report', id: 'q4' }),
  ask(dana, 'draft', { type: 'report', id: 'q4' }),
  ask(zoe, 'edit', q3),
  ask(zoe, 'rotate', { type: 'log-a1', id: '2026-07' }),
  ask(zoe, 'rotate', { type: 'log-a\u{1f600}', id: '2025-' }),
  ask(zoe, 'rotate', { type: 'log-g1', id: '2026-07' }),
  ask(zoe, 'rotate', { type: 'log-a12', id: '2026-07' }),
  ask(zoe, 'rotate', { type: 'log-a1', id: '2024-07' }),
  ask({ type: 'user', id: 'zoe\u0308' }, 'export', q3),
  ask(zoe, 'export', q3),
  ask(dana, 'export', { ...q3, properties: { labels: ['secret'] } }),
  ask(dana, 'export', { ...q3, properties: { labels: 'top secret' } }),
  ask(dana, 'export', { ...q3, properties: { labels: 7 } }),
  ask(dana, 'export', { type: 'report', id: 'q4' }),
  ask(bot, 'view', q3),
  ask({ ...bot, properties: { roles: ['viewer', 'unheard-of'] } }, 'view', q3),
  ask({ type: 'agent', id: 'robot-9' }, 'view', q3),
  ask({ type: '__proto__', id: 'constructor' }, 'toString', { type: 'hasOwnProperty', id: '__proto__' }),
  ask({ type: '', id: '' }, '', { type: '', id: '' }),
  { request: { ...ask(dana, 'view', q3).request, tenant: 'acme' } },
  { request: { ...ask(dana, 'view', q3).request, tenant: 'other' } },
]

const ann = {
  type: 'user',
  id: 'ann',
  properties: { zone: 'eu', trust_score: 1, trust_updated_at: Date.UTC(2026, 0, 1) },
}
const planner = {
  type: 'agent',
  id: 'planner',
  properties: { zone: 'us', trust_score: 0.8, trust_updated_at: '2026-01-07T12:00:00+02:00' },
}
const worker = {
  type: 'service',
  id: 'worker',
  properties: { zone: 'us', trust_score: 0.7, trust_updated_at: Date.UTC(2026, 0, 8) },
}
const sensor = { type: 'edge_device', id: 'sensor' }
const subjects: readonly AccessRequest['subject'][] = [
  user,
  ann,
  { ...planner, on_behalf_of: ann },
  { ...worker, on_behalf_of: { ...planner, on_behalf_of: ann } },
  { ...worker, delegation_chain: [ann, planner] },
  { ...worker, delegation_chain: [user, sensor, planner] },
  { ...sensor, on_behalf_of: user },
]

const actors: readonly RecordedRequest[] = [
  ...['root', 'ancestors', 'nearest', 'trust', 'product'].flatMap((action) =>
    subjects.map((subject) => ({ ...ask(subject, action, record), now: Date.UTC(2026, 0, 8) })),
  ),
  ask(ann, 'trust', record),
  { ...ask(ann, 'trust', record), now: Date.UTC(2040, 0, 1) },
  { ...ask(ann, 'trust', record), now: Date.UTC(2026, 0, 4, 7, 13) },
  ...[undefined, { task: { level: 2 }, tasks: ['t1'] }, { task: { level: 1 }, tasks: ['t1'] }, { tasks: 't1' }].map(
    (state) => ({ request: { ...ask(ann, 'state', record).request, ...(state && { state }) } }),
  ),
  ...[[], ['subject'], ['subject.zone'], ['chain.root.zone'], ['chain.ancestors[0].zone'], ['context']].map(
    (untrusted) => ({
      ...ask({ ...worker, on_behalf_of: planner }, 'trusted', record),
      untrusted,
    }),
  ),
  { ...ask(user, 'trusted', record), untrusted: ['subject'] },
  ...['Édition.pdf', 'Zebra.pdf', 'straß', 'STRAẞ', 'sςraß', 'ωμέγα', 'ΑΛΦΑ', '\u212aſß', '\ud800.pdf', 7].map((name) =>
    ask(user, 'case', { ...record, properties: { name } }),
  ),
]

const sets: readonly RecordedRequest[] = [
  ...['allow-overrides:x', 'both:x', 'both', 'priority:x'].flatMap((action) => [
    decide(action),
    decide(action, { allow: true, deny: false }),
    decide(action, { deny: true }),
    decide(action, { allow: true, deny: true, review: false }),
    decide(action, { allow: false, deny: false, review: true }),
    decide(action, { allow: false, deny: false }),
    decide(action, { allow: true, deny: false, amount: 11 }),
  ]),
  ask(user, 'first:x', record),
  ask(user, 'first:x', { ...record, properties: { owner: 'alice', closed: true } }),
  ask(user, 'first:x', { ...record, properties: { owner: 'bob', closed: true } }),
  ask(user, 'specific:read', { type: 'record', id: 'x' }),
  ask(user, 'specific:read', { type: 'file', id: 'x' }),
  ask(user, 'specific:read', { type: 'file', id: 'r2' }),
  ask(user, 'specific:read', { type: 'file', id: 'r7' }),
  { request: { ...ask(user, 'specific:read', { type: 'file', id: 'r7' }).request, context: { deny: true } } },
  ask({ type: 'user', id: 'mallory' }, 'specific:read', { type: 'record', id: 'x' }),
  decide('unrouted'),
  ask(bot, 'unrouted', record),
]

/** Rule of time.yaml → the times it is asked at. */
const moments: Readonly<Record<string, readonly (string | undefined)[]>> = {
  window: ['2026-01-01T00:00Z', '2025-12-31T23:59Z', '2026-03-31T21:59Z', '2026-03-31T22:00Z', undefined],
  length: ['2026-03-28T11:00Z', '2026-04-28T11:00Z', '2026-04-28T11:01Z'],
  office: ['2026-07-06T13:00Z', '2026-07-06T12:59Z', '2026-01-05T14:00Z', '2026-01-05T13:59Z', '2026-12-25T15:00Z'],
  night: ['2026-03-27T21:00Z', '2026-03-28T05:30Z', '2026-03-29T03:59Z', '2026-03-29T04:00Z', '2026-10-25T04:59Z'],
  south: ['2026-04-04T14:29Z', '2026-04-04T15:00Z', '2026-04-04T16:00Z', '2026-10-03T15:15Z', '2026-10-03T15:45Z'],
  dates: ['2028-02-28T18:30Z', '2028-02-28T18:29Z', '2026-07-15T18:29Z', '2026-07-15T18:30Z', '2027-12-31T00:00Z'],
  either: ['1999-01-01T00:00Z', '2026-11-22T12:00Z', '2026-11-23T12:00Z', '2100-01-03T12:00Z'],
  when: ['2026-01-01T11:59Z', '2026-01-01T12:00Z', '2031-01-01T12:00Z', '1969-12-31T12:00Z', undefined],
}

const times: readonly RecordedRequest[] = [
  ...Object.entries(moments).flatMap(([action, nows]) =>
    nows.map((now) => decide(action, undefined, now === undefined ? undefined : Date.parse(now))),
  ),
  ...[
    '2025-12-31T23:59:59.999999999Z',
    '2026-01-01T00:30:00+01:00',
    '2026-01-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '2025-01-01',
    1767225599999,
    null,
  ].map((a) => decide('before', { a })),
  decide('after-ref', { a: '2026-01-01T00:00:00.001Z', b: 1767225600000 }),
  decide('after-ref', { a: '2026-01-01T00:00:00Z', b: '2026-01-01T00:00:00+00:01' }),
  decide('after-ref', { a: '2026-01-01T00:00:00Z', b: '2026-01-01T00:00:00-00:01' }),
  ...['2026-02-26T11:59:59.500Z', '2026-02-26T11:59:59.499Z', '2026-03-31T12:00:00Z', '2026-03-31T12:00:01Z'].map((a) =>
    decide('within', { a }, Date.UTC(2026, 2, 31, 12)),
  ),
  decide('within', { a: 0 }),
  // The day before noon of 5 April has 25 hours in Auckland.
  ...['2026-04-03T23:00:00Z', '2026-04-03T22:59:59Z'].map((a) => decide('older', { a }, Date.UTC(2026, 3, 5, 0))),
]

const buyer = { type: 'user', id: 'ann' }
const order = { type: 'order', id: 'b\u00fccher' }
const ledger = { type: 'ledger', id: '2026' }

const roles: readonly RecordedRequest[] = [
  ...['read', 'request', 'approve'].flatMap((action) => [
    ask(buyer, action, order),
    ask(buyer, action, { type: 'order', id: 'other' }),
    ask(buyer, action, ledger),
    inSession(ask(buyer, action, order), { id: 's', roles: ['approver'], expires_at: 1_000 }, 999),
    inSession(ask(buyer, action, order), { roles: ['requester', 'boss'] }),
    inSession(ask(buyer, action, order), { roles: ['boss'], expires_at: 1_000 }, 1_000),
    inSession(ask(buyer, action, order), { roles: ['boss'], expires_at: 1_000 }),
    inSession(ask(buyer, action, order), { roles: ['auditor', 'stranger', '\ud800'] }),
  ]),
  ask(holding('auditor'), 'purge', ledger),
  ask(holding({ role: 'auditor', on: 'ledger' }), 'purge', ledger),
  ask(holding({ role: 'auditor', on: { type: 'ledger', id: '2025' } }), 'purge', ledger),
  ask(holding({ role: 'auditor', on: 'ledger' }, 'boss'), 'purge', ledger),
  ask(holding({ role: 'auditor', on: 'ledger' }, 'boss'), 'read', order),
  ask(holding({ role: 'boss', on: '\ud800' }, 'reader'), 'read', order),
  inSession(ask(holding('boss', 'auditor'), 'read', order), { roles: [] }),
]

const records: readonly RecordedRequest[] = [
  ['alice', 'bob', 'nobody'].flatMap((id) =>
    ['read', 'write', 'delete', 'purge', 'tool:search'].flatMap((action) =>
      ['record-1', 'record-2'].map((resource) => ask({ type: 'user', id }, action, { type: 'record', id: resource })),
    ),
  ),
  ask({ type: 'agent', id: 'helper', properties: { department: 'x' } }, 'tool:search', {
    ...record,
    properties: { department: 'x', status: 'active' },
  }),
  ask({ type: 'agent', id: 'helper', properties: { department: 'x' } }, 'tool:send', {
    ...record,
    properties: { department: 'x', status: 'active', confidential: true },
  }),
].flat()

/** Expression → values of `context.a`; the time is that of the last request of `times`. */
const expressions: Readonly<Record<string, readonly unknown[]>> = {
  compare: [4, 5, 2, -0.5, '4', null, [4]],
  text: ['abc', 'é', 'xab', 5, ''],
  items: [[{ price: 8 }, {}], [{ price: 7 }], [{ price: 7 }, {}], [], 'x', { price: 8 }],
  maps: [{ x: 1, y: ['z'] }, { y: ['z'], x: 1 }, { x: 1 }, 'abc', [1, 2, 3], 3],
  numbers: [4, 1, 7.9, -2, 1e19, '4'],
  times: ['2026-01-01T00:00:00Z', '2025-12-31T22:00:00-01:00', '2025-12-31T22:00:00Z', 'today', 5],
  optional: ['none', 'some', null, 5],
  strings: ['a,b', ' a , b ', 'a', '', ['a', 'b']],
}

/** Policies (see policies/, and `records` for examples/records) → requests to them. */
export const requests: Readonly<Record<string, readonly RecordedRequest[]>> = {
  operators: [
    ...Object.entries(operands).flatMap(([action, values]) => values.map((a) => decide(action, { a }))),
    ...otherOperands,
  ],
  cel: [
    ...Object.entries(expressions).flatMap(([action, values]) =>
      values.map((a) => decide(action, { a }, 1767225600000)),
    ),
    ...Object.keys(expressions).map((action) => decide(action, {})),
  ],
  targets,
  sets,
  time: times,
  roles,
  actors,
  relations,
  empty: [decide('read')],
  records,
}

function ask(subject: AccessRequest['subject'], action: string, resource: AccessRequest['resource']): RecordedRequest {
  return { request: { subject, action: { name: action }, resource } }
}

function holding(...roles: HeldRole[]): AccessRequest['subject'] {
  return { type: 'user', id: 'somebody', properties: { roles } }
}

function inSession({ request }: RecordedRequest, session: Session, now?: number): RecordedRequest {
  return { request: { ...request, state: { session } }, ...(now === undefined ? {} : { now }) }
}

function decide(action: string, context?: Values, now?: number): RecordedRequest {
  const { request } = ask(user, action, record)
  return { request: context === undefined ? request : { ...request, context }, ...(now === undefined ? {} : { now }) }
}

function zones(subject: unknown, resource: unknown): Pick<AccessRequest, 'subject' | 'resource'> {
  return {
    subject: { ...user, properties: { zone: subject } },
    resource: { ...record, properties: { zone: resource } },
  }
}
