/** The documents of one tenant → its model: lists are joined, names must be unique, and what is named must exist. */

import { RelationNames } from '../tuple/relation-model.ts'

import { checkActorTypes, checkTrust, single } from './actors.ts'

import { checkCalendars, mergeCalendars } from './calendar.ts'
import { defaultChain } from './chain.ts'
import type { CombiningAlgorithm } from './document.ts'
import type { ParsedEntity } from './entity.ts'
import { separationKinds } from './keys.ts'
import { isEmpty } from './mentions.ts'
import type { EntityModel, PolicyModel, RouteModel, SeparationModel } from './model.ts'
import { type Position, placeOf } from './node.ts'
import { defaultSet, type ParsedDocument, type ParsedSet, type Placed } from './parse.ts'
import type { Named } from './pattern-list.ts'
import { quote } from './read.ts'
import { checkAsked } from './relations/asked.ts'
import { mergeRelations } from './relations/merge.ts'
import type { ParsedCondition } from './relations/named-condition.ts'
import { mergeTuples } from './relations/tuples.ts'
import { locate, type Report } from './report.ts'
import { checkRoles, mergeRoles, warnOfMisspelt } from './roles.ts'
import type { ParsedRule } from './rule.ts'
import type { ParsedSeparation } from './separation.ts'
import { checkSeparations } from './separation-check.ts'
import { didYouMean } from './suggest.ts'

/** The engine keeps the sets of a decision in 64 bits. */
const maxSets = 64

/** The model of a tenant without policies: it denies everything. */
export function emptyModel(tenant: string): PolicyModel {
  const place = { file: 'policies', line: 0, column: 0, path: '' }
  const main = { name: defaultSet, algorithm: 'deny-overrides', rules: [], place } as const
  return {
    tenant,
    actions: [],
    chain: defaultChain,
    trust: undefined,
    roles: new Map(),
    calendars: new Map(),
    separations: [],
    subjects: [],
    resources: [],
    combine: 'any',
    sets: [main],
    routes: [],
    secrets: [],
    relations: undefined,
    tupleConditions: [],
    tuples: [],
  }
}

/** Builds the model of a tenant from its documents, which are at least one. */
export function mergeDocuments(tenant: string, documents: readonly ParsedDocument[], report: Report): PolicyModel {
  const sets = mergeSets(documents, report)
  const rules = sets.flatMap((set) => set.rules)
  const actions = [...new Set(documents.flatMap((document) => document.actions?.value ?? []))]
  if (documents.some((document) => document.actions !== undefined)) checkActions(documents, sets, actions, report)
  checkUniqueRules(rules, report)
  checkActorTypes(documents, rules, report)
  const subjects = documents.flatMap((document) => document.entities.subjects)
  const resources = documents.flatMap((document) => document.entities.resources)
  const { roles, places } = mergeRoles(documents, report)
  checkRoles(roles, documents, rules, report)
  warnOfMisspelt(documents, rules, subjects, report)
  const calendars = mergeCalendars(documents, report)
  const mentioning = rules.filter(({ mentions }) => !isEmpty(mentions))
  for (const { model, mentions } of mentioning) {
    checkCalendars(calendars, mentions.calendars, report.inRule(model.id))
  }
  const separations = documents.flatMap((document) => document.separations)
  checkSeparations(separations, roles, places, subjects, report)
  const conditions = uniqueConditions(documents, report)
  for (const { mentions } of conditions) checkCalendars(calendars, mentions.calendars, report)
  const relations = mergeRelations(
    documents.flatMap((document) => document.relations ?? []),
    agree(
      documents.map((document) => document.relationDepth),
      'relation_depth',
      report,
    ),
    conditions.map(({ name, parameters }) => ({ name, ...(parameters !== undefined && { parameters }) })),
    report,
  )
  const names = relations && new RelationNames(relations)
  for (const rule of mentioning)
    for (const asked of rule.mentions.relations) checkAsked(asked, names, report.inRule(rule.model.id))
  const tuples = mergeTuples(
    documents.flatMap((document) => document.entities.tuples),
    relations,
    report,
  )
  const at = documents[0]?.at
  // Rules that could not be read are no empty list.
  if (rules.length === 0 && at !== undefined && !report.failed) {
    report.warning('W_NO_RULES', at, `the tenant ${quote(tenant)} has no rules`, 'every request will be denied')
  }
  const add = (name: string): void => {
    if (!roles.has(name)) roles.set(name, [])
  }
  for (let i = 0; i < rules.length; i++) {
    const named = rules[i]!.roles
    for (let j = 0; j < named.length; j++) add(named[j]!.name)
  }
  for (const separation of separations) for (const role of separation.roles) add(role.name)
  for (const subject of subjects) for (const held of subject.roles) add(held.role)
  return {
    tenant,
    actions,
    chain:
      single(
        documents.map(({ chain }) => chain),
        'chain',
        report,
      ) ?? defaultChain,
    trust: checkTrust(documents, mentioning, report),
    roles,
    calendars,
    separations: separationKinds.flatMap((kind) => modelsOf(separations, kind)),
    subjects: uniqueEntities(subjects, 'subject', report),
    resources: uniqueEntities(resources, 'resource', report),
    combine:
      agree(
        documents.map((document) => document.combine),
        'combine',
        report,
      ) ?? 'any',
    sets: sets.map(({ name, algorithm, rules, at }) => ({
      name,
      algorithm: algorithm?.value ?? 'deny-overrides',
      rules: rules.map((rule) => rule.model),
      place: placeOf(at),
    })),
    routes: resolveRoutes(documents, sets, report),
    secrets: documents.flatMap((document) => document.secrets),
    relations,
    tupleConditions: conditions.map(({ condition }) => condition).filter((condition) => condition !== undefined),
    tuples,
  }
}

