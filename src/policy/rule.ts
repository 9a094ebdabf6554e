/** Rules: effect and target, condition, and what a decision by the rule carries. */
import { type ApproverNames, readApproval } from './approval.ts'
import type { ApprovalModel } from './approval-model.ts'
import { readChain } from './chain.ts'
import { allOf, readCondition } from './condition.ts'
import type { Effect, Obligation } from './document.ts'
import { readDuring } from './during.ts'
import { effects, onKeys, ruleKeys, ruleSynonyms, toKeys } from './keys.ts'

import { kept, type Mentions, noMentions } from './mentions.ts'

import type { Condition, RuleModel } from './model.ts'
import { type MapNode, type Node, type Position, placeOf } from './node.ts'
import { anything, type Named, type PatternList, readNames, readPatterns } from './pattern-list.ts'
import {
  describe,
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
  readonly actions: readonly Named[]
  readonly roles: readonly Named[]
  readonly subjectTypes: readonly Named[]
  readonly mentions: Mentions
}

/** Reads a rule. Mistakes go to the report; undefined when the rule has no usable id or effect. */
export function readRule(node: Node, general: Report): ParsedRule | undefined {
  const idNode = node.kind === 'map' ? node.entries.get('id')?.value : undefined
  const id = idNode?.kind === 'scalar' && typeof idNode.scalar === 'string' ? idNode.scalar : undefined
  const report = general.inRule(id === '' ? undefined : id)
  const map = readRecord(node, report, 'a rule', ruleKeys, {
    synonyms: ruleSynonyms,
    advice: 'write { id: …, allow: … }',
  })
  if (map === undefined) return undefined
  if (idNode === undefined)
    report.error('E_MISSING', map.at, 'the rule has no id', 'give it one that is unique in the tenant')
  else readString(idNode, report, 'id')

  const effect = readEffect(map, report)
  const mentions = noMentions()
  const target = readTarget(map, effect, report, mentions.relations)
  const condition = readConditions(map, target.to.related, report, mentions)
  const approverRoles: Named[] = []
  const approval = readApprovalOf(map, effect, { roles: approverRoles, on: target.on.type, mentions }, report)
  const priority = readPriority(map, report)
  const because = optionalText(map, 'because', report)
  const obligations = readObligations(map, 'obligations', report)
  const advice = readObligations(map, 'advice', report)
  const delegable = readDelegable(map, effect, report)
  optionalText(map, 'description', report)
  if (!id || idNode === undefined || effect === undefined) return undefined
  const model: RuleModel = {
    id,
    effect,
    actions: target.actions.patterns,
    resourceTypes: target.on.type.patterns,
    resourceIds: target.on.id.patterns,
    subjectTypes: target.to.type.patterns,
    subjectIds: target.to.id.patterns,
    roles: target.to.roles.map(({ name }) => name),
    condition,
    approval,
    priority,
    because,
    obligations,
    advice,
    delegable,
    place: placeOf(map.at),
  }
  const { actions, to } = target
  const roles = approverRoles.length === 0 ? to.roles : [...to.roles, ...approverRoles]
  return {
    model,
    idAt: idNode.at,
    actions: actions.exact,
    roles,
    subjectTypes: to.type.exact,
    mentions: kept(mentions),
  }
}

/** Reads `approval`, if there is one; the roles that it names go to `roles`. */
function readApprovalOf(
  map: MapNode,
  effect: Effect | undefined,
  { roles, on, mentions }: { readonly roles: Named[]; readonly on: PatternList; readonly mentions: Mentions },
  report: Report,
): ApprovalModel | undefined {
  if (!map.entries.has('approval')) return undefined
  const names: ApproverNames = { roles, relations: mentions.relations, resourceTypes: exactTypes(on) }
  return readApproval(map, effect, names, report)
}

/** The types, when all of them are exact. */
function exactTypes({ patterns, exact }: PatternList): readonly string[] {
  return patterns.every(({ kind }) => kind === 'exact') && patterns.length > 0 ? exact.map(({ name }) => name) : []
}

function readEffect(map: MapNode, report: Report): Effect | undefined {
  const written = map.entries.names.filter(isEffect)
  const first = written.length < 2 ? written[0] : effects.find((effect) => map.entries.has(effect))
  for (const effect of written.length < 2 ? [] : effects) {
    if (effect === first || !map.entries.has(effect)) continue
    const at = map.entries.get(effect)?.at ?? map.at
    report.error(
      'E_EFFECT',
      at,
      `a rule has one effect, and both "${first}" and "${effect}" are here`,
      'make two rules of it',
    )
  }
  if (first === undefined) {
    const unknown = [...map.entries.keys()].filter((key) => !(ruleKeys as readonly string[]).includes(key))
    // A misspelt effect has been reported as an unknown key.
    const misspelt = unknown.some((key) =>
      (effects as readonly string[]).includes(nearest(key, ruleKeys, ruleSynonyms) ?? ''),
    )
    if (!misspelt)
      report.error('E_EFFECT', map.at, 'the rule has no effect', 'write allow, deny or review, with the actions')
  }
  return first
}

