/** A desk on the guard's approvals: who may approve, how many and in what order is what the policies say; tasks are kept in the guard's store. */
import type { AccessRequest } from '../../../engine/types.ts'
import { SallyportError } from '../../../errors.ts'
import type { ApprovalRequest } from '../../../guard/approval/record.ts'
import type { Guard } from '../../../guard/guard.ts'
import type { Row, Store, Write } from '../../../store/port.ts'
import type { Caller } from '../../decide.ts'
import { sha256 } from './binding.ts'
import {
  type AccessRequestDesk,
  type AccessTask,
  type Approval,
  type Bound,
  type Inapplicable,
  isSameCaller,
  type Submission,
  type TaskStatus,
} from './desk.ts'

export interface GuardDeskOptions {
  /** The guard of a tenant, over the policies in force. */
  readonly guard: (tenant: string) => Guard
  /** The store that the guards have. */
  readonly store: Store
  /** Makes identifiers that cannot be guessed: `() => crypto.randomUUID()`. */
  readonly newId: () => string
  /** How long tasks can be asked for, in milliseconds; 30 days when left out. No approval is good for longer. */
  readonly taskLifetime?: number
}

/** What is kept of a task, beside its approvals. */
interface TaskDocument {
  /** Of tasks from before types were kept it is an id, which is that of no caller now. */
  readonly caller: Pick<Caller, 'type' | 'id'>
  readonly request: AccessRequest
  readonly imageId: string
  readonly required: ReturnType<Guard['approvals']['demandedBy']>
  readonly approvals: readonly string[]
}

const TASK = 'access-task'
const KEY = 'access-request'

/**
 * A task waits for the approvals that the rules of review ask for, and is approved when all of them are. An approval is redeemed as often as
 * its rule says (`uses`, once when left out), and only under the policies that asked for it.
 *
 * @example accessRequestProfile({ desk: guardDesk({ guard: (tenant) => guards.get(tenant), store, newId }), signer, newId })
 */
export function guardDesk({
  guard,
  store,
  newId,
  taskLifetime = 30 * 86_400_000,
}: GuardDeskOptions): AccessRequestDesk {
  const taskRow = async (id: string, { tenant, caller }: Pick<Bound, 'tenant' | 'caller'>) => {
    const row = await store.tenant(tenant).get('idempotency', { kind: TASK, id })
    return row !== undefined && isSameCaller(documentOf(row).caller, caller) ? row : undefined
  }
  const shown = async (row: Row<'idempotency'>, tenant: string) => describe(row, await approvalsOf(row, guard(tenant)))
  return {
    open: async (submission, now) => {
      const { tenant, digest, idempotency, imageId, rules, required: named } = submission
      const { type, id } = submission.caller
      const kept = store.tenant(tenant)
      const noteId = idempotency && (await sha256(JSON.stringify([type, id, idempotency.key])))
      const note = noteId === undefined ? undefined : await kept.get('idempotency', { kind: KEY, id: noteId })
      if (note !== undefined) return repeated(note, submission)
      const { approvals } = guard(tenant)
      const required = approvals.demandedBy({ rules, approvals: named })
      const request = requestFor(submission)
      const review = await approvals.review({ request, imageId, required })
      if (review.outcome === 'nobody') return 'nobody'
      const ids = review.rows.map(({ id }) => id)
      const document: TaskDocument = { caller: { type, id }, request, imageId, required, approvals: ids }
      const times = { at: now, expires_at: now + taskLifetime }
      const row = { kind: TASK, id: newId(), digest, document: JSON.stringify(document), ...times }
      const writes: Write[] = [{ insert: 'idempotency', row }]
      if (noteId !== undefined && idempotency !== undefined) {
        const text = JSON.stringify(row.id)
        writes.unshift({
          insert: 'idempotency',
          row: { kind: KEY, id: noteId, digest: idempotency.bodyDigest, document: text, ...times },
        })
      }
      if ((await kept.write(writes)).applied) return shown(row, tenant)
      // Somebody with the same key was faster.
      const other = noteId === undefined ? undefined : await kept.get('idempotency', { kind: KEY, id: noteId })
      if (other === undefined) throw new SallyportError('E_USAGE', 'newId gave the same identifier twice')
      return repeated(other, submission)
    },
    find: async (id, of) => {
      const row = await taskRow(id, of)
      return row && shown(row, of.tenant)
    },
    cancel: async (id, of) => {
      const row = await taskRow(id, of)
      if (row === undefined) return undefined
      const { approvals, request } = documentOf(row)
      if ((await shown(row, of.tenant)).status === 'pending') {
        for (const one of approvals) await withdraw(guard(of.tenant), one, request.subject)
      }
      return shown(row, of.tenant)
    },
    redeem: async (approvalId, by): Promise<Approval | Inapplicable> => {
      const row = await taskRow(approvalId, by)
      if (row === undefined) return 'approval_unverifiable'
      if (row.digest !== by.digest) return 'out_of_scope'
      const own = guard(by.tenant)
      const { request, imageId, required } = documentOf(row)
      // What was approved under other policies is to be asked for again.
      if (own.engine.image.id !== imageId) return 'approval_expired'
      const { status, approval } = await shown(row, by.tenant)
      if (status === 'pending') return 'grant_pending'
      if (status !== 'approved' || approval === undefined) return 'approval_unverifiable'
      const review = await own.approvals.review({ request, imageId, required, dryRun: true })
      if (review.outcome !== 'approved') return 'approval_expired'
      // Of many at the same time only as many get it as there are uses.
      return (await store.tenant(by.tenant).write(review.claims)).applied ? approval : 'approval_expired'
    },
  }

  async function repeated(note: Row<'idempotency'>, submission: Submission): Promise<AccessTask | 'duplicate'> {
    if (note.digest !== submission.idempotency?.bodyDigest) return 'duplicate'
    const row = await taskRow(JSON.parse(note.document), submission)
    return row === undefined ? 'duplicate' : shown(row, submission.tenant)
  }
}

