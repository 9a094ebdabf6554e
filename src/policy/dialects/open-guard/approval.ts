/** `requires_approval`: who has to approve. */
import type { Approval, Approver } from '../../document.ts'
import type { Entry, MapNode } from '../../node.ts'
import { describe, readMap, readStrings } from '../../read.ts'
import type { Report } from '../../report.ts'
import type { Roles } from './roles.ts'

/**
 * What a rule says of approvers: open-guard's are names, of users if nothing else is said. `role:…` is resolved here, where open-guard
 * compares it as a text. Undefined when nobody is named.
 */
export function readRequiredApproval(entry: Entry, roles: Roles, report: Report): Approval | undefined {
  const map = readMap(entry.value, report, '"requires_approval"', 'write { approvers: [...] }')
  const list = map?.entries.get('approvers')
  const names = list && readStrings(list.value, report, '"approvers"')
  if (map === undefined || names === undefined || names.length === 0) {
    report.warning('W_IMPORT', entry.at, '"requires_approval" names no approvers: nobody can approve', 'name some')
    return undefined
  }
  const by = names.flatMap((name): readonly Approver[] => {
    const role = /^role:(.+)$/s.exec(name)?.[1]
    if (role !== undefined) return roles.holding([role], report, entry.at).map((one) => ({ role: one }))
    return [name.includes(':') ? { id: name } : `user:${name}`]
  })
  const quorum = readQuorum(map, report)
  const seconds = readSeconds(map, report)
  return {
    by,
    ...(quorum !== undefined && { quorum }),
    ...(seconds !== undefined && { within: `PT${seconds}S` }),
  }
}

function readQuorum(map: MapNode, report: Report): Approval['quorum'] {
  const entry = map.entries.get('quorum')
  if (entry === undefined) return undefined
  const value = entry.value.kind === 'scalar' ? entry.value.scalar : undefined
  if (value === 'any' || value === 'all') return value
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  report.error('E_IMPORT', entry.at, `a quorum cannot be ${describe(entry.value)}`, 'write any, all or a number')
  return undefined
}

function readSeconds(map: MapNode, report: Report): number | undefined {
  const entry = map.entries.get('ttl_seconds')
  const value = entry?.value.kind === 'scalar' ? entry.value.scalar : undefined
  if (entry === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  report.error('E_IMPORT', entry.at, `"ttl_seconds" cannot be ${describe(entry.value)}`, 'write a whole number')
  return undefined
}
