/**
 * The smallest engine (`sallyport/edge`): it decides from images as every other one does, and carries neither explanations nor
 * questions about relations nor what replaces policies. The first two are functions of `sallyport/engine/explain` and
 * `sallyport/engine/relations`.
 */
import { loadCore } from '#core'
import { sha256Of } from '../text/sha256.ts'
import type { TupleInput } from '../tuple/tuple.ts'
import { Decider } from './decider.ts'
import { deciderOf, ImageDecisions } from './image-decisions.ts'
import { EngineTuples } from './relations/tuples.ts'
import type { DecisionEngine } from './types.ts'

export type { AccessRequest, Decision, DecisionEngine, EvaluateOptions } from './types.ts'

/**
 * Loads a compiled image.
 *
 * @param tuples Relation tuples, beside those of the image.
 * @throws SallyportError `E_IMAGE` when it is truncated, damaged, foreign or of another version; `E_TUPLE` for a bad tuple;
 * `E_PLATFORM` where WebCrypto is missing.
 * @example
 * import { loadEngine } from 'sallyport/edge'
 * const engine = await loadEngine(new Uint8Array(image))
 */
export async function loadEngine(image: Uint8Array, tuples?: Iterable<TupleInput>): Promise<DecisionEngine> {
  // A copy: the caller may use the buffer again while this waits.
  const bytes = new Uint8Array(image)
  // By the platform, which costs no bytes here.
  const id = await sha256Of(bytes)
  const engine = new EdgeEngine(new Decider(await loadCore(), bytes, () => id))
  if (tuples !== undefined) engine.relations.add(tuples)
  return engine
}

class EdgeEngine extends ImageDecisions {
  override readonly relations = new EngineTuples(() => deciderOf(this).relations())
}
