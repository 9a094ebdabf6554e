/** A decision as it goes over the wire (AuthZEN Authorization API 1.0, section 5.5). */

import type { ErrorCode, SallyportError } from '../errors.ts'
import type { Obligation } from '../policy/document.ts'
import type { Decision, ReasonCode } from './types.ts'

export interface WireDecision {
  readonly decision: boolean
  readonly context?: DecisionContext
}

/** The specification leaves the content open; `reason` and `error` are the names of its examples. */
export interface DecisionContext {
  /** Why, for programs: a reason code of docs/policy-reference.md, or an error code. */
  readonly code?: ReasonCode | ErrorCode
  /** Why, for people. */
  readonly reason?: string
  /** The ids of the deciding rules. */
  readonly rules?: readonly string[]
  /** Present when a person must approve first. */
  readonly status?: 'review'
  /** What the enforcement point must do; what it does not understand it must treat as a denial. */
  readonly obligations?: readonly Obligation[]
  readonly advice?: readonly Obligation[]
  /** The request itself could not be decided. */
  readonly error?: { readonly status: number; readonly message: string }
}

/**
 * The wire form. An allow is `{ decision: true }` and no more, unless it carries obligations or advice; a denial and
 * a review say why.
 *
 * @example formatDecision(denied) // { decision: false, context: { code: 'matched', reason: '…', rules: ['archived'] } }
 */
export function formatDecision(decision: Decision): WireDecision {
  const { code, reason, rules, obligations, advice } = decision
  const duties = {
    ...(obligations.length > 0 ? { obligations } : {}),
    ...(advice.length > 0 ? { advice } : {}),
  }
  if (decision.decision) {
    return Object.keys(duties).length > 0 ? { decision: true, context: duties } : { decision: true }
  }
  return {
    decision: false,
    context: {
      ...(decision.status === 'review' ? { status: 'review' } : {}),
      code,
      reason,
      ...(rules.length > 0 ? { rules } : {}),
      ...duties,
    },
  }
}

/** A request inside a batch that could not be decided: closed, with the error in the form of section 7.2.1. */
export function formatFailure(error: SallyportError): WireDecision {
  return { decision: false, context: { code: error.code, error: { status: 400, message: error.message } } }
}
