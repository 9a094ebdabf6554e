/** What becomes of tuples when policies are replaced. */
import type { RelationModel } from '../../tuple/relation-model.ts'
import { formatTuple, type Tuple, TupleMistake } from '../../tuple/tuple.ts'
import { TupleMemory } from './tuple-memory.ts'
import { TupleReader } from './tuple-reader.ts'
import type { TupleStore } from './tuple-store.ts'

const MOST_LEFT_OUT = 1000

/** A store, and the tuples of the document that it began with. */
export interface Documented {
  readonly store: TupleStore
  readonly documents: readonly Tuple[]
}

/**
 * Brings the tuples that were added by calls from one store to another, and leaves out those that the new relations do not
 * allow. Those of the old document went with it.
 *
 * @returns what was left out, at most 1,000 of it
 */
export function moveTuples(from: Documented, to: Documented | undefined): string[] {
  if (to !== undefined && takeOver(to.store, from.store)) {
    for (const tuple of from.documents) to.store.remove(tuple)
    for (const tuple of to.documents) to.store.add(tuple)
    return []
  }
  const old = new Set(from.documents.map(formatTuple))
  const leftOut: string[] = []
  for (const tuple of new TupleReader(from.store).all()) {
    const text = formatTuple(tuple)
    if (old.has(text)) continue
    try {
      if (to === undefined) throw new TupleMistake('there are no relations')
      // What the new document says of the same tuple counts.
      if (!to.store.has(tuple)) to.store.add(tuple)
    } catch (error) {
      if (!(error instanceof TupleMistake)) throw error
      if (leftOut.length < MOST_LEFT_OUT) leftOut.push(text)
    }
  }
  return leftOut
}

/**
 * Gives a store all tuples of another one as they lie in memory, in place of its own, where the two images make that possible;
 * otherwise does nothing, and says so.
 */
function takeOver(to: TupleStore, from: TupleStore): boolean {
  const same = to.core.tuples === from.core.tuples && sameTypes(to.names.model, from.names.model)
  // Contexts are written for the conditions of one image.
  if (!same || new TupleMemory(from.core).hasContexts) return false
  to.core.copyTuples(from.core)
  to.renew()
  return true
}

/** Whether types and relations have the same numbers, and allow the same tuples. */
function sameTypes(a: RelationModel, b: RelationModel): boolean {
  return JSON.stringify(a.types) === JSON.stringify(b.types)
}
