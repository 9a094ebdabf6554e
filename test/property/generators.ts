/** Random valid policy documents, and requests that meet them often. */
import fc from 'fast-check'
import type { AccessRequest, RequestState, Subject } from '../../src/engine/types.ts'
import type {
  ChainSettings,
  CombiningAlgorithm,
  ConditionSource,
  Entity,
  Obligation,
  PolicyDocument,
  Rule,
  TrustSettings,
} from '../../src/policy/document.ts'
import { chain, condition } from './conditions.ts'
import { compact, isEmpty, maybe } from './optional.ts'
import { patterns } from './patterns.ts'
import { OBJECTS, RELATIONS, relatedCondition, relationParts, SUBJECTS } from './relations.ts'
import { badRoles, goodRoles, heldRoles, roles, separationOf, separations, state } from './roles.ts'
import { calendars, during, instant } from './times.ts'
import {
  ACTIONS,
  ATTRIBUTES,
  type Flavour,
  hostAttribute,
  invalid,
  MARKS,
  mapOf,
  plainAttribute,
  RESOURCE_IDS,
  RESOURCE_TYPES,
  ROLES,
  SUBJECT_IDS,
  SUBJECT_TYPES,
  scalar,
  someOf,
  TENANT,
  word,
} from './vocabulary.ts'

/** A request together with the time it is decided at. */
export interface Asked {
  readonly request: AccessRequest
  readonly now: number | undefined
  /** What the host marks. */
  readonly untrusted: readonly string[] | undefined
}

const algorithm = fc.constantFrom<CombiningAlgorithm>(
  'deny-overrides',
  'allow-overrides',
  'priority',
  'first-applicable',
  'most-specific',
)

/** No -0: images keep obligations as JSON text, which writes it as 0. */
const level = scalar.map((value) => (Object.is(value, -0) ? 0 : value))

const obligations: fc.Arbitrary<readonly Obligation[]> = fc.array(
  fc
    .tuple(fc.constantFrom('log', 'mask'), fc.option(level))
    .map(([id, level]) => ({ id, ...(level === null ? {} : { level }) })),
  { maxLength: 2 },
)

const to = fc
  .record({
    role: maybe(
      fc.oneof(fc.constantFrom(...ROLES), fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 2 })),
      3,
    ),
    type: maybe(patterns(SUBJECT_TYPES)),
    id: maybe(patterns(SUBJECT_IDS)),
  })
  .map(compact)

const on = fc.oneof(
  patterns(RESOURCE_TYPES),
  fc.record({ type: maybe(patterns(RESOURCE_TYPES), 2), id: maybe(patterns(RESOURCE_IDS), 2) }).map(compact),
)

/** A rule without its id. */
const rule = fc
  .record({
    effect: fc.constantFrom('allow', 'allow', 'allow', 'deny', 'review'),
    actions: fc.oneof({ arbitrary: patterns(ACTIONS), weight: 2 }, { arbitrary: fc.constant('*'), weight: 1 }),
    on: maybe(on),
    to: maybe(to),
    when: maybe(condition(2), 1),
    unless: maybe(condition(1), 1),
    during: fc.oneof({ arbitrary: fc.constant(undefined), weight: 6 }, { arbitrary: during, weight: 1 }),
    unlessOdds: fc.nat({ max: 2 }),
    chain: fc.option(chain, { nil: undefined, freq: 2 }),
    chainOdds: fc.nat({ max: 3 }),
    priority: maybe(fc.constantFrom(-2147483648, -1, 0, 1, 2, 2147483647)),
    because: maybe(fc.constantFrom('first', 'second', 'a \u{1f600} reason')),
    obligations: maybe(obligations),
    advice: maybe(obligations),
  })
  .map(({ effect, actions, unlessOdds, unless, chain, chainOdds, ...rest }): Omit<Rule, 'id'> => {
    const targets = compact({ on: isEmpty(rest.on) ? undefined : rest.on, to: isEmpty(rest.to) ? undefined : rest.to })
    const { on: _on, to: _to, ...others } = rest
    const sometimes = {
      unless: unlessOdds === 0 ? unless : undefined,
      chain: chainOdds === 0 ? chain : undefined,
    }
    return { [effect]: actions, ...targets, ...compact({ ...others, ...sometimes }) }
  })

const rules = (maxLength: number) =>
  fc.oneof(
    { arbitrary: fc.array(rule, { minLength: 1, maxLength, size: 'max' }), weight: 20 },
    { arbitrary: fc.array(rule, { minLength: 4 * maxLength, maxLength: 5 * maxLength, size: 'max' }), weight: 1 },
    { arbitrary: fc.constant([]), weight: 1 },
  )

