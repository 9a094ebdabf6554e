/** Tuples of a store, read back from where they lie: for questions, and for stores that take them over. */
import { Tree } from '../../../assembly/abi/tuples.ts'
import type { RelationNames } from '../../tuple/relation-model.ts'
import type { Reference, Tuple } from '../../tuple/tuple.ts'
import { CONDITIONAL, type TreeKey, TupleMemory } from './tuple-memory.ts'
import type { TupleStore } from './tuple-store.ts'

export class TupleReader {
  readonly names: RelationNames
  readonly memory: TupleMemory
  readonly #store: TupleStore

  constructor(store: TupleStore) {
    this.#store = store
    this.names = store.names
    this.memory = new TupleMemory(store.core)
  }

  /** Every tuple. */
  *all(): Generator<Tuple> {
    for (const key of this.memory.all()) yield this.read(key)
  }

  /** The tuple of a key in Tree.Forward. */
  read(key: TreeKey): Tuple {
    const { memory, names } = this
    const object = this.reference(key.first)
    const subject = this.reference((key.third & ~CONDITIONAL) >>> 0)
    const subjectRelation = key.second & 0xffff
    const tuple: Tuple = {
      object,
      relation: names.relations[key.second >>> 16] ?? '',
      subject: subjectRelation === 0 ? subject : { ...subject, relation: names.relations[subjectRelation] ?? '' },
    }
    if ((key.third & CONDITIONAL) === 0) return tuple
    const { condition, json } = memory.context(key)
    return {
      ...tuple,
      condition: {
        name: names.conditionName(condition) ?? '',
        context: JSON.parse(json) as Readonly<Record<string, unknown>>,
      },
    }
  }

  reference(node: number): Reference {
    const { type, id } = this.memory.node(node)
    return { type: this.names.types[type] ?? '', id }
  }

  /** The tuples of an object and relation. */
  tuplesOf(object: Reference, relation: string): Tuple[] {
    const node = this.#store.nodeOf(object)
    const number = this.names.relationNumber(relation) ?? 0
    if (node === 0) return []
    const keys = this.memory.keys(Tree.Forward, node, (number << 16) >>> 0, ((number << 16) | 0xffff) >>> 0)
    return [...keys].map((key) => this.read(key))
  }

  /** The address of a node, or 0 when no tuple names it. */
  nodeOf(reference: Reference): number {
    return this.#store.nodeOf(reference)
  }
}
