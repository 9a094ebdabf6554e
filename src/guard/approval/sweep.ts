/** What time does to requests: others may approve as well, or it is too late. Nothing is decided here, only written down and told. */

import type { ApprovalEvent } from './notifier.ts'
import { type ApprovalTools, NEVER } from './open.ts'
import type { ApprovalRow } from './record.ts'

export interface Swept {
  readonly type: ApprovalEvent['type']
  readonly row: ApprovalRow
}

/** Escalates and expires what is due, at most so many of each; each is told of by one process only. */
export async function sweepApprovals({ store, now }: ApprovalTools, limit: number): Promise<readonly Swept[]> {
  const at = now()
  const pending = { column: 'state', is: '=', value: 'pending' } as const
  const expired = await store.find('approvals', {
    by: 'by_expiry',
    where: [pending, { column: 'expires_at', is: '<=', value: at }],
    limit,
  })
  const late = await store.find('approvals', {
    by: 'by_escalation',
    where: [pending, { column: 'escalates_at', is: '<=', value: at }, { column: 'expires_at', is: '>', value: at }],
    limit,
  })
  const swept: Swept[] = []
  for (const row of expired) {
    const when = [pending, { column: 'expires_at', is: '<=', value: at }] as const
    const set = { state: 'expired', escalates_at: NEVER }
    const { applied } = await store.write([{ update: 'approvals', key: { id: row.id }, set, when }])
    if (applied) swept.push({ type: 'approval.resolved', row: { ...row, ...set } })
  }
  for (const row of late) {
    const when = [pending, { column: 'escalates_at', is: '=', value: row.escalates_at }] as const
    const set = { escalates_at: NEVER }
    const { applied } = await store.write([{ update: 'approvals', key: { id: row.id }, set, when }])
    if (applied) swept.push({ type: 'approval.escalated', row: { ...row, ...set } })
  }
  return swept
}
