/** Looking into a decision: with the core that made it, and the request still in its frame. Deciding alone needs none of this. */
import { type Decider, type Lent, UNEXPLAINED } from './decider.ts'
import type { ImageReader } from './image-reader.ts'
import type { Mark } from './marks.ts'
import { createProjection, type Projection } from './projection.ts'
import type { AccessRequest, Decision } from './types.ts'

/** A decision, and all that it was made with. */
export interface Study extends Pick<Lent, 'core' | 'projection' | 'decisions'> {
  readonly image: ImageReader
  readonly decision: Decision
  readonly request: AccessRequest
  readonly now: number | undefined
  readonly marks: readonly Mark[] | undefined
  /** Makes a projection over the memory as it then is. */
  readonly renew: () => Projection
}

/**
 * Decides a request, and lends the core with the request in its frame. What `work` writes there stays until the next request;
 * memory may have grown. The engine is busy meanwhile.
 *
 * @returns what `work` makes; what `otherwise` makes of a decision that no rule was looked at for, or when there is a fault
 */
export function study<T>(
  decider: Decider,
  request: AccessRequest,
  now: number | undefined,
  marks: readonly Mark[] | undefined,
  work: (study: Study) => T,
  otherwise: (decision: Decision) => T,
): T {
  const decision = decider.evaluate(request, now, marks)
  if (UNEXPLAINED.includes(decision.code)) return otherwise(decision)
  const { image } = decider
  const done = decider.lend(({ core, projection, decisions, ids }) => {
    const renew = () => createProjection(core, image, ids)
    return { made: work({ core, image, decision, request, now, marks, projection, renew, decisions }) }
  })
  if (done === undefined) return study(decider, request, now, marks, work, otherwise)
  return 'made' in done ? done.made : otherwise(done)
}