function modelsOf(separations: readonly ParsedSeparation[], kind: SeparationModel['kind']): SeparationModel[] {
  return separations.flatMap(({ model }) => (model.kind === kind ? [model] : []))
}

/** The top-level rules first, then the named sets in document order. */
function mergeSets(documents: readonly ParsedDocument[], report: Report): ParsedSet[] {
  const named = new Map<string, ParsedSet>()
  for (const set of documents.flatMap((document) => document.sets)) {
    const earlier = named.get(set.name)
    if (earlier === undefined) named.set(set.name, set)
    else twice(`the set ${quote(set.name)}`, set.at, earlier.at, report)
  }
  const chosen = agree(
    documents.map((document) => document.algorithm),
    'algorithm',
    report,
  )
  const algorithm = chosen === undefined ? undefined : placedAlgorithm(documents, chosen)
  const main = documents.map((document) => document.main).filter((set) => set !== undefined)
  const sets = [...named.values()]
  const first = documents[0]
  // An empty set abstains, which denies under `combine: all`: there is one only where somebody wrote `rules`.
  if (first !== undefined && (main.length > 0 || sets.length === 0)) {
    sets.unshift({ name: defaultSet, at: main[0]?.at ?? first.at, algorithm, rules: main.flatMap((set) => set.rules) })
  }
  const beyond = sets[maxSets]
  if (beyond !== undefined) {
    report.error('E_LIMIT', beyond.at, `there are ${sets.length} sets, more than ${maxSets}`, 'join some of them')
  }
  return sets
}

function placedAlgorithm(
  documents: readonly ParsedDocument[],
  value: CombiningAlgorithm,
): Placed<CombiningAlgorithm> | undefined {
  return documents.find((document) => document.algorithm?.value === value)?.algorithm
}

function uniqueConditions(documents: readonly ParsedDocument[], report: Report): ParsedCondition[] {
  const known = new Map<string, ParsedCondition>()
  const all = documents.flatMap(({ tupleConditions, relations }) => [
    ...tupleConditions,
    ...(relations?.conditions ?? []),
  ])
  for (const condition of all) {
    const earlier = known.get(condition.name)
    if (earlier === undefined) known.set(condition.name, condition)
    else twice(`the condition ${quote(condition.name)}`, condition.at, earlier.at, report)
  }
  return [...known.values()]
}

/** The value that all documents with one agree on. */
function agree<T extends string | number>(
  values: readonly (Placed<T> | undefined)[],
  key: string,
  report: Report,
): T | undefined {
  const given = values.filter((value) => value !== undefined)
  const first = given[0]
  for (const { value, at } of given) {
    if (first === undefined || value === first.value) continue
    const found = `"${key}" is ${value} here and ${first.value} at ${locate(first.at, at)}`
    report.error('E_CONFLICT', at, found, 'give it once')
  }
  return first?.value
}

function checkActions(
  documents: readonly ParsedDocument[],
  sets: readonly ParsedSet[],
  actions: readonly string[],
  report: Report,
): void {
  const known = new Set(actions)
  const check = ({ name, at }: Named, rule?: string) => {
    if (known.has(name)) return
    const where = rule === undefined ? report : report.inRule(rule)
    where.error('E_ACTION', at, `unknown action ${quote(name)}`, didYouMean(name, actions) ?? 'add it to "actions"')
  }
  for (const rule of sets.flatMap((set) => set.rules)) {
    for (const action of rule.actions) check(action, rule.model.id)
  }
  for (const route of documents.flatMap((document) => document.routes)) {
    for (const action of route.actions.exact) check(action)
  }
}

function checkUniqueRules(rules: readonly ParsedRule[], report: Report): void {
  const ids = new Set<string>()
  for (let i = 0; i < rules.length; i++) ids.add(rules[i]!.model.id)
  if (ids.size < rules.length) reportTwins(rules, report)
}

function reportTwins(rules: readonly ParsedRule[], report: Report): void {
  const ids = new Map<string, Position>()
  for (const { model, idAt } of rules) {
    const earlier = ids.get(model.id)
    if (earlier === undefined) ids.set(model.id, idAt)
    else twice(`the rule id ${quote(model.id)}`, idAt, earlier, report.inRule(model.id))
  }
}

function uniqueEntities(entities: readonly ParsedEntity[], what: string, report: Report): EntityModel[] {
  const seen = new Map<string, Position>()
  for (const { model, at } of entities) {
    const key = JSON.stringify([model.type, model.id])
    const earlier = seen.get(key)
    if (earlier === undefined) seen.set(key, at)
    else twice(`the ${what} ${quote(model.id)} of type ${quote(model.type)}`, at, earlier, report)
  }
  return entities.map(({ model }) => model)
}

function resolveRoutes(documents: readonly ParsedDocument[], sets: readonly ParsedSet[], report: Report): RouteModel[] {
  const names = sets.map((set) => set.name)
  return documents
    .flatMap((document) => document.routes)
    .map((route) => {
      const indexes = route.sets.map(({ name, at }) => {
        const index = names.indexOf(name)
        if (index < 0) report.error('E_SET', at, `unknown set ${quote(name)} in a route`, didYouMean(name, names))
        return index
      })
      return { actions: route.actions.patterns, sets: indexes, place: placeOf(route.at) }
    })
}

function twice(what: string, at: Position, earlier: Position, report: Report): void {
  if (at.source === earlier.source && at.source.text !== undefined && at.offset === earlier.offset) {
    report.error('E_DUPLICATE', at, `${what} occurs twice: an alias repeats it`, 'remove the alias')
    return
  }
  report.error(
    'E_DUPLICATE',
    at,
    `${what} occurs twice`,
    `the first one is at ${locate(earlier, at)}; rename or remove one`,
  )
}
