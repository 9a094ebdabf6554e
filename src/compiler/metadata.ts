/** What the host needs and the core does not: names, paths, candidates for search, and each rule's texts. */

import type { ApprovalModel } from '../policy/approval-model.ts'
import { defaultChain } from '../policy/chain.ts'
import type { AttributeValue, CombiningAlgorithm, Obligation } from '../policy/document.ts'
import type { ChainModel, EntityModel, PolicyModel, RuleModel } from '../policy/model.ts'
import type { RelationModel } from '../tuple/relation-model.ts'
import type { SlotSpec } from './slots.ts'

export interface Metadata {
  readonly tenant: string
  readonly sets: readonly { readonly name: string; readonly algorithm: CombiningAlgorithm }[]
  /** By slot number; see assembly/abi/frame.ts for the fixed ones. */
  readonly slots: readonly SlotSpec[]
  readonly actions: readonly string[]
  /** Offset of a regex program in its section, and the source. */
  readonly regexes: readonly (readonly [offset: number, source: string])[]
  /** Offset of a zone table in its section, and the zone's name. */
  readonly zones: readonly (readonly [offset: number, name: string])[]
  /** Offset of a schedule in its section, and the keys of the document that it came from. */
  readonly schedules: readonly (readonly [offset: number, source: Readonly<Record<string, AttributeValue>>])[]
  /** Of each expression: its offset in its section, the source, and the places of its nodes (see Program). */
  readonly expressions: readonly (readonly [offset: number, source: string, places: readonly number[]])[]
  readonly entities: { readonly subject: EntityIds; readonly resource: EntityIds }
  /** Which actor chains a request may bring; left out where the policies say nothing of them. */
  readonly chain?: ChainModel
  /** Attributes whose values are not shown; left out when there are none. */
  readonly secrets?: readonly SecretSpec[]
  /** What relations there are; see assembly/abi/relations.ts, RelationTable, for how they are numbered. */
  readonly relations?: RelationModel
}

export interface SecretSpec {
  readonly root: string
  readonly keys: readonly (string | number)[]
}

/** Type → ids, both sorted by code point. */
export type EntityIds = readonly (readonly [type: string, ids: readonly string[]])[]

export interface RuleText {
  readonly id: string
  readonly because?: string
  readonly obligations?: readonly Obligation[]
  readonly advice?: readonly Obligation[]
  /** Of a review: who has to approve. */
  readonly approval?: ApprovalModel
  /** Left out: what it allows may be lent on. */
  readonly delegable?: false
  /** `FILE:LINE:COLUMN`, when the policy came from a text. */
  readonly place?: string
}

export function describe(
  model: PolicyModel,
  tables: Pick<Metadata, 'slots' | 'regexes' | 'zones' | 'schedules' | 'expressions'>,
): Metadata {
  return {
    tenant: model.tenant,
    sets: model.sets.map(({ name, algorithm }) => ({ name, algorithm })),
    slots: tables.slots,
    actions: actionsOf(model),
    regexes: tables.regexes,
    zones: tables.zones,
    schedules: tables.schedules,
    expressions: tables.expressions,
    entities: { subject: idsByType(model.subjects), resource: idsByType(model.resources) },
    ...(model.chain !== defaultChain && { chain: model.chain }),
    ...(model.secrets.length > 0 && { secrets: model.secrets.map(({ root, keys }) => ({ root, keys })) }),
    ...(model.relations !== undefined && { relations: model.relations }),
  }
}

/** The declared actions, or every exact action of a rule. */
function actionsOf(model: PolicyModel): string[] {
  if (model.actions.length > 0) return sortedUnique(model.actions)
  const named = new Set<string>()
  for (const { rules } of model.sets) {
    for (let i = 0; i < rules.length; i++) {
      const { actions } = rules[i]!
      for (let j = 0; j < actions.length; j++) {
        const action = actions[j]!
        if (action.kind === 'exact') named.add(action.value)
      }
    }
  }
  return sortedUnique(named)
}

function idsByType(entities: readonly EntityModel[]): EntityIds {
  const ids = new Map<string, string[]>()
  for (const { type, id } of entities) {
    const known = ids.get(type)
    if (known === undefined) ids.set(type, [id])
    else known.push(id)
  }
  return sortedUnique([...ids.keys()]).map((type) => [type, sortedUnique(ids.get(type) ?? [])])
}

function sortedUnique(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(byCodePoint)
}

/** JavaScript orders by UTF-16 code unit, which puts astral characters before U+E000; code points do not. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const surrogates = Number((x & 0xf800) === 0xd800) - Number((y & 0xf800) === 0xd800)
    return surrogates !== 0 ? surrogates : x - y
  }
  return a.length - b.length
}

export function describeRule(rule: RuleModel): RuleText {
  const { file, line, column } = rule.place
  // In this order: the core copies the first four into answers (assembly/json/reply.ts).
  const text: { -readonly [Key in keyof RuleText]: RuleText[Key] } = { id: rule.id }
  if (rule.because !== undefined) text.because = rule.because
  if (rule.obligations.length > 0) text.obligations = rule.obligations
  if (rule.advice.length > 0) text.advice = rule.advice
  if (rule.approval !== undefined) text.approval = rule.approval
  if (!rule.delegable) text.delegable = false
  if (line > 0) text.place = `${file}:${line}:${column}`
  return text
}
