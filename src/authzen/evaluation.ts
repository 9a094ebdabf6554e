/** The Access Evaluation API (AuthZEN Authorization API 1.0, section 6). */
import type { AccessRequest } from '../engine/types.ts'
import { isRequestError, SallyportError } from '../errors.ts'
import { type DecisionPoint, decideBy } from './decide.ts'
import { type JsonObject, parseBytes } from './json.ts'
import { defaultLimits } from './limits.ts'
import { readRequest } from './request.ts'

/**
 * Decides the request in a body.
 *
 * @throws SallyportError `E_REQUEST` when a part is missing or of the wrong type.
 * @example answerEvaluation(decideBy(engine, Date.now()), body) // { decision: true }
 */
export function answerEvaluation<Answer>(decide: (request: AccessRequest) => Answer, body: JsonObject): Answer {
  return decide(readRequest(body))
}

/**
 * The same from body to body, without profiles: by `evaluateJson`, but for bodies that it refuses and limits that it has not. What is
 * wrong with a body is said in words of the object's way, which tell more.
 *
 * @throws SallyportError `E_REQUEST`, `E_CHAIN_DEPTH`.
 */
export function answerEvaluationBytes(
  { engine, now }: Pick<DecisionPoint, 'engine' | 'now'>,
  body: Uint8Array,
  maxDepth: number,
): Uint8Array<ArrayBuffer> {
  if (maxDepth === defaultLimits.depth) {
    try {
      return engine.evaluateJson(body, { now })
    } catch (error) {
      if (!(error instanceof SallyportError && isRequestError(error))) throw error
    }
  }
  const answer = answerEvaluation(decideBy(engine, now), parseBytes(body, maxDepth))
  return new TextEncoder().encode(JSON.stringify(answer))
}