function properties(attributes: Readonly<Record<string, Flavour>>, value: (flavour: Flavour) => fc.Arbitrary<unknown>) {
  return someOf(mapOf(Object.entries(attributes).map(([key, flavour]) => [key, value(flavour)])))
}

function entities(kind: 'subject' | 'resource'): fc.Arbitrary<readonly Entity[]> {
  const isSubject = kind === 'subject'
  const entity = fc
    .record({
      type: fc.constantFrom(...(isSubject ? SUBJECT_TYPES : RESOURCE_TYPES)),
      id: fc.constantFrom(...(isSubject ? SUBJECT_IDS : RESOURCE_IDS)),
      roles: isSubject ? maybe(heldRoles, 3) : fc.constant(undefined),
      properties: maybe(properties(ATTRIBUTES[kind], plainAttribute), 4),
    })
    .map((one) => compact(one) as Entity)
  return fc.uniqueArray(entity, { maxLength: 6, selector: (one) => `${one.type} ${one.id}` })
}

type UnnamedSet = { readonly algorithm: CombiningAlgorithm | undefined; readonly rules: readonly Omit<Rule, 'id'>[] }

const sets: fc.Arbitrary<readonly UnnamedSet[]> = fc.oneof(
  { arbitrary: fc.constant<UnnamedSet[]>([]), weight: 15 },
  {
    arbitrary: fc.array(fc.record({ algorithm: maybe(algorithm, 3), rules: rules(5) }), { minLength: 1, maxLength: 3 }),
    weight: 10,
  },
  // More sets than there are bits in a word.
  {
    arbitrary: fc.array(fc.record({ algorithm: maybe(algorithm, 3), rules: rules(1) }), {
      minLength: 31,
      maxLength: 40,
    }),
    weight: 1,
  },
)

const trustSettings: fc.Arbitrary<Omit<TrustSettings, 'scale'>> = fc.oneof(
  fc.constant({}),
  fc
    .record({
      decay: fc.constantFrom<NonNullable<TrustSettings['decay']>>(
        { half_life: 'PT12H' },
        { half_life: 'P7D' },
        { per: 'P1D', lose: 0.25 },
        { per: 'PT1H30M', lose: 0.1 },
      ),
      floor: maybe(fc.constantFrom(0, 0.1, 0.5)),
    })
    .map((one) => compact(one) as Omit<TrustSettings, 'scale'>),
)

const chainSettings = fc
  .record({ max_depth: maybe(fc.constantFrom(0, 1, 2, 3), 1), repeats: maybe(fc.boolean()) })
  .map((one) => compact(one) as ChainSettings)

/** What is written on a scale of 1, brought to another one: bounds of trust, losses, floors. */
function scaled<T>(value: T, scale: number): T {
  if (Array.isArray(value)) return value.map((one) => scaled(one, scale)) as T
  if (typeof value !== 'object' || value === null) return value
  return mapOf(
    Object.entries(value).map(([key, part]) => [
      key,
      key === 'trust' ? scaledScores(part, scale) : scaled(part, scale),
    ]),
  ) as T
}

function scaledScores(value: unknown, scale: number): unknown {
  if (typeof value === 'number') return value * scale
  if (typeof value !== 'object' || value === null) return value
  return mapOf(Object.entries(value).map(([key, part]) => [key, scaledScores(part, scale)]))
}

/** How a rule asks for a relation: not at all, as a target, in its condition or in its exception. */
interface Asking {
  readonly where: 'nowhere' | 'to' | 'when' | 'unless' | 'not'
  readonly relation: string
  readonly condition: ConditionSource
}

const asking: fc.Arbitrary<Asking> = fc.record({
  where: fc.constantFrom('nowhere', 'nowhere', 'to', 'to', 'when', 'unless', 'not'),
  relation: fc.constantFrom(...RELATIONS),
  condition: relatedCondition,
})

function withRelation(rule: Omit<Rule, 'id'>, { where, relation, condition }: Asking): Omit<Rule, 'id'> {
  if (where === 'to' && isKnown(rule.on, OBJECTS) && isKnown(rule.to?.type, SUBJECTS)) {
    return { ...rule, to: { ...rule.to, relation } }
  }
  if (where === 'when') return { ...rule, when: rule.when === undefined ? condition : { any: [condition, rule.when] } }
  if (where === 'not') return { ...rule, when: { not: condition } }
  return where === 'unless' ? { ...rule, unless: condition } : rule
}

