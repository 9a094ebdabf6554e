/** The Access Evaluation API (AuthZEN Authorization API 1.0, section 6). */
import type { AccessRequest } from '../engine/types.ts'
import type { JsonObject } from './json.ts'
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
