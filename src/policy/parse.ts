/** One document → its parts, checked as far as one document can be. */
import { type Calendars, readCalendars } from './calendar.ts'
import { readChainSettings } from './chain.ts'
import type { CombiningAlgorithm, SetCombination } from './document.ts'
import { type ParsedEntities, readEntities } from './entity.ts'
import { algorithmSynonyms, algorithms, combinations, documentKeys, routeKeys, setKeys } from './keys.ts'
import { isEmpty, noMentions } from './mentions.ts'
import type { AttributePath, ChainModel, TrustModel } from './model.ts'
import type { Entry, MapNode, Node, Position } from './node.ts'
import { type Named, type PatternList, readNames, readPatterns } from './pattern-list.ts'
import {
  describe,
  quote,
  readChoice,
  readList,
  readMap,
  readRecord,
  readString,
  readStrings,
  readText,
} from './read.ts'
import { type ParsedCondition, readNamedConditions } from './relations/named-condition.ts'
import { type ParsedRelations, readDepth, readRelations } from './relations/parse.ts'
import type { Report } from './report.ts'
import { type Names, type ParsedRule, type RuleContext, readRule } from './rule.ts'
import { readSecrets } from './secrets.ts'
import { type ParsedSeparation, readSeparations } from './separation.ts'
import { readTrustSettings } from './trust.ts'

/** A value and where it stands. */
export interface Placed<T> {
  readonly value: T
  readonly at: Position
}

export interface ParsedDocument {
  readonly tenant: string
  readonly at: Position
  readonly actions: Placed<readonly string[]> | undefined
  readonly roles: ReadonlyMap<string, Placed<readonly string[]>> | undefined
  readonly calendars: Calendars
  readonly separations: readonly ParsedSeparation[]
  readonly entities: ParsedEntities
  readonly relations: ParsedRelations | undefined
  readonly relationDepth: Placed<number> | undefined
  readonly tupleConditions: readonly ParsedCondition[]
  readonly combine: Placed<SetCombination> | undefined
  /** The top-level rules; undefined when the document has no `rules`. */
  readonly main: ParsedSet | undefined
  readonly algorithm: Placed<CombiningAlgorithm> | undefined
  readonly sets: readonly ParsedSet[]
  readonly routes: readonly ParsedRoute[]
  readonly actorTypes: Placed<readonly string[]> | undefined
  readonly chain: Placed<ChainModel> | undefined
  readonly trust: Placed<TrustModel> | undefined
  readonly secrets: readonly AttributePath[]
}

export interface ParsedSet {
  readonly name: string
  readonly at: Position
  readonly algorithm: Placed<CombiningAlgorithm> | undefined
  readonly rules: readonly ParsedRule[]
}

export interface ParsedRoute {
  readonly at: Position
  readonly actions: PatternList
  readonly sets: readonly Named[]
}

/** The name of the set of the top-level rules. */
export const defaultSet = 'default'
export const defaultTenant = 'default'

const documentSynonyms: ReadonlyMap<string, string> = new Map([
  ['policies', 'rules'],
  ['apiversion', 'version'],
  ['name', 'tenant'],
  ['groups', 'roles'],
])

/** Whether a text in place of a document names a file or folder. */
function isPath(node: Node): boolean {
  const text = node.kind === 'scalar' && typeof node.scalar === 'string' ? node.scalar : ''
  return /^\S+$/.test(text) && (/[\\/]/.test(text) || /\.(?:ya?ml|json)$/.test(text))
}

/**
 * Reads a document. Mistakes go to the report; the result then is incomplete.
 *
 * @param isAlone Whether no other document may say which actions there are.
 */
export function readDocument(node: Node, report: Report, isAlone: boolean): ParsedDocument | undefined {
  const advice = isPath(node) ? 'this is a path: pass the text of the file' : 'start it with "version: 1"'
  const map = readRecord(node, report, 'a policy document', documentKeys, { synonyms: documentSynonyms, advice })
  if (map === undefined) return undefined
  readVersion(map, report)
  const at = (key: (typeof documentKeys)[number]): Entry | undefined => map.entries.get(key)
  const schema = at('$schema')
  if (schema !== undefined) readText(schema.value, report, '"$schema"')
  const tenant = at('tenant')
  const description = at('description')
  if (description !== undefined) readText(description.value, report, '"description"')
  const entities = at('entities')
  const algorithm = readAlgorithm(map, report)
  const rules = at('rules')
  const relations = at('relations')
  const name = (tenant && readString(tenant.value, report, '"tenant"')) ?? defaultTenant
  const actions = placed(at('actions'), (value) => readStrings(value, report, '"actions"'))
  const roles = readRoles(at('roles'), report)
  const known = {
    actions:
      actions === undefined ? (at('actions') === undefined && isAlone ? allNames : noNames) : new Set(actions.value),
    roles: roles ?? noNames,
  }
  return {
    tenant: name,
    at: map.at,
    actions,
    roles,
    calendars: readCalendars(at('calendars'), report),
    separations: readSeparations(at('separation'), report),
    entities:
      entities === undefined ? { subjects: [], resources: [], tuples: [] } : readEntities(entities.value, report),
    relations: relations && readRelations(relations.value, report),
    relationDepth: placed(at('relation_depth'), (value) => readDepth(value, report)),
    tupleConditions: readNamedConditions(at('conditions'), report),
    combine: placed(at('combine'), (value) => readChoice(value, report, 'combine', combinations)),
    main: rules && { name: defaultSet, at: rules.at, algorithm, rules: readRules(rules, '"rules"', known, report) },
    algorithm,
    sets: readSets(at('sets'), known, report),
    routes: readRoutes(at('routes'), report),
    actorTypes: placed(at('actor_types'), (value) => readStrings(value, report, '"actor_types"')),
    chain: placed(at('chain'), (value) => readChainSettings(value, report)),
    trust: placed(at('trust'), (value) => readTrustSettings(value, report)),
    secrets: readSecrets(at('secrets'), report),
  }
}