/** Exact types that a model does not have are mistakes. */
function isKnown(patterns: unknown, known: readonly string[]): boolean {
  return patterns === undefined || (typeof patterns === 'string' && known.includes(patterns))
}

/** A valid document, with any of the features that the reference page knows. */
export const policyDocument: fc.Arbitrary<PolicyDocument> = fc
  .record({
    roles,
    calendars,
    staticSeparations: maybe(separations, 1),
    dynamicSeparations: maybe(separations, 1),
    separationOdds: fc.nat({ max: 5 }),
    actions: maybe(fc.constant(ACTIONS)),
    subjects: maybe(entities('subject'), 2),
    resources: maybe(entities('resource'), 2),
    algorithm: maybe(algorithm, 3),
    top: maybe(rules(12), 14),
    sets,
    combine: maybe(fc.constantFrom('any' as const, 'all' as const), 2),
    secrets: maybe(
      fc.subarray(['subject.zone', 'subject.profile.zone', 'context.items', 'subject.roles'], { minLength: 1 }),
    ),
    relations: maybe(relationParts),
    asking: fc.array(asking, { minLength: 8, maxLength: 8 }),
    routes: maybe(fc.array(fc.tuple(patterns(ACTIONS), fc.nat({ max: 15 })), { minLength: 1, maxLength: 2 })),
    trust: trustSettings,
    scale: fc.constantFrom(1 as const, 1000 as const),
    chain: maybe(chainSettings, 1),
  })
  .map(
    ({
      roles,
      calendars,
      actions,
      subjects,
      resources,
      algorithm,
      top,
      sets: given,
      combine,
      routes,
      trust,
      scale,
      chain,
      secrets,
      relations,
      asking,
      ...separate
    }): PolicyDocument => {
      const wanted =
        separate.separationOdds > 1
          ? {}
          : compact({ static: separate.staticSeparations, dynamic: separate.dynamicSeparations })
      let count = 0
      const named = (some: readonly Omit<Rule, 'id'>[]): Rule[] =>
        some.map((one) => {
          const asks = relations === undefined ? undefined : asking[count % asking.length]
          return { id: `r${count++}`, ...scaled(asks === undefined ? one : withRelation(one, asks), scale) }
        })
      const numbered = top && named(top)
      const namedSets = given.map(
        (set, index) => [`set-${index}`, { ...compact(set), rules: named(set.rules) }] as const,
      )
      const names = [...(top ? ['default'] : []), ...namedSets.map(([name]) => name)]
      const routed =
        names.length < 2
          ? undefined
          : routes?.map(([patterns, bits]) => ({ actions: patterns, sets: chosen(names, bits) }))
      return {
        version: 1,
        tenant: TENANT,
        ...compact({
          roles,
          calendars,
          separation: separationOf({ version: 1, roles, ...compact({ entities: subjects && { subjects } }) }, wanted),
          actions,
          ...(relations &&
            compact({
              relations: relations.relations,
              relation_depth: relations.relation_depth,
              conditions: relations.conditions,
            })),
          entities:
            subjects || resources || relations
              ? compact({ subjects, resources, tuples: relations?.tuples })
              : undefined,
          algorithm: top && algorithm,
          rules: numbered,
          sets: namedSets.length > 0 ? Object.fromEntries(namedSets) : undefined,
          combine,
          routes: routed,
          chain,
          secrets,
        }),
        // Always, as some rule may ask for trust.
        trust: { ...(scaledScores(trust, scale) as typeof trust), scale },
      }
    },
  )

/** At least one of the names, by the bits of a number. */
function chosen(names: readonly string[], bits: number): readonly string[] {
  const some = names.filter((_, index) => (bits >> (index % 4)) & 1)
  return some.length > 0 ? some : names.slice(0, 1)
}

/** The properties of one part of the request, sometimes absent, sometimes with more on its prototype. */
function part(attributes: Readonly<Record<string, Flavour>>): fc.Arbitrary<Record<string, unknown> | undefined> {
  const own = properties(attributes, hostAttribute)
  const inherited = fc
    .tuple(own, own)
    .map(([some, others]): Record<string, unknown> => Object.create(others, Object.getOwnPropertyDescriptors(some)))
  return fc.oneof(
    { arbitrary: own, weight: 20 },
    { arbitrary: inherited, weight: 1 },
    { arbitrary: fc.constant(undefined), weight: 2 },
  )
}

const subjectProperties = fc
  .tuple(
    part(ATTRIBUTES.subject),
    fc.oneof({ arbitrary: maybe(goodRoles, 1), weight: 60 }, { arbitrary: badRoles, weight: 1 }),
  )
  .map(([own, held]) => (held === undefined ? own : { ...own, roles: held }))

