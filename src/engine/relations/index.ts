/** An engine's tuples, whichever image is in force. */

import { SallyportError } from '../../errors.ts'
import { formatTuple, readTuple, type Tuple, type TupleInput, TupleMistake } from '../../tuple/tuple.ts'
import type { RelationQuestions } from './questions.ts'
import { asTupleError, tupleError } from './tuple-error.ts'
import type { TupleStore } from './tuple-store.ts'
import type {
  ObjectQuestion,
  RelationAnswer,
  RelationQuestion,
  Relations,
  RelationTree,
  SubjectQuestion,
} from './types.ts'

/** What an image in force offers; undefined when its policies have no relations. */
export interface RelationParts {
  readonly store: TupleStore
  readonly questions: RelationQuestions
}

export class EngineRelations implements Relations {
  /** Refuses calls while a request is being read. */
  readonly #parts: () => RelationParts | undefined
  readonly #elsewhere: boolean
  leftOut: readonly string[] = []

  /** @param elsewhere Whether others know the tuples, and are to be asked. */
  constructor(parts: () => RelationParts | undefined, elsewhere: boolean) {
    this.#parts = parts
    this.#elsewhere = elsewhere
  }

  get size(): number {
    return this.#parts()?.store.size ?? 0
  }

  get types(): readonly string[] {
    return this.#parts()?.store.names.types ?? []
  }

  relationsOf(type: string): readonly string[] {
    return this.#parts()?.store.names.relationsOf(type) ?? []
  }

  add(tuples: TupleInput | Iterable<TupleInput>): number {
    const { store } = this.#needed()
    // Everything that can be refused is, before anything is changed.
    const prepared = inputs(tuples).map((input) => {
      const tuple = asTupleError(() => readTuple(input))
      return { tuple, context: asTupleError(() => store.prepare(tuple)) }
    })
    return prepared.reduce((count, { tuple, context }) => count + Number(store.put(tuple, context)), 0)
  }

  remove(tuples: TupleInput | Iterable<TupleInput>): number {
    const { store } = this.#needed()
    const read = inputs(tuples).map((input) => asTupleError(() => readTuple(input)))
    return read.reduce((count, tuple) => count + Number(store.remove(tuple)), 0)
  }

  has(tuple: TupleInput): boolean {
    const read = asTupleError(() => readTuple(tuple))
    if (this.#elsewhere) this.#needed()
    return this.#parts()?.store.has(read) ?? false
  }

  check(question: RelationQuestion): RelationAnswer {
    return this.#needed().questions.check(question)
  }

  listObjects(question: ObjectQuestion): readonly string[] {
    return this.#needed().questions.listObjects(question)
  }

  listSubjects(question: SubjectQuestion): readonly string[] {
    return this.#needed().questions.listSubjects(question)
  }

  expand(question: { readonly object: string; readonly relation: string }): RelationTree {
    return this.#needed().questions.expand(question)
  }

  #needed(): RelationParts {
    const parts = this.#parts()
    if (this.#elsewhere) throw new SallyportError('E_USAGE', 'the tuples lie elsewhere: ask, and write, there')
    if (parts !== undefined) return parts
    throw tupleError('the policies have no "relations"; add them to the document first')
  }
}

function inputs(tuples: TupleInput | Iterable<TupleInput>): readonly TupleInput[] {
  return typeof tuples === 'object' && Symbol.iterator in tuples ? [...tuples] : [tuples]
}

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
  if (to?.store.takeOver(from.store)) {
    for (const tuple of from.documents) to.store.remove(tuple)
    for (const tuple of to.documents) to.store.add(tuple)
    return []
  }
  const old = new Set(from.documents.map(formatTuple))
  const leftOut: string[] = []
  for (const tuple of from.store.all()) {
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
