/** A decision as it goes over the wire (AuthZEN Authorization API 1.0, section 5.5). */

import type { ReasonCode } from '../engine/types.ts'
import type { ErrorCode, SallyportError } from '../errors.ts'
import type { Obligation } from '../policy/document.ts'
import type { Limits } from './limits.ts'

export { formatDecision } from '../engine/wire.ts'

export interface WireDecision {
  readonly decision: boolean
  readonly context?: DecisionContext
}

/** Why a profile of AuthZEN denies what the policies allow. */
export type ProfileReason = 'unsupported_obligation'

/** The specification leaves the content open; `reason` and `error` are the names of its examples. */
export interface DecisionContext {
  /** Why, for programs: a reason code of docs/policy-reference.md, one of a profile, or an error code. */
  readonly code?: ReasonCode | ProfileReason | ErrorCode
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
  /** What profiles add. */
  readonly [name: string]: unknown
}

/** A request inside a batch for which no time was left. */
export function formatTooLate(limits: Pick<Limits, 'time'>): WireDecision {
  const message = tooLateText(limits)
  return { decision: false, context: { code: 'limit', reason: message, error: { status: 503, message } } }
}

/** What is said of it to people. */
export function tooLateText({ time }: Pick<Limits, 'time'>): string {
  return `deciding what comes before it took ${time} ms, as long as one body may; send it again with fewer others`
}

/** A request inside a batch that could not be decided: closed, with the error in the form of section 7.2.1. */
export function formatFailure(error: SallyportError): WireDecision {
  return { decision: false, context: { code: error.code, error: { status: 400, message: error.message } } }
}
