/** The targets of rules: which resources (`on`) and which subjects (`to`). */
import { onKeys, toKeys } from './keys.ts'
import type { Condition } from './model.ts'
import type { MapNode, Node } from './node.ts'
import { anything, type Named, type PatternList, patternsAt, readNames, readPatterns } from './pattern-list.ts'
import { quote, readRecord } from './read.ts'
import type { AskedRelation } from './relations/asked.ts'
import { relatedToResource } from './relations/related.ts'
import type { Report } from './report.ts'

export interface On {
  readonly type: PatternList
  readonly id: PatternList
}

const anyResource: On = { type: anything, id: anything }

export function readOn(map: MapNode, report: Report): On {
  const on = map.entries.get('on')
  if (on === undefined) return anyResource
  if (on.value.kind !== 'map') {
    const type = readPatterns(on.value, report, '"on"')
    warnOfIds(type, report)
    return { type, id: anything }
  }
  const record = readRecord(on.value, report, '"on"', onKeys)
  if (record === undefined) return anyResource
  requireOne(record, '"on"', 'any resource', report)
  return { type: patternsAt(record, 'type', '"on.type"', report), id: patternsAt(record, 'id', '"on.id"', report) }
}

export interface To {
  readonly roles: readonly Named[]
  readonly type: PatternList
  readonly id: PatternList
  /** The subject has a relation to the resource. */
  readonly related: Condition | undefined
}

const anybody: To = { roles: [], type: anything, id: anything, related: undefined }

export function readTo(map: MapNode, onType: PatternList, report: Report, relations: AskedRelation[]): To {
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

/** `record:1` is how tuples and the command line write an entity. */
function warnOfIds(types: PatternList, report: Report): void {
  // The text of most types is at hand in the pattern; their places are made when somebody asks.
  if (!types.patterns.some((one) => one.kind === 'exact' && one.value.includes(':'))) return
  for (const { name, at } of types.exact) {
    const [, type, id] = /^([\w-]+):([\w-]*\d[\w-]*)$/.exec(name) ?? []
    if (id === undefined) continue
    report.warning('W_PATTERN', at, `${quote(name)} is taken for a type`, `write { type: ${type}, id: "${id}" }`)
  }
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
