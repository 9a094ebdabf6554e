/** An engine's tuples, whichever image is in force. */
import { readTuple, type TupleInput } from '../../tuple/tuple.ts'
import type { RelationParts } from './parts.ts'
import { asTupleError, tupleError } from './tuple-error.ts'
import type { RelationTuples } from './types.ts'

type FindParts = () => RelationParts | undefined

export class EngineTuples implements RelationTuples {
  /** Refuses calls while a request is being read. */
  readonly #parts: FindParts
  readonly #here: FindParts

  /** @param here The same for what needs the tuples themselves; throws where they lie elsewhere. */
  constructor(parts: FindParts, here = parts) {
    this.#parts = parts
    this.#here = here
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
    const { store } = neededParts(this.#here)
    // Everything that can be refused is, before anything is changed.
    const prepared = inputs(tuples).map((input) => {
      const tuple = asTupleError(() => readTuple(input))
      return { tuple, context: asTupleError(() => store.prepare(tuple)) }
    })
    return prepared.reduce((count, { tuple, context }) => count + Number(store.put(tuple, context)), 0)
  }

  remove(tuples: TupleInput | Iterable<TupleInput>): number {
    const { store } = neededParts(this.#here)
    const read = inputs(tuples).map((input) => asTupleError(() => readTuple(input)))
    return read.reduce((count, tuple) => count + Number(store.remove(tuple)), 0)
  }

  has(tuple: TupleInput): boolean {
    const read = asTupleError(() => readTuple(tuple))
    return this.#here()?.store.has(read) ?? false
  }
}

/** @throws SallyportError `E_TUPLE` when the policies have no relations */
export function neededParts(find: FindParts): RelationParts {
  const parts = find()
  if (parts !== undefined) return parts
  throw tupleError('the policies have no "relations"; add them to the document first')
}

function inputs(tuples: TupleInput | Iterable<TupleInput>): readonly TupleInput[] {
  return typeof tuples === 'object' && Symbol.iterator in tuples ? [...tuples] : [tuples]
}
