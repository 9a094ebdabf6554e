/** The tuples of documents: read, and checked against the model. */
import { checkFit } from '../../tuple/fit.ts'
import { type RelationModel, RelationNames } from '../../tuple/relation-model.ts'
import { formatTuple, readTuple, type Tuple, TupleMistake } from '../../tuple/tuple.ts'
import type { AttributeValue } from '../document.ts'
import { tupleKeys } from '../keys.ts'
import type { Node, Position } from '../node.ts'
import { describe, readRecord, readValue } from '../read.ts'
import { locate, type Report } from '../report.ts'

export interface ParsedTuple {
  readonly tuple: Tuple
  readonly at: Position
}

/** Reads one item of `entities.tuples`. */
export function readTupleNode(node: Node, report: Report): ParsedTuple | undefined {
  if (node.kind === 'broken') {
    report.problem(node)
    return undefined
  }
  const value = node.kind === 'map' ? readTupleMap(node, report) : node.kind === 'scalar' ? node.scalar : undefined
  if (typeof value === 'string' || (typeof value === 'object' && value !== null)) {
    const tuple = attempt(report, node.at, () => readTuple(value))
    return tuple && { tuple, at: node.at }
  }
  if (node.kind !== 'map')
    report.error('E_TUPLE', node.at, `a tuple cannot be ${describe(node)}`, 'write document:1#viewer@user:ann')
  return undefined
}

function readTupleMap(node: Node, report: Report): AttributeValue | undefined {
  const map = readRecord(node, report, 'a tuple', tupleKeys)
  if (map === undefined || [...map.entries.keys()].some((key) => !(tupleKeys as readonly string[]).includes(key)))
    return undefined
  return readValue(map, report)
}

/** The tuples that the model allows, each once. */
export function mergeTuples(tuples: readonly ParsedTuple[], model: RelationModel | undefined, report: Report): Tuple[] {
  const first = tuples[0]
  if (first === undefined) return []
  if (model === undefined) {
    report.error('E_TUPLE', first.at, 'there are tuples, but no "relations"', 'add the relations that they are about')
    return []
  }
  const names = new RelationNames(model)
  const seen = new Map<string, Position>()
  for (const { tuple, at } of tuples) {
    attempt(report, at, () => checkFit(tuple, names))
    const text = formatTuple(tuple)
    const earlier = seen.get(text)
    if (earlier === undefined) seen.set(text, at)
    else
      report.error(
        'E_DUPLICATE',
        at,
        `the tuple ${text} occurs twice`,
        `the first one is at ${locate(earlier, at)}; remove one`,
      )
  }
  return tuples.map(({ tuple }) => tuple)
}

function attempt<T>(report: Report, at: Position, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TupleMistake)) throw error
    report.error('E_TUPLE', at, error.message, error.advice)
    return undefined
  }
}
