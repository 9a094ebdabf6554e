/** Rules: effect and target, condition, and what a decision by the rule carries. */
import { readCarried } from './carried.ts'
import { readChain } from './chain.ts'
import { allOf, readCondition } from './condition.ts'
import type { Effect } from './document.ts'
import { readDuring } from './during.ts'
import { effects, ruleInstead, ruleKeys, ruleSynonyms } from './keys.ts'
import { kept, type Mentions } from './mentions.ts'
import type { Condition, Pattern, RuleModel } from './model.ts'
import { type MapNode, type Node, type Position, placeOf } from './node.ts'
import { anything, type Named, type PatternList, patternsAt } from './pattern-list.ts'
import { hasAny, quote, readRecord, readString } from './read.ts'
import type { Report } from './report.ts'
import { nearest } from './suggest.ts'
import { readOn, readTo } from './target.ts'

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
const recordOptions = { synonyms: ruleSynonyms, instead: ruleInstead, advice: 'write { id: …, allow: … }' }

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
  warnOfSeveral(actions, report)
  const to = readTo(map, on.type, report, mentions.relations)
  const condition = readConditions(map, to.related, report, mentions)
  const carried = readCarried(map, { effect, on: on.type, relations: mentions.relations }, report)
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

/** Several actions in one text are one name, which no request has. */
function warnOfSeveral({ patterns, exact }: PatternList, report: Report): void {
  // The places of names are made when somebody asks for them.
  if (!patterns.some((one) => one.kind === 'exact' && /[,|]/.test(one.value))) return
  for (const { name, at } of exact) {
    if (!/^[\w:.-]+(?:\s*[,|]\s*[\w:.-]+)+$/.test(name)) continue
    const list = name.split(/\s*[,|]\s*/).join(', ')
    report.warning('W_PATTERN', at, `${quote(name)} is the name of one action`, `write [${list}] for several`)
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
const noNames: readonly string[] = []

function namesOf(named: readonly Named[]): readonly string[] {
  const first = named[0]
  if (first === undefined) return noNames
  return named.length === 1 ? [first.name] : named.map(({ name }) => name)
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
