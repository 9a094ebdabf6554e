/** Random valid policy documents, and requests that meet them often. */
import fc from 'fast-check'
import type { AccessRequest, RequestState } from '../../src/engine/types.ts'
import type { CombiningAlgorithm, Entity, Obligation, PolicyDocument, Rule } from '../../src/policy/document.ts'
import { condition } from './conditions.ts'
import { compact, isEmpty, maybe } from './optional.ts'
import { patterns } from './patterns.ts'
import { badRoles, goodRoles, heldRoles, roles, separationOf, separations, state } from './roles.ts'
import { calendars, during, instant } from './times.ts'
import {
  ACTIONS,
  ATTRIBUTES,
  type Flavour,
  hostAttribute,
  invalid,
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
    priority: maybe(fc.constantFrom(-2147483648, -1, 0, 1, 2, 2147483647)),
    because: maybe(fc.constantFrom('first', 'second', 'a \u{1f600} reason')),
    obligations: maybe(obligations),
    advice: maybe(obligations),
  })
  .map(({ effect, actions, unlessOdds, unless, ...rest }): Omit<Rule, 'id'> => {
    const targets = compact({ on: isEmpty(rest.on) ? undefined : rest.on, to: isEmpty(rest.to) ? undefined : rest.to })
    const { on: _on, to: _to, ...others } = rest
    return { [effect]: actions, ...targets, ...compact({ ...others, unless: unlessOdds === 0 ? unless : undefined }) }
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
    routes: maybe(fc.array(fc.tuple(patterns(ACTIONS), fc.nat({ max: 15 })), { minLength: 1, maxLength: 2 })),
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
      secrets,
      ...separate
    }): PolicyDocument => {
      const wanted =
        separate.separationOdds > 1
          ? {}
          : compact({ static: separate.staticSeparations, dynamic: separate.dynamicSeparations })
      let count = 0
      const named = (some: readonly Omit<Rule, 'id'>[]): Rule[] => some.map((one) => ({ id: `r${count++}`, ...one }))
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
          entities: subjects || resources ? compact({ subjects, resources }) : undefined,
          algorithm: top && algorithm,
          rules: numbered,
          sets: namedSets.length > 0 ? Object.fromEntries(namedSets) : undefined,
          combine,
          routes: routed,
          secrets,
        }),
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
    state,
    extra: fc.oneof({ arbitrary: fc.constant(undefined), weight: 30 }, { arbitrary: invalid, weight: 1 }),
    tenant: fc.oneof(
      { arbitrary: fc.constantFrom(undefined, TENANT), weight: 40 },
      { arbitrary: fc.constant('other'), weight: 1 },
    ),
    now: fc.oneof({ arbitrary: instant, weight: 8 }, { arbitrary: fc.constant(undefined), weight: 1 }),
  })
  .map(({ now, ...one }) => {
    const withProperties = (own: Record<string, unknown> | undefined) => (own === undefined ? {} : { properties: own })
    const context = one.extra === undefined ? one.context : { ...one.context, nobody: one.extra }
    const request: AccessRequest = {
      subject: { type: one.subjectType, id: one.subjectId || 'alice', ...withProperties(one.subject) },
      action: { name: one.name, ...withProperties(one.action) },
      resource: { type: one.resourceType, id: one.resourceId || 'r1', ...withProperties(one.resource) },
      ...(context === undefined ? {} : { context }),
      ...(one.tenant === undefined ? {} : { tenant: one.tenant }),
      ...(one.state === undefined ? {} : { state: one.state as RequestState }),
    }
    return { request, now }
  })
