/** The Access Evaluation API (AuthZEN Authorization API 1.0, section 6). */
import type { Engine } from '../engine/types.ts'
import { formatDecision, type WireDecision } from '../engine/wire.ts'
import type { JsonObject } from './json.ts'
import { readRequest } from './request.ts'

/**
 * Decides the request in a body, at the time `now` (milliseconds since the epoch).
 *
 * @throws SallyportError `E_REQUEST` when a part is missing or of the wrong type.
 */
export function answerEvaluation(engine: Engine, body: JsonObject, now: number): WireDecision {
  return formatDecision(engine.evaluate(readRequest(body), { now }))
}
