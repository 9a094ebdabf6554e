import type { Reference } from '../../tuple/tuple.ts'
import type { TupleStore } from './tuple-store.ts'
import type { RelationScene } from './types.ts'

/** Writes what conditions on tuples read into the frame; where the scratch area is free after it, or undefined past a limit. */
export type WriteScene = (
  scene: RelationScene,
  subject: Reference,
  object: Reference,
  relation: string,
) => number | undefined

/** What an image in force offers; undefined when its policies have no relations. */
export interface RelationParts {
  readonly store: TupleStore
  readonly writeScene: WriteScene
}
