/** Approval requests as the store has them, and as callers see them. */
import type { AccessRequest } from '../../engine/types.ts'
import type { ApprovalModel, ApproverModel } from '../../policy/approval-model.ts'
import type { Row } from '../../store/port.ts'
import type { SubjectRef } from '../subject-key.ts'

export type ApprovalRow = Row<'approvals'>

/** How far a request has come. */
export type ApprovalState =
  /** It waits for approvers. */
  | 'pending'
  /** It may be used. */
  | 'approved'
  /** It was used as often as it may be. */
  | 'used'
  | 'rejected'
  /** Whoever asked has taken it back. */
  | 'withdrawn'
  /** Nobody decided in time; or it was approved, and not used in time. */
  | 'expired'

/** A request for the approval of exactly one thing. */
export interface ApprovalRequest {
  readonly id: string
  readonly state: ApprovalState
  /** The rule that put it under review. */
  readonly rule: string
  /** Who wants to act. */
  readonly requester: SubjectRef
  /** … and on whose behalf; nobody among them may approve it. */
  readonly actors: readonly SubjectRef[]
  /** What exactly is to be approved. */
  readonly request: AccessRequest
  /** The id of the image: the revision of the policies. */
  readonly imageId: string
  /** SHA-256 of the canonical request with its marks, tenant, rule and image, in hex. */
  readonly digest: string
  /** The stage that is being decided, from 0, and how many there are. */
  readonly stage: number
  readonly stages: number
  /** Approvals in this stage, and how many it takes. */
  readonly approved: number
  readonly needed: number
  readonly uses: number
  readonly maxUses: number
  /** Milliseconds since 1970: until when it waits, may be used, or stands. */
  readonly expiresAt: number
  readonly createdAt: number
}

export interface ApprovalVote {
  readonly approver: SubjectRef
  readonly vote: 'approve' | 'reject'
  readonly stage: number
  readonly reason: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What no statement compares. */
export interface ApprovalDocument {
  readonly rule: string
  readonly imageId: string
  readonly actors: readonly SubjectRef[]
  readonly request: AccessRequest
  readonly approval: ApprovalModel
  /** By stage. */
  readonly needed: readonly number[]
}

export function documentOf({ document }: ApprovalRow): ApprovalDocument {
  // Nobody but this room writes it.
  return JSON.parse(document) as ApprovalDocument
}

/** The state at a time: what has run out has done so whether or not somebody wrote it down. */
export function stateAt({ state, expires_at, uses, max_uses }: ApprovalRow, now: number): ApprovalState {
  if (state === 'approved' && uses >= max_uses) return 'used'
  if ((state === 'pending' || state === 'approved') && now >= expires_at) return 'expired'
  return state as ApprovalState
}

/** Who may vote at a time: the approvers of the stage and, once it is late, those to whom it escalates. */
export function approversAt(row: ApprovalRow, now: number): readonly ApproverModel[] {
  const { stages, escalate } = documentOf(row).approval
  const by = stages[row.stage]?.by ?? []
  return escalate !== undefined && now >= row.created_at + escalate.after ? [...by, ...escalate.by] : by
}

export function isResolved(state: ApprovalState): boolean {
  return state !== 'pending'
}

export function requestOf(row: ApprovalRow, now: number): ApprovalRequest {
  const { rule, imageId, actors, request, approval } = documentOf(row)
  const [requester = request.subject] = actors
  const { id, digest, stage, approved, needed, uses, max_uses, expires_at, created_at } = row
  return {
    id,
    state: stateAt(row, now),
    rule,
    requester,
    actors,
    request,
    imageId,
    digest,
    stage,
    stages: approval.stages.length,
    approved,
    needed,
    uses,
    maxUses: max_uses,
    expiresAt: expires_at,
    createdAt: created_at,
  }
}
