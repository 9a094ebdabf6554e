/** The line of a delegation: from the one that rests on no other down to itself. It is as alive as all of them. */

import type { Limits } from '../../delegation/limits.ts'
import { SallyportError } from '../../errors.ts'
import { fitsKey } from '../../store/values.ts'
import type { GuardEnvironment } from '../environment.ts'
import { type SubjectRef, sameSubject, subjectKey, subjectOf } from '../subject-key.ts'
import { type DelegationRecord, limitsOf, readRecord, recordState } from './record.ts'

/** At least one; the root first. */
export type Line = readonly DelegationRecord[]

/** @throws SallyportError `E_DELEGATION` when there is none with this id in the tenant. */
export async function findRecord({ store }: GuardEnvironment, id: string): Promise<DelegationRecord> {
  const row = fitsKey(id) && id !== '' ? await store.get('delegations', { id }) : undefined
  if (row === undefined) throw new SallyportError('E_DELEGATION', `there is no delegation ${JSON.stringify(id)}`)
  return readRecord(row)
}

/** The line that ends with a record. */
export async function lineOf(environment: GuardEnvironment, record: DelegationRecord): Promise<Line> {
  const above = await Promise.all(record.details.ancestors.map((id) => findRecord(environment, id)))
  return [...above, record]
}

export function lastOf(line: Line): DelegationRecord {
  return line[line.length - 1]!
}

/** What bounds whatever is below a line: of each limit the nearest that is set, as none is wider than one above it. */
export function limitsOfLine(line: Line): Limits {
  const all = line.map(limitsOf)
  return {
    expiresAt: all.findLast(({ expiresAt }) => expiresAt !== undefined)?.expiresAt,
    maxUses: all.findLast(({ maxUses }) => maxUses !== undefined)?.maxUses,
    budget: all.findLast(({ budget }) => budget !== undefined)?.budget,
    redelegate: all[all.length - 1]!.redelegate,
  }
}

/** When the first of the line ends: with it, what rests on it. `NEVER`: none does. */
export function endOf(line: Line): number {
  return Math.min(...line.map(({ row }) => row.expires_at))
}

/** The first of the line that is not active. */
export function inactiveIn(line: Line, now: number): DelegationRecord | undefined {
  return line.find((record) => recordState(record, now) !== 'active')
}

/** How far up in the line somebody is a grantor: 0 is the root's. Undefined: nowhere. */
export function levelIn(line: Line, somebody: SubjectRef): number | undefined {
  const key = subjectKey(somebody)
  const level = line.findIndex(({ row }) => row.grantor === key)
  return level < 0 ? undefined : level
}

export function isGrantee({ row }: DelegationRecord, somebody: SubjectRef): boolean {
  return sameSubject(subjectOf(row.grantee), somebody)
}
