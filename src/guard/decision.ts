/** What the guard answers: the engine's decision, and what the guard itself knows. */
import type { Decision, ReasonCode } from '../engine/types.ts'
import type { Grant } from './delegation/grant.ts'

/** Why, where the guard and not the engine decided. */
export type GuardReason =
  /** The policies lack an allow, and a delegation grants. */
  | 'delegated'
  /** A delegation covers the request, but has too few uses or too little budget left. */
  | 'delegation_spent'
  /** A delegation with a budget covers the request, and no cost was given, or one in another unit. */
  | 'delegation_cost'
  /** A proof covers the request, but its uses or its budget are counted in a store, which alone can grant it. */
  | 'delegation_metered'

export interface GuardDecision extends Omit<Decision, 'code'> {
  readonly code: ReasonCode | GuardReason
  /** The delegations that grant it; of a consumption: those that paid. Empty where the policies alone decided. */
  readonly delegations: readonly Grant[]
}

/** The engine's decision as the guard's. */
export function decidedByPolicies(decision: Decision): GuardDecision {
  return copy(decision, { code: decision.code, delegations: [] })
}

/**
 * An allow by delegations. Rules, obligations and advice are those of the decision that the right rests on: what is asked of
 * the grantor is asked of the grantee.
 */
export function decidedByDelegation(held: Decision, delegations: readonly Grant[]): GuardDecision {
  const [first] = delegations
  const reason = `lent by ${first?.grantor.type} ${JSON.stringify(first?.grantor.id)} (${first?.id})`
  return { ...copy(held, { code: 'delegated', delegations }), reason }
}

/** A denial that takes the place of an engine's. */
export function deniedBy(decision: Decision, code: GuardReason, reason: string): GuardDecision {
  return { ...copy(decision, { code, delegations: [] }), decision: false, status: 'deny', reason }
}

function copy(decision: Decision, more: Pick<GuardDecision, 'code' | 'delegations'>): GuardDecision {
  // The engine's is read through getters, which a spread would not see.
  const { status, reason, rules, obligations, advice, delegable, imageId } = decision
  const lendable = delegable === false ? { delegable } : {}
  return { decision: decision.decision, status, reason, rules, obligations, advice, ...lendable, imageId, ...more }
}