function documentOf({ document }: Row<'idempotency'>): TaskDocument {
  // Nobody but this file writes it.
  return JSON.parse(document) as TaskDocument
}

/** What approvers see, and what makes the approval this caller's: the request, who asks, and what it adds. */
function requestFor({ request, caller, requestedAccess }: Submission): AccessRequest {
  const by = { requested_by: caller.id, requested_by_type: caller.type }
  const more = { ...by, ...(requestedAccess && { requested_access: requestedAccess }) }
  return { ...request, context: { ...request.context, ...more } }
}

async function approvalsOf(row: Row<'idempotency'>, guard: Guard): Promise<readonly ApprovalRequest[]> {
  return Promise.all(documentOf(row).approvals.map((id) => guard.approvals.get(id)))
}

function describe(row: Row<'idempotency'>, approvals: readonly ApprovalRequest[]): AccessTask {
  const status = statusOf(approvals)
  const until = Math.min(...approvals.map(({ expiresAt }) => expiresAt))
  const approved = status === 'approved' && { approval: { id: row.id, approvedUntil: until } }
  return { id: row.id, status, expiresAt: until, ...approved }
}

/** All must be approved; what ends one ends the task. Used, or approved and run out, it was approved all the same. */
function statusOf(approvals: readonly ApprovalRequest[]): TaskStatus {
  if (approvals.some(({ state }) => state === 'rejected')) return 'denied'
  if (approvals.some(({ state }) => state === 'withdrawn')) return 'cancelled'
  if (approvals.every(wasApproved)) return 'approved'
  return approvals.some((one) => one.state === 'expired') ? 'expired' : 'pending'
}

function wasApproved({ state, stage, stages, approved, needed }: ApprovalRequest): boolean {
  return state === 'approved' || state === 'used' || (state === 'expired' && stage === stages - 1 && approved >= needed)
}

async function withdraw(guard: Guard, id: string, by: AccessRequest['subject']): Promise<void> {
  try {
    await guard.approvals.withdraw(id, by)
  } catch (error) {
    // Somebody was faster: what it is now is shown.
    if (!(error instanceof SallyportError) || error.code !== 'E_APPROVAL_STATE') throw error
  }
}
