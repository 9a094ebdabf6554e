import { readFileSync } from 'node:fs'
import { type Schema, Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parsePolicies } from '../../../src/policy/index.ts'
import * as keys from '../../../src/policy/keys.ts'

const schema: Schema & { $defs: Record<string, Schema> } = JSON.parse(
  readFileSync(new URL('../../../policy.schema.json', import.meta.url), 'utf8'),
)
const validator = new Validator(schema, '2020-12')

function accepts(text: string): boolean {
  return validator.validate(parse(text)).valid
}

function parserAccepts(text: string): boolean {
  return parsePolicies(text).diagnostics.every(({ severity }) => severity !== 'error')
}

/** A document with one rule, which has these further parts. */
const rule = (parts: string) => `{ version: 1, rules: [{ id: r, allow: read, ${parts} }] }`
const when = (condition: string) => rule(`when: ${condition}`)

describe('the JSON Schema accepts what the parser accepts', () => {
  it.each([
    'version: 1',
    '{ version: 1, tenant: t, description: "", actions: [read], roles: { a: [b], c: [] }, rules: [] }',
    '{ version: 1, entities: { subjects: [{ type: t, id: i, roles: [a], properties: { x: { y: [1, null] } } }], resources: [{ type: t, id: i }] } }',
    '{ version: 1, entities: { subjects: [{ type: t, id: i, roles: [a, { role: b, on: t }, { role: c, on: { type: t, id: i } }, { role: d, on: { type: t } }] }] } }',
    '{ version: 1, separation: { static: [{ roles: [a, b] }], dynamic: [{ roles: [a, b, c], at_most: 2 }] } }',
    '{ version: 1, algorithm: most-specific, combine: all, sets: { s: { algorithm: priority, description: d, rules: [] } }, routes: [{ actions: "a*", sets: [s] }] }',
    'version: 1\nsecrets: [subject.ssn, "context[\\"x.y\\"]"]',
    rule('on: record, to: { role: a, type: [b], id: "*" }, priority: -2147483648, because: b, description: d'),
    rule(
      'on: { type: [a, b], id: c }, to: { role: [a, b] }, obligations: [{ id: o, x: [1, { y: null }] }], advice: []',
    ),
    when(
      '{ context.a: 1, resource.b: null, \'subject.properties.c["x y"][0]\': true, now: { gt: 2026-01-01T00:00:00Z } }',
    ),
    when('{ all: [{ any: [{ not: { context.a: x } }] }, { context.b: { exists: false } }] }'),
    when('context.a < 5 && resource.b == subject.id'),
    when('{ any: ["context.a == 1", { cel: "has(context.b)" }, { not: "now == now" }] }'),
    when(
      '{ context.a: { eq: [1, [x]], neq: { ref: subject.id }, in: [1], not_in: { ref: context.l }, gt: 1, gte: x, lt: 1, lte: { ref: now } } }',
    ),
    when(
      '{ context.a: { contains: 1, not_contains: x, contains_any: [1], contains_all: [], is_subset: { ref: context.l } } }',
    ),
    when(
      '{ context.a: { starts_with: a, ends_with: { ref: subject.id }, glob: "*x", regex: "^a", not_regex: b, otherwise: true } }',
    ),
    when(
      '{ context.a: { ip_in_cidr: [10.0.0.0/8, "::1"] }, context.b: { semver_gte: 1.0.0-rc.1+b, semver_lt: 2.0.0 } }',
    ),
    when(
      '{ context.a: { any_matches: { item: 1 }, all_match: { any: [{ item.x: { gt: 1 } }, { context.b: 1 }] }, none_match: { "item[0]": { in: [1] } } } }',
    ),
    '{ version: 1, actor_types: [user, agent], chain: { max_depth: 0, repeats: true }, trust: { scale: 1 } }',
    '{ version: 1, trust: { scale: 1000, attribute: a.b, updated: c, decay: { half_life: P1DT2H3M4.5S }, floor: 10 } }',
    '{ version: 1, trust: { scale: 1, decay: { per: P2W, lose: 0.5 } } }',
    '{ version: 1, trust: { scale: 1 }, rules: [{ id: r, allow: a, when: { trust: { min: 0.7, max: 1, over: product, trusted: true, otherwise: false }, context.a: 1 }, chain: { trust: { max: 0.5 } } }] }',
    rule(
      'chain: { root: { type: user, "a.b": 1 }, immediate: { \'["x y"][0]\': { exists: true } }, depth: { lte: 2 }, any: { id: x }, all: { properties.type: { gt: 1 } }, none: { type: { in: [a, b] } } }',
    ),
    when('{ state.session.id: x, chain.depth: 0, chain.root.type: user, "chain.ancestors[0].level": { gt: 1 } }'),
    when('{ chain.ancestors: { any_matches: { item.type: { in: [user] }, item.id: { eq: { ref: subject.id } } } } }'),
    when('{ context.a: { eq: X, ignore_case: true, trusted: false, otherwise: false } }'),
    '{ version: 1, relation_depth: 5, relations: { user: {}, doc: { parent: [doc], viewer: { any: [[user, "user:*", doc#viewer, user with c], { base: { from: parent, relation: viewer }, except: { all: [parent] } }] } } }, conditions: { c: { tuple.a: 1 } }, entities: { tuples: ["doc:1#viewer@user:ann", { object: doc:1, relation: viewer, subject: user:bob, condition: { name: c, context: { a: 1 } } }] }, rules: [{ id: r, allow: read, to: { relation: [viewer] }, when: { related: { relation: viewer, object: context.doc, subject: { type: doc, id: { ref: context.x }, relation: viewer } } } }] }',
    'version: 1\nrules:\n  - id: archived\n    deny: write\n    unless: { subject.größe: { eq: 1 } }',
    '{ version: 1, calendars: { de: [12-25, 2026-06-04, 12-24/01-02], fr: 07-14 }, rules: [] }',
    rule('during: { from: 2026-01-01T00:00:00Z, until: 1790000000000 }'),
    rule('during: [{ from: 2026-01-01t00:00:00.5+01:00, for: P1Y2M3W4DT5H6M7.5S, zone: Asia/Kolkata }, { days: 1 }]'),
    rule(
      'during: { days: [mon-fri, 7, "6-1"], dates: [2026-12-24, 12-31, 2026-07-01/2026-07-15], hours: ["09:00-12:00", "22:00-6:00"], zone: Etc/GMT+1, except: 12-25 }',
    ),
    when('{ any: [{ during: { hours: "00:00-24:00" } }, { not: { during: { days: sat-sun } } }] }'),
    when('{ context.a: { before: 2026-01-01T00:00:00Z, after: { ref: now } }, now: { after: 0 } }'),
    when('{ context.a: { within: "P1,5D", older_than: { duration: P0.5W, zone: Europe/Berlin } } }'),
    when('{ context.a: { any_matches: { during: { except: 01-01 } } } }'),
  ])('%s', (text) => {
    expect(parserAccepts(text)).toBe(true)
    expect(validator.validate(parse(text)).errors).toEqual([])
  })
})