function placed<T>(entry: Entry | undefined, read: (node: Node) => T | undefined): Placed<T> | undefined {
  const value = entry && read(entry.value)
  return entry === undefined || value === undefined ? undefined : { value, at: entry.value.at }
}

function readVersion(map: MapNode, report: Report): void {
  const node = map.entries.get('version')?.value
  if (node === undefined) report.error('E_VERSION', map.at, 'the document has no version', 'start it with "version: 1"')
  else if (node.kind === 'broken') report.problem(node)
  else if (node.kind !== 'scalar' || node.scalar !== 1) {
    report.error('E_VERSION', node.at, `the version must be 1, not ${describe(node)}`, 'write "version: 1"')
  }
}

function readAlgorithm(map: MapNode, report: Report): Placed<CombiningAlgorithm> | undefined {
  return placed(map.entries.get('algorithm'), (value) =>
    readChoice(value, report, 'algorithm', algorithms, algorithmSynonyms),
  )
}

function readRoles(entry: Entry | undefined, report: Report): Map<string, Placed<readonly string[]>> | undefined {
  const map = entry && readMap(entry.value, report, '"roles"', 'write { role: [inherited, …] }')
  if (map === undefined) return undefined
  const roles = new Map<string, Placed<readonly string[]>>()
  for (const [role, { at, value }] of map.entries) {
    if (role === '') report.error('E_MISSING', at, 'a role has an empty name', 'name it')
    if (value.kind === 'scalar' && value.scalar === null) {
      report.error('E_TYPE', at, `the role ${quote(role)} needs a list of the roles it inherits`, `write ${role}: []`)
    } else {
      const inherited = readStrings(value, report, `the role ${quote(role)}`)
      roles.set(role, { value: [...new Set(inherited)], at })
    }
  }
  return roles
}

type KnownNames = Omit<RuleContext, 'mentions'>

const noNames: Names = new Set()
const allNames: Names = { has: () => true }

function readRules(entry: Entry, what: string, known: KnownNames, report: Report): ParsedRule[] {
  const list = readList(entry.value, report, what, 'write a list of rules')
  if (list?.items.length === 0)
    report.warning(
      'W_EMPTY',
      list.at,
      `${what} is an empty list`,
      what === '"rules"' ? 'add a rule, or leave it out' : 'add a rule, or leave the set out',
    )
  let context: RuleContext = { ...known, mentions: noMentions() }
  const rules = list?.items.map((item) => {
    // Most rules mention nothing, and leave the lists to the next one.
    if (!isEmpty(context.mentions)) context = { ...known, mentions: noMentions() }
    return readRule(item, report, context)
  })
  return rules?.filter((rule) => rule !== undefined) ?? []
}

function readSets(entry: Entry | undefined, known: KnownNames, report: Report): ParsedSet[] {
  const map = entry && readMap(entry.value, report, '"sets"', 'write { name: { rules: [...] } }')
  const sets: ParsedSet[] = []
  for (const [name, { at, value }] of map?.entries ?? []) {
    const what = `the set ${quote(name)}`
    if (name === '') report.error('E_MISSING', at, 'a set has an empty name', 'name it')
    if (name === defaultSet) {
      report.error('E_SET', at, `the set name "${defaultSet}" is that of the top-level rules`, 'choose another name')
    }
    const record = readRecord(value, report, what, setKeys, { advice: 'write { rules: [...] }' })
    if (record === undefined) continue
    const description = record.entries.get('description')
    if (description !== undefined) readText(description.value, report, '"description"')
    const rules = record.entries.get('rules')
    if (rules === undefined) report.error('E_MISSING', at, `${what} has no rules`, 'write rules: [...]')
    const algorithm = readAlgorithm(record, report)
    sets.push({
      name,
      at,
      algorithm,
      rules: rules === undefined ? [] : readRules(rules, `"rules" of ${what}`, known, report),
    })
  }
  return sets
}

function readRoutes(entry: Entry | undefined, report: Report): ParsedRoute[] {
  const list = entry && readList(entry.value, report, '"routes"', 'write [{ actions: …, sets: [...] }]')
  const routes: ParsedRoute[] = []
  for (const item of list?.items ?? []) {
    const record = readRecord(item, report, 'a route', routeKeys, { advice: 'write { actions: …, sets: [...] }' })
    if (record === undefined) continue
    const actions = record.entries.get('actions')
    const sets = record.entries.get('sets')
    if (actions === undefined) report.error('E_MISSING', record.at, 'a route has no actions', 'write actions: …')
    if (sets === undefined) report.error('E_MISSING', record.at, 'a route has no sets', 'write sets: [...]')
    const patterns = actions && readPatterns(actions.value, report, '"actions" of a route')
    const list = sets && readList(sets.value, report, '"sets" of a route', 'write [name, …]')
    const names = list === undefined ? [] : readNames(list, report, '"sets" of a route')
    if (patterns !== undefined) routes.push({ at: record.at, actions: patterns, sets: names })
  }
  return routes
}
