/** Rules: effect and target, condition, and what a decision by the rule carries. */
import { readApproval } from './approval.ts'
import { readChain } from './chain.ts'
import { allOf, readCondition } from './condition.ts'
import type { Effect, Obligation } from './document.ts'
import { readDuring } from './during.ts'
import { effects, onKeys, rareRuleKeys, ruleKeys, ruleSynonyms, toKeys } from './keys.ts'
import { kept, type Mentions } from './mentions.ts'
import type { Condition, Pattern, RuleModel } from './model.ts'
import { type MapNode, type Node, type Position, placeOf } from './node.ts'
import { anything, type Named, type PatternList, readNames, readPatterns } from './pattern-list.ts'
import {
  describe,
  hasAny,
  quote,
  readBoolean,
  readList,
  readMap,
  readProperties,
  readRecord,
  readString,
  readText,
  wrongType,
} from './read.ts'
import type { AskedRelation } from './relations/asked.ts'
import { relatedToResource } from './relations/related.ts'
import type { Report } from './report.ts'
import { nearest } from './suggest.ts'

/** A rule, and what is checked when all documents of the tenant are known. */
export interface ParsedRule {
  readonly model: RuleModel
  readonly idAt: Position
  /** Empty when all are known already; what is kept of every rule costs memory. */
  readonly actions: readonly Named[]
  /** Those of approvers, too. Empty when all are known already. */
  readonly roles: readonly Named[]
  readonly subjectTypes: readonly Named[]
  readonly mentions: Mentions
}

/** Names that need no check when all documents of the tenant are known, and what rules may fill. */
export interface RuleContext {
  readonly actions: Names
  readonly roles: Names
  /** Empty; the rule keeps them when it fills them. */
  readonly mentions: Mentions
}

export interface Names {
  has(name: string): boolean
}

const quotedEffects = { allow: '"allow"', deny: '"deny"', review: '"review"' }
const recordOptions = { synonyms: ruleSynonyms, advice: 'write { id: …, allow: … }' }

/** Reads a rule. Mistakes go to the report; undefined when the rule has no usable id or effect. */
export function readRule(node: Node, general: Report, context: RuleContext): ParsedRule | undefined {
  const { mentions } = context
  const idNode = node.kind === 'map' ? node.entries.get('id')?.value : undefined
  const id = idNode?.kind === 'scalar' && typeof idNode.scalar === 'string' ? idNode.scalar : undefined
  const report = general.inRule(id === '' ? undefined : id)
  const map = readRecord(node, report, 'a rule', ruleKeys, recordOptions)
  if (map === undefined) return undefined
  if (idNode === undefined)
    report.error('E_MISSING', map.at, 'the rule has no id', 'give it one that is unique in the tenant')
  else readString(idNode, report, 'id')

  const effect = readEffect(map, report)
  const on = readOn(map, report)
  const actions = effect === undefined ? anything : patternsAt(map, effect, quotedEffects[effect], report)
  const to = readTo(map, on.type, report, mentions.relations)
  const condition = readConditions(map, to.related, report, mentions)
  const carried = hasAny(map.entries.names, carriedKeys)
    ? readCarried(map, { effect, on: on.type, relations: mentions.relations }, report)
    : nothingCarried
  if (!id || idNode === undefined || effect === undefined) return undefined
  return {
    model: {
      id,
      effect,
      actions: actions.patterns,
      resourceTypes: on.type.patterns,
      resourceIds: on.id.patterns,
      subjectTypes: to.type.patterns,
      subjectIds: to.id.patterns,
      roles: namesOf(to.roles),
      condition,
      priority: carried.priority,
      approval: carried.approval,
      because: carried.because,
      obligations: carried.obligations,
      advice: carried.advice,
      delegable: carried.delegable,
      place: placeOf(map.at),
    },
    idAt: idNode.at,
    actions: areKnown(actions.patterns, context.actions) ? nobody : unknown(actions.exact, context.actions),
    roles: unknown(carried.roles.length === 0 ? to.roles : [...to.roles, ...carried.roles], context.roles),
    subjectTypes: to.type.exact,
    mentions: kept(mentions),
  }
}

/** Whether all are names that are known; what comes to any may name some besides. */
function areKnown(patterns: readonly Pattern[], known: Names): boolean {
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i] as Pattern
    if (pattern.kind !== 'exact' || !known.has(pattern.value)) return false
  }
  return patterns.length > 0
}

/** The names when some of them are not known. */
function unknown(named: readonly Named[], known: Names): readonly Named[] {
  for (let i = 0; i < named.length; i++) if (!known.has((named[i] as Named).name)) return named
  return nobody
}

const nobody: readonly Named[] = []