const delegator = fc
  .record({
    type: fc.constantFrom(...SUBJECT_TYPES),
    id: fc.constantFrom(...SUBJECT_IDS),
    properties: part(ATTRIBUTES.subject),
  })
  .map((one): Subject => compact(one) as Subject)

/** What a chain must not be. */
const notAnActor = fc.constantFrom<unknown>(
  null,
  'alice',
  [],
  { type: 'user' },
  { type: 'user', id: 5 },
  { type: 'user', id: 'bob', properties: [] },
  { type: 'user', id: 'bob', on_behalf_of: null },
  { type: 'user', id: 'bob', delegation_chain: [] },
)

/** The keys of the subject that name its delegators: mostly none, or one good chain. */
const delegation: fc.Arbitrary<Pick<Subject, 'on_behalf_of' | 'delegation_chain'>> = fc
  .record({
    actors: fc.array(fc.oneof({ arbitrary: delegator, weight: 60 }, { arbitrary: notAnActor, weight: 1 }), {
      maxLength: 3,
    }),
    more: fc.nat({ max: 40 }),
    form: fc.constantFrom('none', 'none', 'nested', 'nested', 'list'),
    both: fc.nat({ max: 60 }),
  })
  .map(({ actors: few, more, form, both }) => {
    // Now and then deeper than any document permits.
    const actors = (more === 0 ? [...few, ...few, ...few] : few) as readonly Subject[]
    const nested = actors.reduceRight<Subject | undefined>(
      (inner, actor) => (inner === undefined || typeof actor !== 'object' ? actor : { ...actor, on_behalf_of: inner }),
      undefined,
    )
    const list = [...actors].reverse()
    const nests = form === 'nested' && nested !== undefined
    return {
      ...(nests && { on_behalf_of: nested }),
      ...((form === 'list' || (nests && both === 0)) && { delegation_chain: list }),
    }
  })

/** A request, most of whose words are the policies' own. */
export const asked: fc.Arbitrary<Asked> = fc
  .record({
    subjectType: fc.constantFrom(...SUBJECT_TYPES),
    subjectId: fc.oneof({ arbitrary: fc.constantFrom(...SUBJECT_IDS), weight: 9 }, { arbitrary: word, weight: 1 }),
    subject: subjectProperties,
    name: fc.constantFrom(...ACTIONS),
    action: part(ATTRIBUTES.action),
    resourceType: fc.constantFrom(...RESOURCE_TYPES, 'unheard:of'),
    resourceId: fc.oneof({ arbitrary: fc.constantFrom(...RESOURCE_IDS), weight: 9 }, { arbitrary: word, weight: 1 }),
    resource: part(ATTRIBUTES.resource),
    context: part(ATTRIBUTES.context),
    hosts: part(ATTRIBUTES.state),
    state,
    delegation,
    untrusted: maybe(fc.subarray([...MARKS], { maxLength: 3 }), 1),
    extra: fc.oneof({ arbitrary: fc.constant(undefined), weight: 30 }, { arbitrary: invalid, weight: 1 }),
    tenant: fc.oneof(
      { arbitrary: fc.constantFrom(undefined, TENANT), weight: 40 },
      { arbitrary: fc.constant('other'), weight: 1 },
    ),
    now: fc.oneof({ arbitrary: instant, weight: 8 }, { arbitrary: fc.constant(undefined), weight: 1 }),
  })
  .map(({ now, untrusted, ...one }) => {
    const withProperties = (own: Record<string, unknown> | undefined) => (own === undefined ? {} : { properties: own })
    const given = one.state as object | null | undefined
    const isPlain = given !== null && given !== undefined && Object.getPrototypeOf(given) === Object.prototype
    const hosts = isPlain ? { ...one.hosts, ...given } : given === undefined ? one.hosts : given
    const context = one.extra === undefined ? one.context : { ...one.context, nobody: one.extra }
    const request: AccessRequest = {
      subject: {
        type: one.subjectType,
        id: one.subjectId || 'alice',
        ...withProperties(one.subject),
        ...one.delegation,
      },
      action: { name: one.name, ...withProperties(one.action) },
      resource: { type: one.resourceType, id: one.resourceId || 'r1', ...withProperties(one.resource) },
      ...(context === undefined ? {} : { context }),
      ...(one.tenant === undefined ? {} : { tenant: one.tenant }),
      ...(hosts === undefined ? {} : { state: hosts as RequestState }),
    }
    return { request, now, untrusted }
  })
