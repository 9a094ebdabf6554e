/** One policy → what all models have in common, and the rest as it stands. */
import { type Entries, type Entry, EntryMap, type MapNode, type Node } from '../../node.ts'
import { describe, quote, readMap, readString, readStrings, readText } from '../../read.ts'
import type { Report } from '../../report.ts'
import { didYouMean } from '../../suggest.ts'
import { type Model, models, type SourcePolicy } from './source.ts'

const policyKeys = [
  'id',
  'tenant_id',
  'evaluator_type',
  'effect',
  'priority',
  'action_match',
  'subject_match',
  'resource_match',
  'conditions',
  'requires_approval',
  'non_delegable',
]

/** A policy, and whose it is. */
export interface ReadPolicy {
  readonly policy: SourcePolicy
  readonly tenant: string | undefined
}

export function readPolicy(node: Node, general: Report): ReadPolicy | undefined {
  const map = readMap(node, general, 'a policy', 'write { id: …, evaluator_type: …, effect: … }')
  if (map === undefined) return undefined
  const idEntry = map.entries.get('id')
  if (idEntry === undefined) general.error('E_MISSING', map.at, 'a policy has no id', 'give it one')
  const id = idEntry && readString(idEntry.value, general, 'the id of a policy')
  const report = general.inRule(id)
  for (const [key, { at }] of map.entries) {
    if (policyKeys.includes(key)) continue
    report.warning('W_IMPORT', at, `open-guard ignores the key ${quote(key)}`, didYouMean(key, policyKeys))
  }
  const model = readModel(map, report)
  const effect = readEffect(map, report)
  const tenant = present(map, 'tenant_id')
  const parts = (key: string): Entries => {
    const entry = map.entries.get(key)
    return (entry && readMap(entry.value, report, quote(key)))?.entries ?? new EntryMap()
  }
  const approval = present(map, 'requires_approval')
  const nonDelegable = map.entries.get('non_delegable')?.value
  const policy = {
    priority: readPriority(map, report),
    actions: readActions(map, report),
    subjectMatch: parts('subject_match'),
    resourceMatch: parts('resource_match'),
    conditions: parts('conditions'),
    approval: effect === 'allow' ? approval : undefined,
    delegable: !(nonDelegable?.kind === 'scalar' && nonDelegable.scalar === true),
    at: map.at,
    report,
  }
  if (id === undefined || model === undefined || effect === undefined) return undefined
  return { policy: { id, model, effect, ...policy }, tenant: tenant && readString(tenant.value, report, '"tenant_id"') }
}

function readModel(map: MapNode, report: Report): Model | undefined {
  const entry = map.entries.get('evaluator_type')
  if (entry === undefined) {
    report.error('E_MISSING', map.at, 'the policy has no evaluator_type', `write one of ${models.join(', ')}`)
    return undefined
  }
  const name = readString(entry.value, report, '"evaluator_type"')
  const model = models.find((known) => known === name)
  if (name !== undefined && model === undefined) {
    const found = `the evaluator ${quote(name)} is not one of open-guard itself`
    report.error('E_IMPORT', entry.value.at, found, `only ${models.join(', ')} can be imported`)
  }
  return model
}

function readEffect(map: MapNode, report: Report): 'allow' | 'deny' | undefined {
  const entry = map.entries.get('effect')
  if (entry === undefined) return 'allow'
  const effect = readString(entry.value, report, '"effect"')
  if (effect === 'allow' || effect === 'deny') return effect
  if (effect !== undefined)
    report.error('E_EFFECT', entry.value.at, `unknown effect ${quote(effect)}`, 'write allow or deny')
  return undefined
}

/** Deny and allow are weighed from −1 upwards: what is below counts as −1. */
function readPriority(map: MapNode, report: Report): number {
  const entry = map.entries.get('priority')
  if (entry === undefined) return 0
  const value = entry.value.kind === 'scalar' ? entry.value.scalar : undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value > 2147483647) {
    const found = `a priority cannot be ${describe(entry.value)}`
    report.error('E_PRIORITY', entry.value.at, found, 'write an integer up to 2147483647')
    return 0
  }
  if (value < -1) report.warning('W_IMPORT', entry.at, `open-guard takes the priority ${value} for -1`)
  return Math.max(value, -1)
}

function readActions(map: MapNode, report: Report): readonly string[] | undefined {
  const entry = map.entries.get('action_match')
  if (entry === undefined) return undefined
  const list = entry.value.kind === 'list'
  const single = list ? undefined : readText(entry.value, report, '"action_match"')
  if (single === '*') return undefined
  const names = list ? readStrings(entry.value, report, '"action_match"') : single === undefined ? [] : [single]
  for (const name of names ?? []) {
    if (!/[*?[]/.test(name)) continue
    const found = `open-guard compares actions as they are: ${quote(name)} is no pattern to it`
    report.warning('W_IMPORT', entry.at, found, list && name === '*' ? 'for any action it needs "*" alone' : undefined)
  }
  return names ?? []
}

/** An entry that is not null. */
export function present(map: MapNode, key: string): Entry | undefined {
  const entry = map.entries.get(key)
  return entry?.value.kind === 'scalar' && entry.value.scalar === null ? undefined : entry
}