/** What decisions by a rule carry, and what else few rules have. */
interface Carried
  extends Pick<RuleModel, 'priority' | 'approval' | 'because' | 'obligations' | 'advice' | 'delegable'> {
  /** Of approvers. */
  readonly roles: readonly Named[]
}

const carriedKeys: ReadonlySet<string> = new Set(rareRuleKeys)
const noObligations: readonly Obligation[] = []
const nothingCarried: Carried = {
  priority: 0,
  approval: undefined,
  because: undefined,
  obligations: noObligations,
  advice: noObligations,
  delegable: true,
  roles: nobody,
}

interface Carrying {
  readonly effect: Effect | undefined
  readonly on: PatternList
  readonly relations: AskedRelation[]
}

function readCarried(map: MapNode, { effect, on, relations }: Carrying, report: Report): Carried {
  const roles: Named[] = []
  const approval = map.entries.has('approval')
    ? readApproval(map, effect, { roles, relations, resourceTypes: exactTypes(on) }, report)
    : undefined
  const priority = readPriority(map, report)
  const because = optionalText(map, 'because', report)
  const obligations = readObligations(map, 'obligations', report)
  const advice = readObligations(map, 'advice', report)
  const delegable = readDelegable(map, effect, report)
  optionalText(map, 'description', report)
  return { priority, approval, because, obligations, advice, delegable, roles }
}

const noNames: readonly string[] = []

function namesOf(named: readonly Named[]): readonly string[] {
  const first = named[0]
  if (first === undefined) return noNames
  return named.length === 1 ? [first.name] : named.map(({ name }) => name)
}

/** The types, when all of them are exact. */
function exactTypes({ patterns, exact }: PatternList): readonly string[] {
  return patterns.every(({ kind }) => kind === 'exact') && patterns.length > 0 ? exact.map(({ name }) => name) : []
}

function readEffect(map: MapNode, report: Report): Effect | undefined {
  let first: Effect | undefined
  for (let i = 0; i < effects.length; i++) {
    const effect = effects[i] as Effect
    if (!map.entries.has(effect)) continue
    if (first === undefined) first = effect
    else secondEffect(first, effect, map, report)
  }
  if (first === undefined) noEffect(map, report)
  return first
}

function secondEffect(first: Effect, effect: Effect, map: MapNode, report: Report): void {
  const at = map.entries.get(effect)?.at ?? map.at
  const found = `a rule has one effect, and both "${first}" and "${effect}" are here`
  report.error('E_EFFECT', at, found, 'make two rules of it')
}

function noEffect({ entries, at }: MapNode, report: Report): void {
  const unknown = [...entries.keys()].filter((key) => !(ruleKeys as readonly string[]).includes(key))
  // A misspelt effect has been reported as an unknown key.
  const misspelt = unknown.some((key) =>
    (effects as readonly string[]).includes(nearest(key, ruleKeys, ruleSynonyms) ?? ''),
  )
  if (!misspelt) report.error('E_EFFECT', at, 'the rule has no effect', 'write allow, deny or review, with the actions')
}

interface On {
  readonly type: PatternList
  readonly id: PatternList
}

const anyResource: On = { type: anything, id: anything }

function readOn(map: MapNode, report: Report): On {
  const on = map.entries.get('on')
  if (on === undefined) return anyResource
  if (on.value.kind !== 'map') return { type: readPatterns(on.value, report, '"on"'), id: anything }
  const record = readRecord(on.value, report, '"on"', onKeys)
  if (record === undefined) return anyResource
  requireOne(record, '"on"', 'any resource', report)
  return { type: patternsAt(record, 'type', '"on.type"', report), id: patternsAt(record, 'id', '"on.id"', report) }
}

interface To {
  readonly roles: readonly Named[]
  readonly type: PatternList
  readonly id: PatternList
  /** The subject has a relation to the resource. */
  readonly related: Condition | undefined
}

const anybody: To = { roles: nobody, type: anything, id: anything, related: undefined }

function readTo(map: MapNode, onType: PatternList, report: Report, relations: AskedRelation[]): To {
  const to = map.entries.get('to')
  if (to === undefined) return anybody
  const record =
    to.value.kind === 'map'
      ? readRecord(to.value, report, '"to"', toKeys)
      : readRecord(to.value, report, '"to"', toKeys, { advice: adviceFor(to.value) })
  if (record === undefined) return anybody
  requireOne(record, '"to"', 'any subject', report)
  const role = record.entries.get('role')
  const roles = role === undefined ? anybody.roles : readRoles(role.value, report)
  const type = patternsAt(record, 'type', '"to.type"', report)
  const relation = record.entries.get('relation')
  const related = relation && readRelations(relation.value, { onType, subjectType: type }, relations, report)
  return { roles, type, id: patternsAt(record, 'id', '"to.id"', report), related }
}

