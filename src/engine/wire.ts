/** A decision as it goes over the wire (AuthZEN Authorization API 1.0, section 5.5). */
import type { Obligation } from '../policy/document.ts'
import { ENCODER } from '../text/utf8.ts'
import type { Decision, ReasonCode } from './types.ts'

/** What `evaluateJson` writes, as an object; src/authzen/decision.ts has what else an answer may hold. */
export interface DecisionBody {
  readonly decision: boolean
  readonly context?: {
    readonly status?: 'review'
    readonly code?: ReasonCode
    readonly reason?: string
    readonly rules?: readonly string[]
    readonly obligations?: readonly Obligation[]
    readonly advice?: readonly Obligation[]
  }
}

/**
 * The wire form. An allow is `{ decision: true }` and no more, unless it carries obligations or advice; a denial and
 * a review say why.
 *
 * @example formatDecision(denied) // { decision: false, context: { code: 'matched', reason: '…', rules: ['archived'] } }
 */
export function formatDecision(decision: Decision): DecisionBody {
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

/** The same as the bytes of JSON. */
export function encodeDecision(decision: Decision): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(JSON.stringify(formatDecision(decision)))
}
