/**
 * The port to whoever knows relations that are too many for this process's memory: an engine such as OpenFGA or SpiceDB. It is asked in
 * batches, before a decision is made; what it does not answer is not evaluable, and can grant nothing.
 */
import type { AskedRelation } from '../engine/relations/types.ts'
import type { Properties } from '../engine/types.ts'

export type { AskedRelation, KnownRelation } from '../engine/relations/types.ts'

export interface RelationSource {
  /**
   * Whether each relation holds.
   *
   * @param questions different from each other; 1 to 256
   * @throws SallyportError `E_RELATION_SOURCE…` when nothing could be found out
   */
  check(questions: readonly AskedRelation[], scene: SourceScene): Promise<SourceAnswer>
}

/** What belongs to all questions of one decision. */
export interface SourceScene {
  /** The request's `context`, which conditions on tuples read. */
  readonly context: Properties | undefined
  /** `asOf` of an earlier answer for the same decision: what is answered now is to be of that moment, too. */
  readonly asOf: string | undefined
}

export interface SourceAnswer {
  /** In the order of the questions. `unknown`: this one could not be answered, such as for a condition that lacks something. */
  readonly holds: readonly (boolean | 'unknown')[]
  /** The moment of the answer, where the source can name it. */
  readonly asOf?: string
}

/** A source, and who hears when it could not be asked. */
export interface RelationSettings {
  readonly source: RelationSource
  /** Why relations could not be found out; the decision is made without. */
  readonly onFault?: (error: unknown) => void
}
