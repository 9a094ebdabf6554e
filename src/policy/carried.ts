/** What decisions by a rule carry, and what else few rules have: priority, approval, texts, obligations. */
import { readApproval } from './approval.ts'
import type { Effect, Obligation } from './document.ts'
import { rareRuleKeys } from './keys.ts'
import type { RuleModel } from './model.ts'
import type { MapNode } from './node.ts'
import type { Named, PatternList } from './pattern-list.ts'
import {
  describe,
  hasAny,
  readBoolean,
  readList,
  readMap,
  readProperties,
  readString,
  readText,
  wrongType,
} from './read.ts'
import type { AskedRelation } from './relations/asked.ts'
import type { Report } from './report.ts'

/** What decisions by a rule carry, and what else few rules have. */
export interface Carried
  extends Pick<RuleModel, 'priority' | 'approval' | 'because' | 'obligations' | 'advice' | 'delegable'> {
  /** Of approvers. */
  readonly roles: readonly Named[]
}

/** What of the rule it depends on. */
interface Carrying {
  readonly effect: Effect | undefined
  readonly on: PatternList
  readonly relations: AskedRelation[]
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
  roles: [],
}

export function readCarried(map: MapNode, { effect, on, relations }: Carrying, report: Report): Carried {
  if (!hasAny(map.entries.names, carriedKeys)) return nothingCarried
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

/** The types, when all of them are exact. */
function exactTypes({ patterns, exact }: PatternList): readonly string[] {
  return patterns.every(({ kind }) => kind === 'exact') && patterns.length > 0 ? exact.map(({ name }) => name) : []
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
