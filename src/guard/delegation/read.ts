/** Reading a delegation on somebody's behalf: those whom it concerns, and whom the policies permit. */
import type { Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import { subjectKey, subjectOf } from '../subject-key.ts'
import { findRecord, type Line, lastOf, levelIn, lineOf } from './line.ts'
import { permit } from './permission.ts'
import type { DelegationRecord } from './record.ts'
import type { DelegationTools } from './tools.ts'

/** @throws SallyportError `E_DELEGATION` when there is none with this id, or none that is anything to `by` */
export async function readFor({ environment }: DelegationTools, id: string, by: Subject): Promise<DelegationRecord> {
  const record = await findRecord(environment, id)
  const line = await lineOf(environment, record)
  const about = {
    id,
    grantor: subjectOf(record.row.grantor),
    grantee: subjectOf(record.row.grantee),
    properties: { depth: record.row.depth },
  }
  const own = concerns(line, by)
  try {
    await permit(environment.decide, { action: 'delegation:read', by, about, own, now: environment.now() })
    return record
  } catch (error) {
    if (!(error instanceof SallyportError) || error.code !== 'E_DELEGATION_FORBIDDEN') throw error
    throw new SallyportError('E_DELEGATION', `there is no delegation ${JSON.stringify(id)}`)
  }
}

/** Who lent it or what it rests on, who holds it, who asked for it, and who may renew it. */
function concerns(line: Line, by: Subject): boolean {
  const { row, details } = lastOf(line)
  const key = subjectKey(by)
  const named = [row.grantee, details.created_by, ...details.renewable_by]
  return levelIn(line, by) !== undefined || named.includes(key)
}
