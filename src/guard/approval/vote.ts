/**
 * Votes. What resolves a request is decided by the store: each vote is one write whose guards say whether it is the last one that is needed, so that
 * votes at the same time are all counted, and the request is resolved once.
 */
import type { Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Guard, Write } from '../../store/port.ts'
import { fitsKey } from '../../store/values.ts'
import { sameSubject, subjectKey } from '../subject-key.ts'
import { isApprover } from './approvers.ts'
import { type ApprovalTools, NEVER } from './open.ts'
import { type ApprovalRow, approversAt, documentOf, stateAt } from './record.ts'

export type Vote = 'approve' | 'reject'

export interface VoteOptions {
  /** Why; shown to whoever asked. */
  readonly reason?: string
}

/** Enough for every approver of a large quorum to be faster; each round, one of them was. */
const MOST_ROUNDS = 1000

/** Counts a vote; returns the request as it is then. Throws as `Approvals.approve` does. */
export async function castVote(
  tools: ApprovalTools,
  id: string,
  approver: Subject,
  vote: Vote,
  { reason = '' }: VoteOptions,
): Promise<ApprovalRow> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const row = await existing(tools, id)
    const now = tools.now()
    checkOpen(tools, row, now)
    await checkApprover(tools, row, approver, now)
    for (const change of changesOf(row, vote, now)) {
      const { stage } = row
      const ballot = { approval: id, approver: subjectKey(approver), vote, stage, reason, at: now }
      const result = await tools.store.write([{ insert: 'approval_votes', row: ballot }, change])
      if (result.applied) return existing(tools, id)
      if (result.failed === 0) throw voted(id)
    }
    // The request has changed since it was read: look at it again.
  }
  throw new SallyportError('E_STORE_BUSY', 'too many others vote at the same time; vote again')
}

export async function existing({ store }: ApprovalTools, id: string): Promise<ApprovalRow> {
  const row = fitsKey(id) ? await store.get('approvals', { id }) : undefined
  if (row === undefined) throw new SallyportError('E_APPROVAL_UNKNOWN', `there is no approval request ${quote(id)}`)
  return row
}

/** The changes that a vote may make, of which the guards of one hold. */
function changesOf(row: ApprovalRow, vote: Vote, now: number): readonly Write[] {
  const { id, stage } = row
  const key = { id }
  const open: readonly Guard<'approvals'>[] = [
    { column: 'state', is: '=', value: 'pending' },
    { column: 'stage', is: '=', value: stage },
    { column: 'expires_at', is: '>', value: now },
  ]
  if (vote === 'reject') {
    return [{ update: 'approvals', key, set: { state: 'rejected', escalates_at: NEVER }, when: open }]
  }
  const { approval, needed } = documentOf(row)
  const next = needed[stage + 1]
  const resolved: Write =
    next === undefined
      ? {
          update: 'approvals',
          key,
          set: { state: 'approved', escalates_at: NEVER, expires_at: now + approval.valid },
          add: { approved: 1 },
          when: [...open, { column: 'approved', plus: 1, is: '>=', to: 'needed' }],
        }
      : {
          update: 'approvals',
          key,
          set: { stage: stage + 1, approved: 0, needed: next },
          when: [...open, { column: 'approved', plus: 1, is: '>=', to: 'needed' }],
        }
  const counted: Write = {
    update: 'approvals',
    key,
    add: { approved: 1 },
    when: [...open, { column: 'approved', plus: 1, is: '<', to: 'needed' }],
  }
  return row.approved + 1 >= row.needed ? [resolved, counted] : [counted, resolved]
}

function checkOpen({ engine }: ApprovalTools, row: ApprovalRow, now: number): void {
  const state = stateAt(row, now)
  if (state !== 'pending') throw new SallyportError('E_APPROVAL_STATE', `${quote(row.id)} is ${state} already`)
  if (documentOf(row).imageId !== engine.image.id) {
    const advice = 'an approval is of one revision; let it be asked for again'
    throw new SallyportError('E_APPROVAL_STATE', `the policies have changed since ${quote(row.id)}: ${advice}`)
  }
}

async function checkApprover(tools: ApprovalTools, row: ApprovalRow, approver: Subject, now: number): Promise<void> {
  const { actors, request } = documentOf(row)
  if (actsForOthers(approver)) {
    throw forbidden("whoever approves does so for itself, and on nobody's behalf")
  }
  if (actors.some((actor) => sameSubject(actor, approver))) {
    throw forbidden('whoever asks, and on whose behalf, cannot approve it')
  }
  const scene = { resource: request.resource, now }
  if (!(await isApprover(tools, approversAt(row, now), approver, scene))) {
    throw forbidden(`${subjectKey(approver)} is no approver of ${quote(row.id)}, or not yet`)
  }
}

/** Who votes does so for itself. */
export function actsForOthers({ on_behalf_of, delegation_chain }: Subject): boolean {
  return on_behalf_of !== undefined || delegation_chain !== undefined
}

export async function hasVoted({ store }: ApprovalTools, approval: string, approver: Subject): Promise<boolean> {
  return (await store.get('approval_votes', { approval, approver: subjectKey(approver) })) !== undefined
}

function forbidden(message: string): SallyportError {
  return new SallyportError('E_APPROVAL_FORBIDDEN', message)
}

function voted(id: string): SallyportError {
  return new SallyportError('E_APPROVAL_VOTED', `this approver has voted on ${quote(id)}; a vote stands`)
}

function quote(id: string): string {
  return JSON.stringify(id)
}
