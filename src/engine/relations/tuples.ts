/** An engine's tuples, whichever image is in force. */
import { SallyportError } from '../../errors.ts'
import { readTuple, type TupleInput } from '../../tuple/tuple.ts'
import type { RelationParts } from './parts.ts'
import { asTupleError, tupleError } from './tuple-error.ts'
import type { RelationTuples } from './types.ts'

export class EngineTuples implements RelationTuples {
  /** Refuses calls while a request is being read. */
  readonly #parts: () => RelationParts | undefined

  readonly #elsewhere: boolean

  /** @param elsewhere Whether others know the tuples, and are to be asked. */
  constructor(parts: () => RelationParts | undefined, elsewhere = false) {
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
    if (this.#elsewhere) throw liesElsewhere()
    return this.#parts()?.store.has(read) ?? false
  }

  #needed(): RelationParts {
    return neededParts(this.#parts, this.#elsewhere)
  }
}

/** @throws SallyportError `E_TUPLE` when the policies have no relations, `E_USAGE` when the tuples lie elsewhere. */
export function neededParts(find: () => RelationParts | undefined, elsewhere: boolean): RelationParts {
  const parts = find()
  if (elsewhere) throw liesElsewhere()
  if (parts !== undefined) return parts
  throw tupleError('the policies have no "relations"; add them to the document first')
}

function liesElsewhere(): SallyportError {
  return new SallyportError('E_USAGE', 'the tuples lie elsewhere: ask, and write, there')
}

function inputs(tuples: TupleInput | Iterable<TupleInput>): readonly TupleInput[] {
  return typeof tuples === 'object' && Symbol.iterator in tuples ? [...tuples] : [tuples]
}
