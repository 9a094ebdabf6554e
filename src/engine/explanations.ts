/**
 * Explanations (`sallyport/engine/explain`): for engines of `sallyport/edge`, which do not carry them. Those of `sallyport` and
 * `sallyport/engine` have them as methods.
 */
import { SallyportError } from '../errors.ts'
import { explainDecision } from './explain.ts'
import { deciderOf } from './image-decisions.ts'
import { instant } from './instant.ts'
import { readMarks } from './marks.ts'
import { study } from './study.ts'
import type { AccessRequest, DecisionEngine, EvaluateOptions, Explanation, WhyNot, WhyNotOptions } from './types.ts'
import { findWhyNot } from './why-not.ts'

/**
 * Decides one request and tells which rules were looked at, which tests held with which values, and what decided.
 *
 * @throws SallyportError `E_REQUEST` as `evaluate` does; `E_USAGE` for an engine that is not one of this package's own.
 * @example explain(engine, request).rules
 */
export function explain(engine: DecisionEngine, request: AccessRequest, options?: EvaluateOptions): Explanation {
  const now = instant(options?.now)
  return study(deciderOf(engine), request, now, readMarks(options?.untrusted), explainDecision, (decision) => ({
    decision,
    sets: [],
    rules: [],
  }))
}

/**
 * Tells what would have allowed a request: the nearest allow rules with what they lack, and the rules in their way.
 *
 * @throws SallyportError as `explain` does; `E_USAGE` for a limit out of range.
 * @example whyNot(engine, request).nearest[0]?.missing
 */
export function whyNot(engine: DecisionEngine, request: AccessRequest, options?: WhyNotOptions): WhyNot {
  const limit = options?.limit ?? 5
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new SallyportError('E_USAGE', 'limit must be a whole number from 1 to 100')
  }
  const now = instant(options?.now)
  const nothing = (decision: WhyNot['decision']): WhyNot => ({ decision, nearest: [], blockers: [], abstaining: [] })
  return study(
    deciderOf(engine),
    request,
    now,
    readMarks(options?.untrusted),
    (denied) => (denied.decision.decision ? nothing(denied.decision) : findWhyNot(denied, limit)),
    nothing,
  )
}
