/** A tuple's condition and context as the core reads them: see TupleContext in assembly/abi/tuples.ts. */

import { CelTag } from '../../../assembly/abi/cel.ts'
import { Id, Tag } from '../../../assembly/abi/frame.ts'
import { Layout, Limit } from '../../../assembly/abi/memory.ts'
import { TupleContext } from '../../../assembly/abi/tuples.ts'
import type { ItemSpec, SlotSpec } from '../../compiler/slots.ts'
import type { Fold } from '../../text/fold-runs.ts'
import { ENCODER } from '../../text/utf8.ts'
import { TupleMistake } from '../../tuple/tuple.ts'
import { modified } from '../derived.ts'
import { valueAt } from '../value-at.ts'

/** Bytes of a context as JSON, as OpenFGA has it. */
const MOST_BYTES = 32_768

/** A block that can be put anywhere: some of its words are offsets in it, to which its address is added. */
export interface ContextBlock {
  readonly bytes: Uint8Array
  readonly addresses: readonly number[]
}

/**
 * Encodes what the condition may read of a context, and the context itself.
 *
 * @param slots The slots of the image; those with the root `tuple` are written.
 * @throws TupleMistake for values that are no JSON, and contexts that are too large
 */
export function encodeContext(
  condition: number,
  context: { readonly [key: string]: unknown },
  slots: readonly SlotSpec[],
  ids: ReadonlyMap<string, number>,
  fold: Fold,
): ContextBlock {
  checkValue(context, 0)
  const json = ENCODER.encode(JSON.stringify(context))
  if (json.length > MOST_BYTES) {
    throw new TupleMistake(
      `the context of a tuple has more than ${MOST_BYTES} bytes as JSON`,
      'keep it elsewhere, and its name here',
    )
  }
  const writer = new BlockWriter(ids, fold)
  const read = slots.flatMap((spec, slot) => {
    const value = spec.root === 'tuple' ? valueAt(context, spec.keys) : undefined
    if (value === undefined) return []
    const shape: Shape = spec.whole ? WHOLE : (spec.items ?? [ITSELF])
    return [{ slot, value: modified(value, spec, fold), shape }]
  })
  const pairs = writer.reserve(TupleContext.HeaderSize + read.length * TupleContext.PairSize) + TupleContext.HeaderSize
  read.forEach(({ slot, value, shape }, i) => {
    const at = pairs + i * TupleContext.PairSize
    writer.setWord(at, slot)
    writer.write(at + 4, value, shape)
  })
  const text = writer.reserve(json.length)
  writer.setBytes(text, json)
  writer.setWord(TupleContext.Condition * 4, condition)
  writer.setWord(TupleContext.Pairs * 4, read.length)
  writer.setWord(TupleContext.Size * 4, writer.size)
  writer.setWord(TupleContext.JsonLength * 4, json.length)
  return writer.block()
}

const ITSELF: ItemSpec = { keys: [], text: true, identity: true }

/** Lists and maps are written with all that is in them. */
const WHOLE = 'whole'
/** What is written of a list: parts of its items, or everything. */
type Shape = readonly ItemSpec[] | typeof WHOLE

class BlockWriter {
  readonly #ids: ReadonlyMap<string, number>
  readonly #fold: Fold
  readonly #addresses: number[] = []
  #bytes = new Uint8Array(256)
  #view = new DataView(this.#bytes.buffer)
  #size = 0

  constructor(ids: ReadonlyMap<string, number>, fold: Fold) {
    this.#ids = ids
    this.#fold = fold
  }

  get size(): number {
    return this.#size
  }

  reserve(bytes: number): number {
    const at = this.#size
    this.#size += bytes
    if (this.#size > this.#bytes.length) {
      const larger = new Uint8Array(this.#size * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }

  setWord(at: number, word: number): void {
    this.#view.setUint32(at, word, true)
  }

  setBytes(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at)
  }

  write(at: number, value: unknown, shape: Shape): void {
    if (value === undefined) this.setWord(at, Tag.Missing)
    else if (value === null) this.setWord(at, Tag.Null)
    else if (typeof value === 'boolean') {
      this.setWord(at, Tag.Boolean)
      this.setWord(at + 4, value ? 1 : 0)
    } else if (typeof value === 'number') {
      this.setWord(at, Tag.Number)
      this.#view.setFloat64(at + 8, value, true)
    } else if (typeof value === 'string') this.#writeString(at, value)
    else if (Array.isArray(value)) this.#writeList(at, value, shape)
    else if (shape === WHOLE) this.#writeMap(at, Object.entries(value as object))
    else this.setWord(at, Tag.Map)
  }

  #writeString(at: number, text: string): void {
    this.setWord(at, Tag.String)
    const id = this.#ids.get(text)
    this.setWord(at + 4, id ?? Id.ByText)
    if (id !== undefined) return
    const bytes = ENCODER.encode(text)
    const start = this.reserve(bytes.length)
    this.setBytes(start, bytes)
    this.#setAddress(at + 8, start)
    this.setWord(at + 12, bytes.length)
  }

  #writeMap(at: number, entries: readonly (readonly [string, unknown])[]): void {
    this.setWord(at, CelTag.Map)
    this.setWord(at + 4, entries.length)
    const first = this.reserve(entries.length * 2 * Layout.CellSize)
    this.#setAddress(at + 8, first)
    entries.forEach(([key, value], i) => {
      this.#writeString(first + i * 2 * Layout.CellSize, key)
      this.write(first + (i * 2 + 1) * Layout.CellSize, value, WHOLE)
    })
  }

  #writeList(at: number, list: readonly unknown[], shape: Shape): void {
    const items = shape === WHOLE ? [ITSELF] : shape
    const stride = items.length * Layout.CellSize
    this.setWord(at, Tag.List)
    this.setWord(at + 4, list.length)
    const first = this.reserve(list.length * stride)
    this.#setAddress(at + 8, first)
    this.setWord(at + 12, stride)
    list.forEach((item, i) => {
      items.forEach((part, j) => {
        const nested = part.keys.length === 0 ? item : valueAt(item, part.keys)
        this.write(
          first + i * stride + j * Layout.CellSize,
          modified(nested, part, this.#fold),
          shape === WHOLE ? WHOLE : [ITSELF],
        )
      })
    })
  }

  #setAddress(at: number, offset: number): void {
    this.#addresses.push(at)
    this.setWord(at, offset)
  }

  block(): ContextBlock {
    return { bytes: this.#bytes.subarray(0, this.#size), addresses: this.#addresses }
  }
}

/** JSON values alone, so that a context can be written down and read again without becoming another. */
function checkValue(value: unknown, depth: number): void {
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (typeof value === 'object' && depth < 32) {
    if (Array.isArray(value) ? value.length <= Limit.ListItems : isPlain(value)) {
      for (const part of Object.values(value)) checkValue(part, depth + 1)
      return
    }
  }
  throw new TupleMistake(
    'the context of a tuple holds something that is no JSON value',
    'use strings, numbers, booleans, null, lists and maps',
  )
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
