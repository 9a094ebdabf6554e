/** `relations`: types, their relations, and how each is come by. */
import type { RewriteModel, SubjectType } from '../../tuple/relation-model.ts'
import { type Entries, EntryMap, type Node, type Position } from '../node.ts'
import { describe, quote, readMap, readString, readText, readValue } from '../read.ts'
import type { Report } from '../report.ts'
import { checkName } from './name.ts'
import type { ParsedCondition } from './named-condition.ts'
import { readOpenFga, readOpenFgaJson } from './openfga.ts'
import { readRewrite } from './rewrite.ts'

export interface ParsedRelations {
  readonly types: readonly ParsedType[]
  /** Those that a model of another language brings. */
  readonly conditions: readonly ParsedCondition[]
}

export interface ParsedType {
  readonly name: string
  readonly at: Position
  readonly relations: readonly ParsedRelation[]
}

export interface ParsedRelation {
  readonly name: string
  readonly at: Position
  readonly by: RewriteModel
}

const nothing: ParsedRelations = { types: [], conditions: [] }
const advice = "write { document: { viewer: [user] } }, or OpenFGA's model as text"

/** Reads `relations`. Mistakes go to the report, and what has them is left out. */
export function readRelations(node: Node, report: Report): ParsedRelations {
  if (node.kind === 'scalar' && typeof node.scalar === 'string') return readOpenFga(node.scalar, node.at, report)
  const map = readMap(node, report, '"relations"', advice)
  if (map === undefined) return nothing
  const openfga = map.entries.get('openfga')
  if (openfga !== undefined) {
    for (const [key, entry] of map.entries) {
      if (key !== 'openfga')
        report.error(
          'E_KEY',
          entry.at,
          `${quote(key)} stands beside "openfga"`,
          'write all types in one of the two ways',
        )
    }
    if (openfga.value.kind === 'map') {
      return readOpenFgaJson(readValue(openfga.value, report), openfga.value.at, report)
    }
    const text = readText(openfga.value, report, '"openfga"')
    return text === undefined ? nothing : readOpenFga(text, openfga.value.at, report)
  }
  if (map.entries.size === 0 && map.problems.length === 0)
    report.error('E_MISSING', map.at, '"relations" is empty', advice)
  const types: ParsedType[] = []
  for (const [name, { at, value }] of map.entries) {
    checkName(name, 'type', at, report)
    const relations = readMap(value, report, `the type ${quote(name)}`, 'write { relation: [user] }, or {} for none')
    types.push({ name, at, relations: readEach(relations?.entries ?? new EntryMap(), report) })
  }
  return { types, conditions: [] }
}

function readEach(entries: Entries, report: Report): ParsedRelation[] {
  const relations: ParsedRelation[] = []
  for (const [name, { at, value }] of entries) {
    checkName(name, 'relation', at, report)
    const by = readRewrite(value, report, `the relation ${quote(name)}`, 1)
    if (by !== undefined) relations.push({ name, at, by })
  }
  return relations
}

/** Reads `relation_depth`. */
export function readDepth(node: Node, report: Report): number | undefined {
  const value = node.kind === 'scalar' ? node.scalar : undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 50) return value
  if (node.kind === 'broken') report.problem(node)
  else
    report.error(
      'E_RELATION',
      node.at,
      `"relation_depth" cannot be ${describe(node)}`,
      'write a whole number from 1 to 50',
    )
  return undefined
}

/** `user`, `user:*` or `group#member`, maybe ` with condition`. */
export function readSubjectType(node: Node, report: Report): SubjectType | undefined {
  const text = readString(node, report, 'an item of a list of subject types')
  if (text === undefined) return undefined
  const match = /^([^\s:#@*]+)(?:(:\*)|#([^\s:#@*]+))?(?:\s+with\s+([^\s:#@*]+))?$/u.exec(text)
  const [, type, wildcard, relation, condition] = match ?? []
  if (type === undefined) {
    report.error('E_RELATION', node.at, `${quote(text)} is no type of subject`, 'write user, user:* or group#member')
    return undefined
  }
  return {
    type,
    ...(relation !== undefined && { relation }),
    ...(wildcard !== undefined && { wildcard: true as const }),
    ...(condition !== undefined && { condition }),
  }
}
