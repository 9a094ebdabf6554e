/** Reading separations of duty: roles that must not come together. */
import { separationKeys, separationKinds } from './keys.ts'
import type { SeparationModel } from './model.ts'
import type { Entry, Node, Position } from './node.ts'
import { type Named, readNames } from './pattern-list.ts'
import { describe, quote, readList, readRecord } from './read.ts'
import type { Report } from './report.ts'

/** A separation, and where it and its roles stand. */
export interface ParsedSeparation {
  readonly model: SeparationModel
  readonly at: Position
  readonly roles: readonly Named[]
}

const example = 'write { static: [{ roles: [requester, approver], at_most: 1 }] }'

/** Reads `separation`. */
export function readSeparations(entry: Entry | undefined, report: Report): ParsedSeparation[] {
  const map = entry && readRecord(entry.value, report, '"separation"', separationKinds, { advice: example })
  if (map === undefined) return []
  if (map.entries.size === 0 && map.problems.length === 0) {
    report.error('E_MISSING', map.at, '"separation" is empty', example)
  }
  return separationKinds.flatMap((kind) => {
    const part = map.entries.get(kind)
    const list = part && readList(part.value, report, `"${kind}" of "separation"`, 'write [{ roles: [a, b] }]')
    if (list?.items.length === 0) {
      report.error('E_MISSING', list.at, `"${kind}" of "separation" is an empty list`, 'leave it out')
    }
    return list?.items.flatMap((item) => readSeparation(item, kind, report) ?? []) ?? []
  })
}

function readSeparation(node: Node, kind: SeparationModel['kind'], report: Report): ParsedSeparation | undefined {
  const map = readRecord(node, report, 'a separation', separationKeys, {
    advice: 'write { roles: [a, b], at_most: 1 }',
  })
  if (map === undefined) return undefined
  const rolesNode = map.entries.get('roles')?.value
  if (rolesNode === undefined) report.error('E_MISSING', map.at, 'a separation has no roles', 'write roles: [a, b]')
  const roles = rolesNode === undefined ? [] : readNames(rolesNode, report, '"roles" of a separation')
  const names = roles.map(({ name }) => name)
  if (roles.length === 1) {
    report.error('E_SEPARATION', map.at, `a separation needs two roles, not ${quote(names[0] ?? '')} alone`, 'add one')
  }
  const limit = map.entries.get('at_most')?.value
  const atMost = limit === undefined ? 1 : readAtMost(limit, roles.length, report)
  if (roles.length < 2 || atMost === undefined) return undefined
  return { model: { kind, roles: names, atMost }, at: map.at, roles }
}

function readAtMost(node: Node, roles: number, report: Report): number | undefined {
  if (node.kind === 'broken') {
    report.problem(node)
    return undefined
  }
  const value = node.kind === 'scalar' ? node.scalar : undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    report.error('E_SEPARATION', node.at, `"at_most" cannot be ${describe(node)}`, 'write a whole number from 1')
    return undefined
  }
  if (value < roles || roles < 2) return value
  const found = `"at_most" is ${value}, and there are ${roles} roles: nothing ever breaks this`
  report.error('E_SEPARATION', node.at, found, `write a number below ${roles}`)
  return undefined
}
