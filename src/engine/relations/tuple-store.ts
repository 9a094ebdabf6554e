/** The tuples in one core: added, removed and asked about one at a time, where they lie. */
import { Tree } from '../../../assembly/abi/tuples.ts'
import type { SlotSpec } from '../../compiler/slots.ts'
import { checkFit } from '../../tuple/fit.ts'
import type { RelationModel, RelationNames } from '../../tuple/relation-model.ts'
import type { Reference, SubjectReference, Tuple } from '../../tuple/tuple.ts'
import type { Core } from '../core.ts'
import { type ContextBlock, encodeContext } from './context-block.ts'
import { CONDITIONAL, type TreeKey, TupleMemory } from './tuple-memory.ts'

const ENCODER = new TextEncoder()

/** What an image and its core say about tuples. */
export interface StoreParts {
  readonly core: Core
  readonly names: RelationNames
  readonly slots: readonly SlotSpec[]
  readonly ids: ReadonlyMap<string, number>
  /** Called when the area has grown: views of the memory may be old ones. */
  readonly onGrowth: () => void
}

export class TupleStore {
  readonly names: RelationNames
  readonly memory: TupleMemory
  readonly #core: Core
  readonly #parts: StoreParts
  /** Of the last ids written: addresses and lengths of the object's and the subject's. */
  #object = 0
  #objectLength = 0
  #subject = 0
  #subjectLength = 0

  constructor(parts: StoreParts) {
    this.#parts = parts
    this.#core = parts.core
    this.names = parts.names
    this.memory = new TupleMemory(parts.core)
  }

  get size(): number {
    return this.memory.count
  }

  /**
   * Adds a tuple, or gives it this condition.
   *
   * @returns whether it was not there
   * @throws TupleMistake when the relations do not allow it
   */
  add(tuple: Tuple): boolean {
    return this.put(tuple, this.prepare(tuple))
  }

  /** What can be wrong about a tuple, found before anything is changed. */
  prepare(tuple: Tuple): ContextBlock | undefined {
    checkFit(tuple, this.names)
    const { condition } = tuple
    if (condition === undefined) return undefined
    const number = this.names.conditionNumber(condition.name) ?? 0
    return encodeContext(number, condition.context, this.#parts.slots, this.#parts.ids)
  }

  /** Adds a tuple that has been prepared. */
  put(tuple: Tuple, context: ContextBlock | undefined): boolean {
    const core = this.#core
    this.#write(tuple)
    const size = context?.bytes.length ?? 0
    const lacking = core.calls.lackingFor(this.#objectLength, this.#subjectLength, size) >>> 0
    if (lacking > 0) {
      core.reserveTuples(lacking + SPARE)
      this.#parts.onGrowth()
      // The scratch area has moved.
      this.#write(tuple)
    }
    const block = context === undefined ? 0 : this.#place(context)
    const { types, relations } = this.#numbers(tuple)
    return (
      core.calls.putTuple(
        types,
        relations,
        this.#object,
        this.#objectLength,
        this.#subject,
        this.#subjectLength,
        block,
      ) === 1
    )
  }

  /** Removes a tuple; whether it was there. */
  remove(tuple: Tuple): boolean {
    return this.#ask(this.#core.calls.takeTuple, tuple) !== 0
  }

  has(tuple: Tuple): boolean {
    return this.#ask(this.#core.calls.hasTuple, tuple) !== 0
  }

  /**
   * Asks the core for a relation. See assembly/tuple/calls.ts for the result.
   *
   * @param top Where the scratch area is free: what conditions read is in the frame, and maybe before this.
   */
  check(subject: SubjectReference, relation: string, object: Reference, top: number): number {
    return this.#ask(this.#core.calls.checkRelation, { object, relation, subject }, top)
  }

  /**
   * Takes over all tuples of another store as they lie in memory, in place of its own, where the two images make that possible;
   * otherwise does nothing, and says so.
   */
  takeOver(other: TupleStore): boolean {
    const same = this.#core.tuples === other.#core.tuples && sameTypes(this.names.model, other.names.model)
    // Contexts are written for the conditions of one image.
    if (!same || other.memory.hasContexts) return false
    this.#core.copyTuples(other.#core)
    this.#parts.onGrowth()
    return true
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
    const node = this.nodeOf(object)
    const number = this.names.relationNumber(relation) ?? 0
    if (node === 0) return []
    const keys = this.memory.keys(Tree.Forward, node, (number << 16) >>> 0, ((number << 16) | 0xffff) >>> 0)
    return [...keys].map((key) => this.read(key))
  }

  /** The address of a node, or 0 when no tuple names it. */
  nodeOf(reference: Reference): number {
    const type = this.names.typeNumber(reference.type)
    if (type === undefined) return 0
    const at = this.#core.scratch
    return this.#core.calls.nodeOf(type, at, this.#writeText(at, reference.id)) >>> 0
  }

  #ask(call: Core['calls']['takeTuple'], tuple: Tuple, top = this.#core.scratch): number {
    const numbers = this.#numbers(tuple)
    if (numbers.unknown) return 0
    this.#write(tuple, top)
    return call(numbers.types, numbers.relations, this.#object, this.#objectLength, this.#subject, this.#subjectLength)
  }

  #numbers({ object, relation, subject }: Tuple): { types: number; relations: number; unknown: boolean } {
    const { names } = this
    const objectType = names.typeNumber(object.type)
    const subjectType = names.typeNumber(subject.type)
    const number = names.relationNumber(relation)
    const subjectNumber = subject.relation === undefined ? 0 : names.relationNumber(subject.relation)
    return {
      types: ((objectType ?? 0) << 16) | (subjectType ?? 0),
      relations: ((number ?? 0) << 16) | (subjectNumber ?? 0),
      unknown: [objectType, subjectType, number, subjectNumber].includes(undefined),
    }
  }

  #write({ object, subject }: Tuple, top = this.#core.scratch): void {
    this.#object = top
    this.#objectLength = this.#writeText(this.#object, object.id)
    this.#subject = this.#object + ((this.#objectLength + 7) & ~7)
    this.#subjectLength = this.#writeText(this.#subject, subject.id)
  }

  /** Ids are 1,024 bytes at most; see idRoom. */
  #writeText(at: number, text: string): number {
    const { u8 } = this.#core
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return ENCODER.encodeInto(text, u8.subarray(at)).written
      u8[at + i] = unit
    }
    return text.length
  }

  #place({ bytes, addresses }: ContextBlock): number {
    const core = this.#core
    const block = core.calls.allocateContext(bytes.length) >>> 0
    core.u8.set(bytes, block)
    const view = new DataView(core.u8.buffer)
    for (const at of addresses) view.setUint32(block + at, view.getUint32(block + at, true) + block, true)
    return block
  }
}

/** Whether types and relations have the same numbers, and allow the same tuples. */
function sameTypes(a: RelationModel, b: RelationModel): boolean {
  return JSON.stringify(a.types) === JSON.stringify(b.types)
}

/** What the ids of a tuple take at most. The scratch area has a page at least. */
export const idRoom = 4096

/** What the area grows by beyond what is lacking. */
const SPARE = 65536
