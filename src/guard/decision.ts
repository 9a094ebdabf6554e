/** What the guard answers: the engine's decision, and what the guard itself knows. */
import type { Decision, ReasonCode } from '../engine/types.ts'
import type { ApprovalState } from './approval/record.ts'
import type { Grant } from './delegation/grant.ts'

/** Why, where the guard and not the engine decided. */
export type GuardReason =
  /** The policies lack an allow, and a delegation grants. */
  | 'delegated'
  /** A delegation covers the request, but has too few uses or too little budget left. */
  | 'delegation_spent'
  /** A delegation with a budget covers the request, and no cost was given, or one in another unit. */
  | 'delegation_cost'
  /** The policies ask for a review, or a limit does, and somebody has approved. */
  | 'approved'
  /** Somebody has to approve first: `approvals` says what is asked for. */
  | 'approval_pending'
  /** Somebody has rejected it; that stands for a while. */
  | 'approval_rejected'
  /** The policies ask for a review, and nobody is named who could approve it. */
  | 'no_approver'
  /** More would be used than a limit permits. */
  | 'limit_exceeded'
  /** A limit counts an amount that the request does not state. */
  | 'limit_amount'
  /** The task, or one around it, is not active, or is another's. */
  | 'task_inactive'
  /** The request is no part of the task. */
  | 'outside_task'
  /** The decision log is full. */
  | 'log_full'
  /** A proof covers the request, but its uses or its budget are counted in a store, which alone can grant it. */
  | 'delegation_metered'

/** An approval on which an answer rests, or for which it waits. */
export interface ApprovalRef {
  readonly id: string
  /** The rule that asks for it, or `limit NAME`. */
  readonly rule: string
  readonly state: ApprovalState
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface GuardDecision extends Omit<Decision, 'code' | 'approvals'> {
  readonly code: ReasonCode | GuardReason
  /** The delegations that grant it; of a consumption: those that paid. Empty where the policies alone decided. */
  readonly delegations: readonly Grant[]
  /** What was approved, or is to be; empty where nobody needs to be asked. */
  readonly approvals: readonly ApprovalRef[]
}

/** The engine's decision as the guard's. */
export function decidedByPolicies(decision: Decision): GuardDecision {
  return copy(decision, decision.code)
}

/**
 * An allow by delegations. Rules, obligations and advice are those of the decision that the right rests on: what is asked of
 * the grantor is asked of the grantee.
 */
export function decidedByDelegation(held: Decision, delegations: readonly Grant[]): GuardDecision {
  const [first] = delegations
  const reason = `lent by ${first?.grantor.type} ${JSON.stringify(first?.grantor.id)} (${first?.id})`
  return { ...copy(held, 'delegated'), delegations, reason }
}

/** A denial that takes the place of an engine's. */
export function deniedBy(decision: Decision, code: GuardReason, reason: string): GuardDecision {
  return { ...copy(decision, code), decision: false, status: 'deny', reason }
}

/** Approved by people: an allow, with what the rules of review ask for besides. */
export function decidedByApproval(decision: GuardDecision, approvals: readonly ApprovalRef[]): GuardDecision {
  const reason = `approved: ${approvals.map(({ id }) => id).join(', ')}`
  return { ...decision, decision: true, status: 'allow', code: 'approved', reason, approvals }
}

/** Under review, or denied for what became of the review. */
export function decidedByReview(
  decision: GuardDecision,
  code: 'approval_pending' | 'approval_rejected' | 'no_approver',
  reason: string,
  approvals: readonly ApprovalRef[] = [],
): GuardDecision {
  const status = code === 'approval_rejected' ? 'deny' : 'review'
  return { ...decision, decision: false, status, code, reason, approvals, delegations: [] }
}

/** An answer of the guard as a denial. */
export function refusedBy(decision: GuardDecision, code: GuardReason, reason: string): GuardDecision {
  return { ...decision, decision: false, status: 'deny', code, reason, approvals: [], delegations: [] }
}

/** A denial before anything was decided. */
export function denialOf(imageId: string, code: ReasonCode | GuardReason, reason: string): GuardDecision {
  const nothing = { rules: [], obligations: [], advice: [], delegations: [], approvals: [] }
  return { decision: false, status: 'deny', code, reason, ...nothing, imageId }
}

/** The engine's is read through getters, which a spread would not see. */
function copy(of: Decision, code: GuardDecision['code']): GuardDecision {
  const { decision, status, reason, rules, obligations, advice, delegable, imageId } = of
  const answer = {
    decision,
    status,
    code,
    reason,
    rules,
    obligations,
    advice,
    imageId,
    delegations: [],
    approvals: [],
  }
  return delegable === false ? { ...answer, delegable } : answer
}