function isEffect(key: string): key is Effect {
  return (effects as readonly string[]).includes(key)
}

function readTarget(map: MapNode, effect: Effect | undefined, report: Report, relations: AskedRelation[]) {
  const actions = effect === undefined ? undefined : map.entries.get(effect)
  const on = readOn(map, report)
  return {
    actions: actions === undefined ? anything : readPatterns(actions.value, report, `"${effect}"`),
    on,
    to: readTo(map, on.type, report, relations),
  }
}

function readOn(map: MapNode, report: Report): { type: PatternList; id: PatternList } {
  const on = map.entries.get('on')
  if (on === undefined) return { type: anything, id: anything }
  if (on.value.kind !== 'map') return { type: readPatterns(on.value, report, '"on"'), id: anything }
  const record = readRecord(on.value, report, '"on"', onKeys)
  if (record !== undefined) requireOne(record, '"on"', 'any resource', report)
  return { type: patternsAt(record, 'type', 'on', report), id: patternsAt(record, 'id', 'on', report) }
}

interface To {
  readonly roles: readonly Named[]
  readonly type: PatternList
  readonly id: PatternList
  /** The subject has a relation to the resource. */
  readonly related: Condition | undefined
}

function readTo(map: MapNode, onType: PatternList, report: Report, relations: AskedRelation[]): To {
  const to = map.entries.get('to')
  if (to === undefined) return { roles: [], type: anything, id: anything, related: undefined }
  const text = to.value.kind === 'scalar' && typeof to.value.scalar === 'string' ? to.value.scalar : undefined
  const advice =
    text === undefined
      ? 'write { role: … }, { relation: … }, { type: … } or { id: … }'
      : `write { role: ${text} } or { type: ${text} }`
  const record = readRecord(to.value, report, '"to"', toKeys, { advice })
  if (record !== undefined) requireOne(record, '"to"', 'any subject', report)
  const role = record?.entries.get('role')
  const roles = role === undefined ? [] : readNames(role.value, report, '"to.role"')
  for (const { name, at } of roles) {
    if (name.includes('*'))
      report.error(
        'E_ROLE',
        at,
        `a role is an exact name, not a pattern: ${quote(name)}`,
        'for any role leave "role" out',
      )
  }
  const type = patternsAt(record, 'type', 'to', report)
  const relation = record?.entries.get('relation')
  const related =
    relation &&
    anyOf(
      readNames(relation.value, report, '"to.relation"').map(({ name, at }) =>
        relatedToResource(name, at, { onType, subjectType: type }, relations),
      ),
    )
  return { roles, type, id: patternsAt(record, 'id', 'to', report), related }
}

function anyOf(parts: readonly Condition[]): Condition | undefined {
  return parts.length > 1 ? { kind: 'any', of: parts } : parts[0]
}

function requireOne(record: MapNode, what: string, all: string, report: Report): void {
  if (record.entries.size === 0 && record.problems.length === 0) {
    report.error('E_MISSING', record.at, `${what} is empty`, `leave it out for ${all}`)
  }
}

function patternsAt(record: MapNode | undefined, key: string, parent: string, report: Report): PatternList {
  const entry = record?.entries.get(key)
  return entry === undefined ? anything : readPatterns(entry.value, report, `"${parent}.${key}"`)
}

/** `to.relation`, `when`, not `unless`, `during` and `chain`. */
function readConditions(
  map: MapNode,
  related: Condition | undefined,
  report: Report,
  mentions: Mentions,
): Condition | undefined {
  const when = map.entries.get('when')
  const unless = map.entries.get('unless')
  const parts: Condition[] = []
  if (related !== undefined) parts.push(related)
  const holds = when && readCondition(when.value, report, mentions)
  if (holds !== undefined) parts.push(holds)
  const fails = unless && readCondition(unless.value, report, mentions)
  if (fails !== undefined) parts.push({ kind: 'not', of: fails })
  const during = map.entries.get('during')
  const time = during && readDuring(during.value, report, mentions.calendars)
  if (time !== undefined) parts.push(time)
  const chain = map.entries.get('chain')
  const follows = chain && readChain(chain.value, report, mentions)
  if (follows !== undefined) parts.push(follows)
  return allOf(parts)
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

const noObligations: readonly Obligation[] = []

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
