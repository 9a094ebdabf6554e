/** Policies that several tests share. */
import type { PolicyDocument } from '../../src/policy/document.ts'

/** Few rules: an image small enough to try every corruption of it. */
export const smallPolicy: PolicyDocument = {
  version: 1,
  roles: { admin: ['editor'] },
  rules: [
    { id: 'edit', allow: ['read', 'doc:*'], on: 'doc', to: { role: 'editor' } },
    { id: 'closed', deny: 'write', when: { 'resource.status': 'archived' } },
  ],
}

/** Every part of the language at least once: an image with something in every section. */
export const everyFeature: PolicyDocument = {
  version: 1,
  tenant: 'acme',
  roles: { admin: ['editor'], editor: ['viewer'], auditor: [] },
  calendars: { closed: ['2026-05-01', '12-24/01-02'] },
  separation: { static: [{ roles: ['admin', 'auditor'] }], dynamic: [{ roles: ['editor', 'auditor'], at_most: 1 }] },
  combine: 'any',
  relations: {
    user: {},
    group: { member: ['user', 'group#member'] },
    doc: {
      parent: ['doc'],
      blocked: ['user'],
      viewer: {
        base: { any: [['user:*', 'user with near', 'group#member'], { from: 'parent', relation: 'viewer' }] },
        except: { all: ['blocked', ['user with near']] },
      },
    },
  },
  relation_depth: 9,
  conditions: { near: { 'context.zone': { in: { ref: 'tuple.zones' } }, 'tuple.level': { gt: 1 } } },
  entities: {
    tuples: [
      'doc:doc-1#viewer@group:eng#member',
      'group:eng#member@user:alice',
      {
        object: 'doc:doc-2',
        relation: 'viewer',
        subject: 'user:bob',
        condition: { name: 'near', context: { zones: ['eu', 'x'] } },
      },
    ],
    subjects: [
      { type: 'user', id: 'alice', roles: ['editor'], properties: { zone: 'eu', tags: ['a', 'b'], level: 3 } },
      { type: 'user', id: 'eve', roles: [{ role: 'admin', on: { type: 'doc', id: 'doc-1' } }, 'auditor-to-be'] },
      {
        type: 'user',
        id: 'bob',
        roles: ['viewer', { role: 'editor', on: 'doc' }],
        properties: { profile: { grade: 7 } },
      },
    ],
    resources: [{ type: 'doc', id: 'doc-1', properties: { status: 'open', items: [{ price: 1 }, { price: 20 }] } }],
  },
  rules: [
    { id: 'read', allow: ['doc:read', 'doc:l*st'], on: 'doc', to: { role: 'viewer' }, because: 'viewers read' },
    { id: 'own', allow: 'doc:write', on: { type: 'doc', id: ['doc-?', 'doc-[a-z]*'] }, to: { type: 'user', id: 'a*' } },
    {
      id: 'zone',
      deny: 'doc:*',
      when: { 'subject.zone': { neq: { ref: 'resource.zone' }, otherwise: false } },
      obligations: [{ id: 'log', level: 3 }],
    },
    {
      id: 'network',
      allow: 'ssh',
      when: { 'context.ip': { ip_in_cidr: ['10.0.0.0/8', '2001:db8::/32'] }, 'context.amount': { gt: 1, lte: 99.5 } },
    },
    { id: 'version', allow: 'deploy', when: { 'resource.version': { semver_gte: '1.2.0', semver_lt: '2.0.0-rc.1' } } },
    {
      id: 'named',
      allow: 'call',
      when: { 'context.name': { regex: '^(a|b)+\\w{2,4}$', starts_with: 'a', ends_with: 'b' } },
    },
    {
      id: 'items',
      review: 'buy',
      when: {
        any: [
          { 'context.items': { any_matches: { 'item.price': { gt: 5 } } } },
          { 'subject.tags': { contains_any: ['x', 'b'] } },
          { not: { 'subject.tags': { is_subset: { ref: 'context.allowed' } } } },
        ],
      },
      advice: [{ id: 'notify' }],
    },
    {
      id: 'hours',
      allow: 'doc:read',
      when: {
        'resource.created': { within: { duration: 'P1Y2M', zone: 'Europe/Berlin' }, before: { ref: 'now' } },
        'resource.expires': { after: '2026-01-01T00:00:00Z', older_than: 'PT1H' },
      },
      during: [
        { days: ['mon-fri'], hours: ['09:00-17:00', '22:00-06:00'], zone: 'Asia/Kolkata', except: ['closed', '12-31'] },
        { from: '2026-01-01T00:00:00Z', for: 'P1M', dates: ['2026-01-05/2026-01-09', '02-29'] },
      ],
    },
    { id: 'viewers', allow: 'view', on: 'doc', to: { relation: 'viewer' } },
    {
      id: 'approved',
      allow: 'publish',
      when: {
        related: {
          relation: 'viewer',
          subject: { type: 'group', id: { ref: 'context.team' }, relation: 'member' },
          object: 'context.draft',
        },
      },
    },
    {
      id: 'expression',
      deny: 'buy',
      when: 'context.items.exists(i, i.price * 2.0 > 15.0) && resource.?limit.orValue({}) == {}',
      unless: { cel: 'size(context.name) == 3 || subject.tags.map(t, t + "x").join(",").matches("^a")' },
    },
    { id: 'time', deny: '*', when: { now: { gt: '2040-01-01T00:00:00Z', otherwise: false } } },
  ],
  sets: {
    limits: {
      algorithm: 'priority',
      rules: [
        { id: 'big', deny: 'buy', when: { 'context.amount': { gt: 1000, otherwise: true } }, priority: 5 },
        { id: 'any', allow: '*', priority: -1 },
      ],
    },
    special: {
      algorithm: 'most-specific',
      rules: [
        { id: 'special-1', allow: '*', on: { type: 'doc', id: 'doc-1' } },
        { id: 'special-2', deny: 'doc:*', on: 'doc' },
      ],
    },
  },
  routes: [
    { actions: ['buy', 'pay:*'], sets: ['default', 'limits'] },
    { actions: 'special:*', sets: ['special'] },
    { actions: '*', sets: ['default'] },
  ],
}

/** Chains, trust, marks and folding, each at least once. */
export const actorPolicy: PolicyDocument = {
  version: 1,
  chain: { max_depth: 3 },
  trust: { scale: 1000, decay: { half_life: 'P7D' }, floor: 100 },
  entities: { subjects: [{ type: 'user', id: 'alice', properties: { trust_score: 900, name: 'Alice' } }] },
  rules: [
    {
      id: 'chain',
      allow: 'read',
      chain: {
        root: { type: 'user', level: { gte: 1 } },
        none: { id: 'mallory' },
        trust: { min: 500, over: 'minimum', trusted: true },
      },
    },
    { id: 'product', review: 'doc:read', when: { trust: { min: 10, max: 900, over: 'product' } } },
    { id: 'root', deny: 'write', when: { trust: { max: 400, over: 'root', otherwise: true } } },
    {
      id: 'case',
      deny: '*',
      when: {
        'subject.name': { eq: { ref: 'chain.root.name' }, ignore_case: true, trusted: true, otherwise: false },
        'state.task.tags': { contains: 'A', ignore_case: true },
      },
    },
  ],
}
