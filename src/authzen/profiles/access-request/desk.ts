/** The port of the Access Request Service: who takes requests for access, has them approved, and knows what was approved. */
import type { AccessRequest, RequiredApproval } from '../../../engine/types.ts'
import type { Caller } from '../../decide.ts'

/** The states of section 11.1. A task leaves `pending` once, and no other. */
export type TaskStatus = 'pending' | 'approved' | 'denied' | 'expired' | 'cancelled' | 'failed'

export interface Approval {
  /** Not to be guessed. */
  readonly id: string
  /** Milliseconds since the epoch, like all times here. */
  readonly approvedAt?: number
  readonly approvedUntil: number
}

export interface AccessTask {
  /** Not to be guessed. */
  readonly id: string
  readonly status: TaskStatus
  readonly expiresAt: number
  /** Of an approved task. */
  readonly approval?: Approval
}

/** What is asked for, and what an approval is then good for: this and nothing else. */
export interface Bound {
  readonly tenant: string
  /** The SHA-256 of the denied request: subject, action, resource, and the context that counts. */
  readonly digest: string
  readonly caller: Caller
}

export interface Submission extends Bound {
  readonly request: AccessRequest
  /** The image that denied, and its rules that ask for a review. */
  readonly imageId: string
  readonly rules: readonly string[]
  /** Who has to approve, by each of these rules that says so. */
  readonly required: readonly RequiredApproval[]
  readonly evaluationId: string
  /** What the enforcement point adds: duration, role, …; its content is for those who approve. */
  readonly requestedAccess?: object
  /** A submission that is sent again with the same key and digest of its body is the same one. */
  readonly idempotency?: { readonly key: string; readonly bodyDigest: string }
}

/** Why an approval is not good for a request (section 12's reasons). */
export type Inapplicable = 'approval_expired' | 'out_of_scope' | 'grant_pending' | 'approval_unverifiable'

export interface AccessRequestDesk {
  /**
   * Opens a task, or gives the one that is there; `duplicate` when the same key comes with another body, `full` when no more
   * can be kept, `nobody` when nobody could approve it.
   */
  open(submission: Submission, now: number): Promise<AccessTask | 'duplicate' | 'full' | 'nobody'>
  /** Undefined when there is no such task for this caller. */
  find(id: string, of: Pick<Bound, 'tenant' | 'caller'>, now: number): Promise<AccessTask | undefined>
  /** Cancels a pending task; gives one that is over as it is. */
  cancel(id: string, of: Pick<Bound, 'tenant' | 'caller'>, now: number): Promise<AccessTask | undefined>
  /** Whether an approval is good for a request, now; uses it up where it may be used only so often. */
  redeem(approvalId: string, by: Bound, now: number): Promise<Approval | Inapplicable>
}

/** Ids are of a type: a service and a user may have the same one. */
export function isSameCaller(one: Pick<Caller, 'type' | 'id'>, other: Pick<Caller, 'type' | 'id'>): boolean {
  return one.type === other.type && one.id === other.id
}
