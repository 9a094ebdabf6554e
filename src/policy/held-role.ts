/** The roles that a known subject holds: everywhere, on one type of resources, or on one resource. */
import { heldRoleKeys, roleOnKeys } from './keys.ts'
import type { HeldRoleModel } from './model.ts'
import type { MapNode, Node, Position } from './node.ts'
import { readList, readRecord, readString, wrongType } from './read.ts'
import type { Report } from './report.ts'

/** A role that a subject holds, and where that is said. */
export interface ParsedHeldRole extends HeldRoleModel {
  readonly at: Position
}

const forms = 'write [viewer, { role: editor, on: record }, { role: owner, on: { type: record, id: r1 } }]'

/** Reads the roles of an entity, each once; undefined when they are no list. */
export function readHeldRoles(node: Node, report: Report): ParsedHeldRole[] | undefined {
  const single = node.kind === 'scalar' && typeof node.scalar === 'string' ? `write [${node.scalar}]` : forms
  const list = readList(node, report, '"roles"', single)
  if (list === undefined) return undefined
  const held = new Map<string, ParsedHeldRole>()
  for (const item of list.items) {
    const one = readHeldRole(item, report)
    if (one === undefined) continue
    const key = JSON.stringify([one.role, one.type ?? null, one.id ?? null])
    if (!held.has(key)) held.set(key, one)
  }
  return [...held.values()]
}

function readHeldRole(node: Node, report: Report): ParsedHeldRole | undefined {
  if (node.kind !== 'map') {
    const role = readString(node, report, 'an item of "roles"')
    return role === undefined ? undefined : { role, type: undefined, id: undefined, at: node.at }
  }
  const map = readRecord(node, report, 'a held role', heldRoleKeys, { advice: forms })
  if (map === undefined) return undefined
  const role = required(map, 'role', 'a held role', 'write { role: …, on: … }', report)
  const on = map.entries.get('on')
  if (on === undefined) {
    // A misspelt "on" has been reported as an unknown key.
    if ([...map.entries.keys()].every((key) => key === 'role')) {
      const advice = `for every resource write ${role ?? '…'} alone`
      report.error('E_MISSING', map.at, 'a held role has no "on"', advice)
    }
    return undefined
  }
  const scope = readScope(on.value, report)
  return role === undefined || scope === undefined ? undefined : { role, ...scope, at: node.at }
}

/** A type, or a type and maybe an id: `on` of a rule takes patterns, this one does not. */
function readScope(node: Node, report: Report): { type: string; id: string | undefined } | undefined {
  if (node.kind === 'list') {
    return wrongType(node, report, '"on" of a held role', 'a type or { type, id }', 'hold the role once for each')
  }
  if (node.kind !== 'map') {
    const type = readString(node, report, '"on" of a held role')
    return type === undefined ? undefined : { type, id: undefined }
  }
  const map = readRecord(node, report, '"on" of a held role', roleOnKeys)
  if (map === undefined) return undefined
  const type = required(map, 'type', '"on" of a held role', 'write { type: …, id: … }', report)
  const idNode = map.entries.get('id')?.value
  const id = idNode && readString(idNode, report, 'the id of a held role')
  // An id that cannot be read must not widen the role to the whole type.
  return type === undefined || (idNode !== undefined && id === undefined) ? undefined : { type, id }
}

function required(map: MapNode, key: string, what: string, advice: string, report: Report): string | undefined {
  const entry = map.entries.get(key)
  if (entry !== undefined) return readString(entry.value, report, `the ${key} of ${what}`)
  report.error('E_MISSING', map.at, `${what} has no ${key}`, advice)
  return undefined
}
