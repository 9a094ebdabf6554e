/** Actor chains: the document's `chain` (its limits), and the `chain` of a rule, which is short for conditions. */
import { allOf, readTest } from './condition.ts'
import { chainKeys, chainSettingKeys } from './keys.ts'
import type { Mentions } from './mentions.ts'
import type { AttributePath, ChainModel, Condition } from './model.ts'
import type { Entry, MapNode, Node } from './node.ts'
import type { Scope } from './operator.ts'
import { type Items, parsePath } from './path.ts'
import { describe, readBoolean, readMap, readRecord, wrongType } from './read.ts'
import { attempt } from './refusal.ts'
import type { Report } from './report.ts'
import { readTrust } from './trust.ts'

export const defaultChain: ChainModel = { maxDepth: 5, repeats: false }
/** Beyond it a chain is no chain of people and programs any more, and every hop costs time. */
const deepest = 64

/** Reads the document's `chain`. */
export function readChainSettings(node: Node, report: Report): ChainModel | undefined {
  const map = readRecord(node, report, '"chain"', chainSettingKeys, { advice: 'write { max_depth: 3 }' })
  if (map === undefined) return undefined
  const depth = map.entries.get('max_depth')?.value
  const repeats = map.entries.get('repeats')
  const allowed = repeats === undefined ? false : readBoolean(repeats.value, report, '"repeats"')
  const maxDepth = depth === undefined ? defaultChain.maxDepth : readDepth(depth, report)
  return maxDepth === undefined || allowed === undefined ? undefined : { maxDepth, repeats: allowed }
}

function readDepth(node: Node, report: Report): number | undefined {
  if (node.kind === 'broken') return wrongType(node, report, '', '')
  const value = node.kind === 'scalar' ? node.scalar : undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= deepest) return value
  const found = `"max_depth" cannot be ${describe(node)}`
  report.error('E_LIMIT', node.at, found, `write a whole number from 0 (no delegation) to ${deepest}`)
  return undefined
}

/** Reads the `chain` of a rule, as the conditions that it stands for. */
export function readChain(node: Node, report: Report, mentions: Mentions): Condition | undefined {
  const advice = 'write, for example, { root: { type: user }, depth: { lte: 2 } }'
  const map = readRecord(node, report, '"chain"', chainKeys, { advice })
  if (map === undefined) return undefined
  if (map.entries.size === 0 && map.problems.length === 0) {
    report.error('E_MISSING', map.at, '"chain" is empty', 'leave it out for any chain')
  }
  const scope: Scope = { report, mentions, inItems: false, inTuple: false, source: map.at.source, depth: 2 }
  const parts: (Condition | undefined)[] = []
  for (const [key, entry] of map.entries) {
    if (key === 'root' || key === 'immediate') parts.push(actor(entry, `chain.${key}`, scope))
    else if (key === 'depth') parts.push(readTest(parsePath('chain.depth', false), entry, scope))
    else if (key === 'any' || key === 'all' || key === 'none') parts.push(ancestors(key, entry, scope))
    else if (key === 'trust') parts.push(readTrust(entry.value, scope))
  }
  return allOf(parts.filter((part) => part !== undefined))
}

function ancestors(quantifier: 'any' | 'all' | 'none', entry: Entry, scope: Scope): Condition | undefined {
  const of = actor(entry, 'item', { ...scope, inItems: 'actors', depth: scope.depth + 1 })
  return of && { kind: 'items', path: parsePath('chain.ancestors', false), quantifier, of }
}

/** Tests of one actor: its `type`, its `id` and its properties by name. */
function actor({ value }: Entry, prefix: string, scope: Scope): Condition | undefined {
  const { report } = scope
  const map = readMap(value, report, `the actor in "chain"`, 'write, for example, { type: user }')
  if (map === undefined) return undefined
  if (map.entries.size === 0 && map.problems.length === 0) {
    report.error('E_MISSING', map.at, 'nothing is asked of the actor', 'name its type, its id or a property')
  }
  return allOf(actorTests(map, prefix, scope))
}

function actorTests(map: MapNode, prefix: string, scope: Scope): Condition[] {
  return [...map.entries].flatMap(([key, entry]) => {
    const path = attempt(scope.report, 'E_PATH', entry.at, '', () => pathOf(prefix, key, scope.inItems))
    const test = path && readTest(path, entry, scope)
    return test === undefined ? [] : [test]
  })
}

function pathOf(prefix: string, key: string, items: Items): AttributePath {
  return parsePath(key.startsWith('[') ? prefix + key : `${prefix}.${key}`, items)
}