function adviceFor(to: Node): string {
  return to.kind === 'scalar' && typeof to.scalar === 'string'
    ? `write { role: ${to.scalar} } or { type: ${to.scalar} }`
    : 'write { role: … }, { relation: … }, { type: … } or { id: … }'
}

function readRoles(node: Node, report: Report): readonly Named[] {
  const roles = readNames(node, report, '"to.role"')
  for (let i = 0; i < roles.length; i++) {
    const { name, at } = roles[i] as Named
    if (!name.includes('*')) continue
    const found = `a role is an exact name, not a pattern: ${quote(name)}`
    report.error('E_ROLE', at, found, 'for any role leave "role" out')
  }
  return roles
}

function readRelations(
  node: Node,
  types: { readonly onType: PatternList; readonly subjectType: PatternList },
  relations: AskedRelation[],
  report: Report,
): Condition | undefined {
  const names = readNames(node, report, '"to.relation"')
  return anyOf(names.map(({ name, at }) => relatedToResource(name, at, types, relations)))
}

function anyOf(parts: readonly Condition[]): Condition | undefined {
  return parts.length > 1 ? { kind: 'any', of: parts } : parts[0]
}

function requireOne(record: MapNode, what: string, all: string, report: Report): void {
  if (record.entries.size === 0 && record.problems.length === 0) {
    report.error('E_MISSING', record.at, `${what} is empty`, `leave it out for ${all}`)
  }
}

function patternsAt(record: MapNode, key: string, what: string, report: Report): PatternList {
  const entry = record.entries.get(key)
  return entry === undefined ? anything : readPatterns(entry.value, report, what)
}

/** `to.relation`, `when`, not `unless`, `during` and `chain`. */
function readConditions(
  { entries }: MapNode,
  related: Condition | undefined,
  report: Report,
  mentions: Mentions,
): Condition | undefined {
  const when = entries.get('when')
  let parts = withPart(noParts, related)
  parts = withPart(parts, when && readCondition(when.value, report, mentions))
  if (!hasAny(entries.names, furtherConditions)) return allOf(parts)
  const unless = entries.get('unless')
  const fails = unless && readCondition(unless.value, report, mentions)
  parts = withPart(parts, fails && { kind: 'not', of: fails })
  const during = entries.get('during')
  parts = withPart(parts, during && readDuring(during.value, report, mentions.calendars))
  const chain = entries.get('chain')
  parts = withPart(parts, chain && readChain(chain.value, report, mentions))
  return allOf(parts)
}

const furtherConditions: ReadonlySet<string> = new Set<(typeof ruleKeys)[number]>(['unless', 'during', 'chain'])
const noParts: readonly Condition[] = []

/** Lists as long as needed. */
function withPart(parts: readonly Condition[], part: Condition | undefined): readonly Condition[] {
  if (part === undefined) return parts
  return parts.length === 0 ? [part] : [...parts, part]
}

function readPriority(map: MapNode, report: Report): number {
  const node = map.entries.get('priority')?.value
  if (node === undefined) return 0
  if (node.kind === 'broken') return wrongType(node, report, '', '') ?? 0
  const value = node.kind === 'scalar' ? node.scalar : undefined
  if (typeof value === 'number' && value === (value | 0)) return value
  report.error(
    'E_PRIORITY',
    node.at,
    `a priority cannot be ${describe(node)}`,
    'write an integer from -2147483648 to 2147483647',
  )
  return 0
}

function readDelegable(map: MapNode, effect: Effect | undefined, report: Report): boolean {
  const entry = map.entries.get('delegable')
  if (entry === undefined) return true
  if (effect === 'deny') {
    report.error('E_EFFECT', entry.at, '"delegable" stands in a rule that denies', 'remove it; a deny holds for all')
  }
  return readBoolean(entry.value, report, '"delegable"') ?? true
}

function optionalText(map: MapNode, key: string, report: Report): string | undefined {
  const entry = map.entries.get(key)
  return entry === undefined ? undefined : readText(entry.value, report, `"${key}"`)
}

function readObligations(map: MapNode, key: 'obligations' | 'advice', report: Report): readonly Obligation[] {
  const entry = map.entries.get(key)
  if (entry === undefined) return noObligations
  const list = readList(entry.value, report, `"${key}"`, 'write [{ id: … }]')
  const all: Obligation[] = []
  for (const node of list?.items ?? []) {
    const what = key === 'advice' ? 'an item of "advice"' : 'an obligation'
    const record = readMap(node, report, what, 'write { id: … }')
    if (record === undefined) continue
    const idNode = record.entries.get('id')?.value
    if (idNode === undefined) report.error('E_MISSING', record.at, `${what} has no id`, 'write { id: … }')
    const id = idNode && readString(idNode, report, `the id of ${what}`)
    if (id !== undefined) all.push(Object.assign(readProperties(record.entries, report), { id }))
  }
  return all
}