describe('the JSON Schema refuses what the parser refuses', () => {
  it.each([
    '{ rules: [] }',
    '{ version: 2 }',
    '{ version: 1, rulse: [] }',
    '{ version: 1, tenant: "" }',
    '{ version: 1, roles: { a: b } }',
    '{ version: 1, algorithm: first }',
    '{ version: 1, combine: some }',
    '{ version: 1, sets: { default: { rules: [] } } }',
    '{ version: 1, sets: { s: {} } }',
    '{ version: 1, routes: [{ actions: a }] }',
    '{ version: 1, routes: [{ actions: a, sets: [] }] }',
    '{ version: 1, entities: { resources: [{ type: t, id: i, roles: [a] }] } }',
    '{ version: 1, entities: { subjects: [{ type: t, id: i, properties: { roles: [a] } }] } }',
    '{ version: 1, entities: { subjects: [{ type: t, id: i, roles: [{ role: a }] }] } }',
    '{ version: 1, entities: { subjects: [{ type: t, id: i, roles: [{ role: a, on: t, until: 5 }] }] } }',
    '{ version: 1, entities: { subjects: [{ type: t, id: i, roles: [{ role: a, on: { id: i } }] }] } }',
    '{ version: 1, entities: { subjects: [{ type: t, id: i, roles: [{ role: a, on: [t] }] }] } }',
    '{ version: 1, separation: {} }',
    '{ version: 1, separation: { static: [] } }',
    '{ version: 1, separation: { static: [{ roles: [a] }] } }',
    '{ version: 1, separation: { static: [{ roles: [a, b], at_most: 0 }] } }',
    '{ version: 1, separation: { dynamic: [{ at_most: 1 }] } }',
    '{ version: 1, rules: [{ allow: read }] }',
    '{ version: 1, rules: [{ id: "", allow: read }] }',
    '{ version: 1, rules: [{ id: r }] }',
    '{ version: 1, rules: [{ id: r, allow: [] }] }',
    rule('deny: write'),
    '{ version: 1, relations: {} }',
    '{ version: 1, relations: { doc: { viewer: [] } } }',
    '{ version: 1, relations: { doc: { viewer: { any: [] } } } }',
    '{ version: 1, relations: { doc: { viewer: { base: [user] } } } }',
    '{ version: 1, relations: { "a b": {} } }',
    '{ version: 1, relation_depth: 51 }',
    '{ version: 1, conditions: { c: {} } }',
    '{ version: 1, entities: { tuples: [x] } }',
    '{ version: 1, entities: { tuples: [{ object: a:b }] } }',
    when('{ related: {} }'),
    when('{ related: { relation: a, object: { type: b } } }'),
    when('{ related: { relation: a, object: { type: b, id: "*" } } }'),
    rule('permit: x'),
    rule('to: editor'),
    rule('to: {}'),
    rule('to: { role: "a*" }'),
    rule('on: { kind: x }'),
    rule('priority: 1.5'),
    rule('priority: 2147483648'),
    rule('obligations: [{ x: 1 }]'),
    when('{}'),
    when('[]'),
    when('5'),
    when('{ cel: 5 }'),
    when('{ cel: "true", not: { context.a: 1 } }'),
    when('{ context.a: { any_matches: "item == 1" } }'),
    when('{ all: [] }'),
    when('{ all: [{ context.a: 1 }], context.b: 1 }'),
    when('{ user.a: 1 }'),
    when('{ resource: { status: 1 } }'),
    when('{ item.a: 1 }'),
    when('{ context.a: [1] }'),
    when('{ context.a: {} }'),
    when('{ context.a: { otherwise: true } }'),
    when('{ context.a: { equals: 1 } }'),
    when('{ context.a: { eq: { b: 1 } } }'),
    when('{ context.a: { eq: { ref: foo.b } } }'),
    when('{ context.a: { in: 1 } }'),
    when('{ context.a: { in: [{ b: 1 }] } }'),
    when('{ context.a: { gt: true } }'),
    when('{ context.a: { starts_with: 1 } }'),
    when('{ context.a: { exists: 1 } }'),
    when('{ context.a: { ip_in_cidr: here } }'),
    when('{ context.a: { semver_eq: v1.0.0 } }'),
    when('{ context.a: { any_matches: { item: { any_matches: { item: 1 } } } } }'),
    '{ version: 1, calendars: { 1st: [12-25] } }',
    '{ version: 1, calendars: { de: [] } }',
    '{ version: 1, calendars: { de: [christmas] } }',
    rule('during: {}'),
    rule('during: []'),
    rule('during: { zone: UTC }'),
    rule('during: { from: 2026-01-01 }'),
    rule('during: { for: P1D }'),
    rule('during: { from: 0, until: 1, for: P1D }'),
    rule('during: { days: monday }'),
    rule('during: { days: 8 }'),
    rule('during: { days: [] }'),
    rule('during: { hours: 9-17 }'),
    rule('during: { dates: 24.12.2026 }'),
    rule('during: { dates: 2026-12-24/12-31 }'),
    rule('during: { from: 0, for: 1 day }'),
    rule('during: { days: 1, zone: +01:00 }'),
    when('{ during: { days: 1 }, context.a: 1 }'),
    when('{ context.a: { within: 30 } }'),
    when('{ context.a: { within: P } }'),
    when('{ context.a: { within: P1DT } }'),
    when('{ context.a: { older_than: { zone: UTC } } }'),
    when('{ context.a: { before: tomorrow } }'),
    '{ version: 1, chain: { max_depth: -1 } }',
    '{ version: 1, chain: { max_depth: 1.5 } }',
    '{ version: 1, chain: { depth: 1 } }',
    '{ version: 1, actor_types: user }',
    '{ version: 1, trust: {} }',
    '{ version: 1, trust: { scale: 100 } }',
    '{ version: 1, trust: { scale: 1, floor: 0.1 } }',
    '{ version: 1, trust: { scale: 1, decay: { half_life: P1M } } }',
    '{ version: 1, trust: { scale: 1, decay: { per: P1D } } }',
    '{ version: 1, trust: { scale: 1, decay: { half_life: P1D, lose: 0.1 } } }',
    rule('chain: {}'),
    rule('chain: { root: {} }'),
    rule('chain: { root: user }'),
    rule('chain: { some: { type: user } }'),
    rule('chain: { any: { tags: { any_matches: { item: a } } } }'),
    when('{ trust: {} }'),
    when('{ trust: { over: all } }'),
    when('{ trust: { min: -1 } }'),
    when('{ trust: { min: 1, over: some } }'),
    when('{ context.a: { ignore_case: true } }'),
    when('{ context.a: { eq: x, trusted: 1 } }'),
    when('{ context.a: { any_matches: { trust: { min: 1 } } } }'),
  ])('%s', (text) => {
    expect(parserAccepts(text)).toBe(false)
    expect(accepts(text)).toBe(false)
  })
})

