/** The Access Evaluation API (AuthZEN Authorization API 1.0, section 6). */
import type { Engine } from '../engine/types.ts'
import { formatDecision, type WireDecision } from '../engine/wire.ts'
import { isRequestError, SallyportError } from '../errors.ts'
import { type JsonObject, parseBytes } from './json.ts'
import { defaultLimits } from './limits.ts'
import { readRequest } from './request.ts'

/**
 * Decides the request in a body, at the time `now` (milliseconds since the epoch).
 *
 * @throws SallyportError `E_REQUEST` when a part is missing or of the wrong type.
 */
export function answerEvaluation(engine: Engine, body: JsonObject, now: number): WireDecision {
  return formatDecision(engine.evaluate(readRequest(body), { now }))
}

/**
 * The same from body to body: by `evaluateJson`, but for bodies that it refuses and limits that it has not. What is wrong with
 * a body is said in words of the object's way, which tell more.
 *
 * @throws SallyportError `E_REQUEST`, `E_CHAIN_DEPTH`.
 */
export function answerEvaluationBody(
  engine: Engine,
  body: Uint8Array,
  now: number,
  maxDepth: number,
): Uint8Array<ArrayBuffer> {
  if (maxDepth === defaultLimits.depth) {
    try {
      return engine.evaluateJson(body, { now })
    } catch (error) {
      if (!(error instanceof SallyportError && isRequestError(error))) throw error
    }
  }
  return new TextEncoder().encode(JSON.stringify(answerEvaluation(engine, parseBytes(body, maxDepth), now)))
}
