/**
 * Revoking. What rests on a delegation ends with it at once, because a line is as alive as all that is in it. The walk over those
 * below is for the record, so that each says of itself that it is revoked, and for those who verify proofs offline.
 */
import type { Subject } from '../../engine/types.ts'
import type { Row, Write } from '../../store/port.ts'
import type { GuardEnvironment } from '../environment.ts'
import { subjectKey } from '../subject-key.ts'
import { endOf, lineOf } from './line.ts'
import { type DelegationRecord, type Details, readRecord } from './record.ts'
import type { DelegationTools } from './tools.ts'
import { type Authority, changeState } from './transition.ts'

const PAGE = 100

/**
 * Revokes a delegation and all that was passed on from it. When it is interrupted, the effect is there and the record is not
 * complete; revoking once more completes it.
 *
 * @returns the delegation, and how many below it were marked
 */
export async function revokeLine(
  tools: DelegationTools,
  id: string,
  by: Subject,
  authority?: Authority,
): Promise<{ readonly record: DelegationRecord; readonly below: number }> {
  const record = await changeState(tools, 'revoke', id, by, authority)
  const { environment } = tools
  let below = 0
  const waiting = [{ id, end: endOf(await lineOf(environment, record)) }]
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    for await (const child of childrenOf(environment, parent.id)) {
      const end = Math.min(parent.end, child.expires_at)
      waiting.push({ id: child.id, end })
      if (await mark(environment, child, { by: subjectKey(by), end })) below++
    }
  }
  return { record, below }
}

async function* childrenOf({ store }: GuardEnvironment, parent: string): AsyncGenerator<Row<'delegations'>> {
  for (let after: Row<'delegations'> | undefined; ; ) {
    const page = await store.find('delegations', {
      by: 'by_parent',
      where: [{ column: 'parent', is: '=', value: parent }],
      limit: PAGE,
      ...(after !== undefined && { after }),
    })
    yield* page
    if (page.length < PAGE) return
    after = page[page.length - 1]
  }
}

interface Mark {
  readonly by: string
  /** When it would have ended by itself, or with what it rests on: nobody asks later whether it was revoked. */
  readonly end: number
}

/** Whether it was still to be marked. */
async function mark(environment: GuardEnvironment, row: Row<'delegations'>, { by, end }: Mark): Promise<boolean> {
  const { store, now } = environment
  if (row.state === 'revoked' || row.state === 'declined') return false
  const at = now()
  const details: Details = { ...readRecord(row).details, ended: { by, at, level: -1 } }
  const writes: Write[] = [
    {
      update: 'delegations',
      key: { id: row.id },
      set: { state: 'revoked', document: JSON.stringify(details) },
      when: [{ column: 'state', is: '=', value: row.state }],
    },
    {
      insert: 'revocations',
      row: { kind: 'delegation', id: row.id, at, expires_at: end, document: '{}' },
      ifAbsent: true,
    },
  ]
  const { applied } = await store.write(writes)
  if (applied) return true
  // Somebody changed it between: look again.
  const again = await store.get('delegations', { id: row.id })
  return again !== undefined && (await mark(environment, again, { by, end }))
}