describe('the JSON Schema has the keys of the parser', () => {
  const at = (name: string): Schema => {
    const found = name.split('/').reduce<Schema | undefined>((part, key) => part?.[key], schema)
    if (found === undefined) throw new Error(`no ${name} in the schema`)
    return found
  }
  const propertiesAt = (name: string) => Object.keys(at(name).properties ?? {})
  const quantifiers: readonly string[] = ['any_matches', 'all_match', 'none_match']

  it.each<[string, readonly string[]]>([
    ['properties/entities', keys.entitiesKeys],
    ['properties/separation', keys.separationKinds],
    ['$defs/separation', keys.separationKeys],
    ['$defs/heldRole/anyOf/1', keys.heldRoleKeys],
    ['$defs/heldRole/anyOf/1/properties/on/anyOf/1', keys.roleOnKeys],
    ['$defs/subject', keys.subjectKeys],
    ['$defs/resource', keys.resourceKeys],
    ['$defs/set', keys.setKeys],
    ['$defs/route', keys.routeKeys],
    ['properties/chain', keys.chainSettingKeys],
    ['properties/trust', keys.trustSettingKeys],
    ['$defs/rule', keys.ruleKeys],
    ['$defs/approval', keys.approvalKeys],
    ['$defs/approval/properties/escalate', keys.escalateKeys],
    ['$defs/approver/anyOf/1', keys.approverKeys],
    ['$defs/rule/properties/chain', keys.chainKeys],
    ['$defs/trustCondition', keys.trustKeys],
    ['$defs/rule/properties/on/anyOf/1', keys.onKeys],
    ['$defs/rule/properties/to', keys.toKeys],
    ['$defs/period', keys.duringKeys],
    ['$defs/age/anyOf/1', keys.ageKeys],
    ['$defs/related', keys.relatedKeys],
    ['$defs/related/properties/subject/anyOf/1', keys.termKeys],
    ['$defs/tuple/anyOf/1', keys.tupleKeys],
    ['$defs/operators', [...keys.operators, ...keys.modifiers]],
    ['$defs/itemOperators', [...keys.operators.filter((key) => !quantifiers.includes(key)), ...keys.modifiers]],
  ])('%s', (name, expected) => {
    expect(propertiesAt(name).sort()).toEqual([...expected].sort())
  })

  it('document', () => {
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual([...keys.documentKeys].sort())
  })

  it('conditions', () => {
    const combined = (name: string) =>
      (at(name).anyOf ?? []).flatMap((part: Schema) => Object.keys(part.properties ?? {}))
    expect(combined('$defs/condition')).toEqual([...keys.conditionKeys, ...keys.conditionTests])
    // CEL has its own macros over items.
    expect(combined('$defs/itemCondition')).toEqual(keys.conditionKeys.filter((key) => key !== 'cel'))
  })

  it('algorithms, combinations and effects', () => {
    expect(at('$defs/algorithm').enum).toEqual([...keys.algorithms])
    expect(at('properties/combine').enum).toEqual([...keys.combinations])
    expect(at('$defs/rule').oneOf).toEqual(keys.effects.map((effect) => ({ required: [effect] })))
  })
})
