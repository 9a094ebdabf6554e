/** The tuples in one core: added, removed and asked about one at a time, where they lie. tuple-reader.ts reads them back. */
import { TupleArea } from '../../../assembly/abi/tuples.ts'
import type { SlotSpec } from '../../compiler/slots.ts'
import type { Fold } from '../../text/fold-runs.ts'
import { ENCODER } from '../../text/utf8.ts'
import { checkFit } from '../../tuple/fit.ts'
import type { RelationNames } from '../../tuple/relation-model.ts'
import type { Reference, SubjectReference, Tuple } from '../../tuple/tuple.ts'
import type { Core } from '../core.ts'
import { type ContextBlock, encodeContext } from './context-block.ts'

/** What an image and its core say about tuples. */
export interface StoreParts {
  readonly core: Core
  readonly names: RelationNames
  readonly slots: readonly SlotSpec[]
  readonly fold: Fold
  readonly ids: ReadonlyMap<string, number>
  /** Called when the area has grown: views of the memory may be old ones. */
  readonly onGrowth: () => void
}

export class TupleStore {
  readonly names: RelationNames
  readonly core: Core
  readonly #parts: StoreParts
  /** Of the last ids written: addresses and lengths of the object's and the subject's. */
  #object = 0
  #objectLength = 0
  #subject = 0
  #subjectLength = 0

  constructor(parts: StoreParts) {
    this.#parts = parts
    this.core = parts.core
    this.names = parts.names
  }

  get size(): number {
    const { core } = this
    return core.i32[(core.tuples >>> 2) + TupleArea.TupleCount] ?? 0
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
    return encodeContext(number, condition.context, this.#parts.slots, this.#parts.ids, this.#parts.fold)
  }

  /** Adds a tuple that has been prepared. */
  put(tuple: Tuple, context: ContextBlock | undefined): boolean {
    const core = this.core
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
    return this.#ask(this.core.calls.takeTuple, tuple) !== 0
  }

  has(tuple: Tuple): boolean {
    return this.#ask(this.core.calls.hasTuple, tuple) !== 0
  }

  /**
   * Asks the core for a relation. See assembly/tuple/calls.ts for the result.
   *
   * @param top Where the scratch area is free: what conditions read is in the frame, and maybe before this.
   */
  check(subject: SubjectReference, relation: string, object: Reference, top: number): number {
    return this.#ask(this.core.calls.checkRelation, { object, relation, subject }, top)
  }

  /** Makes what looked at the memory look at it afresh: it has grown. */
  renew(): void {
    this.#parts.onGrowth()
  }

  /** The address of a node, or 0 when no tuple names it. */
  nodeOf(reference: Reference): number {
    const type = this.names.typeNumber(reference.type)
    if (type === undefined) return 0
    const at = this.core.scratch
    return this.core.calls.nodeOf(type, at, this.#writeText(at, reference.id)) >>> 0
  }

  #ask(call: Core['calls']['takeTuple'], tuple: Tuple, top = this.core.scratch): number {
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

  #write({ object, subject }: Tuple, top = this.core.scratch): void {
    this.#object = top
    this.#objectLength = this.#writeText(this.#object, object.id)
    this.#subject = this.#object + ((this.#objectLength + 7) & ~7)
    this.#subjectLength = this.#writeText(this.#subject, subject.id)
  }

  /** Ids are 1,024 bytes at most; see idRoom. */
  #writeText(at: number, text: string): number {
    const { u8 } = this.core
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return ENCODER.encodeInto(text, u8.subarray(at)).written
      u8[at + i] = unit
    }
    return text.length
  }

  #place({ bytes, addresses }: ContextBlock): number {
    const core = this.core
    const block = core.calls.allocateContext(bytes.length) >>> 0
    core.u8.set(bytes, block)
    const view = new DataView(core.u8.buffer)
    for (const at of addresses) view.setUint32(block + at, view.getUint32(block + at, true) + block, true)
    return block
  }
}

/** What the ids of a tuple take at most. The scratch area has a page at least. */
export const idRoom = 4096

/** What the area grows by beyond what is lacking. */
const SPARE = 65536
