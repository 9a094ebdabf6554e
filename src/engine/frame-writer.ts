/**
 * Writing the less usual values into cells of the core's memory: lists, strings that the policies do not know and those
 * that the core looks into. What does not fit into a cell goes to the scratch area, which starts afresh with every request.
 *
 * Closures over constants instead of a class: V8 then compiles the views' addresses into the code, which made a decision
 * a third faster (docs/decisions/0004-hot-path.md). The price: when memory has to grow, the views are gone and the writer
 * with them; OutOfRoom says so, and its owner grows the memory, makes a new writer and starts again.
 */

import { CelTag } from '../../assembly/abi/cel.ts'
import { Id, Tag } from '../../assembly/abi/frame.ts'
import { Layout, Limit } from '../../assembly/abi/memory.ts'
import { ENCODER } from '../text/utf8.ts'
import type { Core } from './core.ts'
import { isObjectPrototypeClean, isPlain } from './own-property.ts'
import type { ItemReading, Reading } from './reading.ts'
import { valueAt } from './value-at.ts'

const CELL_WORDS = Layout.CellSize / 4
const ENTRY_BYTES = 2 * Layout.CellSize
/** Id.UnknownString as the signed number that an Int32Array takes without conversion. */
const UNKNOWN = Id.UnknownString | 0
/** Up to this many characters, a loop beats the call to TextEncoder. */
const SHORT = 48
/** Up to this many strings, a list beats a map. */
const FEW = 16

/** In place of where a list begins: it is not written. */
export const OVER = -1

/** The request needs memory up to `end` (bytes). */
export class OutOfRoom extends Error {
  readonly end: number

  constructor(end: number) {
    super('the scratch area is too small')
    this.end = end
  }
}

/** What projection.ts leaves to this file: everything but the parts of the request, and usual properties. */
export interface FrameWriter {
  /** Forgets the last request. */
  reset(): void
  /** Room for `count` words in the scratch area, as an index into the i32 view. */
  words(count: number): number
  /**
   * What is written from now on is what `rewind` forgets. False when there are too many strings for that.
   */
  mark(): boolean
  rewind(): void
  /** Completes a string cell at `at` (an index into the core's i32 view) for a string that the policies do not know. */
  unknownString(at: number, text: string, reading: Reading): void
  /** The same where the core does not look into the string; `identity`: see Reading. */
  unknownId(at: number, text: string, identity: boolean): void
  /** Writes any value. */
  value(at: number, value: unknown, reading: Reading): void
  /**
   * Begins a list of so many items in the cell at `at`; returns where the first item goes (an index into the i32 view), each
   * taking as many cells as `reading.items`; OVER when a limit is passed.
   */
  list(at: number, count: number, reading: Reading): number
  /** Writes any value as a part of an item. */
  part(at: number, value: unknown, reading: Reading): void
  /** The first free byte of the scratch area. */
  top(): number
  /** Whether the request passed a limit: it must be denied. */
  overLimit(): boolean
}

export function createFrameWriter(core: Core, ids: ReadonlyMap<string, number>): FrameWriter {
  const { i32, f64, u8 } = core
  // Numbers that change are fields of one object, not variables: V8 keeps them there as they are, and before each use of a
  // variable in a closure it looks whether that has a value yet, and whether what is stored is an object.
  /** What the request has taken: up to which byte, cells of lists, characters of text, strings of `own`; 1 when that is too much. */
  const used = { top: core.scratch, items: 0, text: 0, own: 0, over: 0 }
  /** As `mark` has found it. */
  const marked = { ...used }
  /** The strings of this request that no policy mentions and that are compared with one another. */
  const own: string[] = []
  let ownIds: Map<string, number> | undefined

  function reset(): void {
    used.top = core.scratch
    used.items = 0
    used.text = 0
    used.own = 0
    used.over = 0
    if (ownIds !== undefined) ownIds = undefined
  }

  function words(count: number): number {
    reserve(count * 4)
    const first = used.top >>> 2
    used.top += (count * 4 + 15) & ~15
    return first
  }

  function mark(): boolean {
    Object.assign(marked, used)
    return ownIds === undefined
  }

  function rewind(): void {
    used.top = marked.top
    used.items = marked.items
    used.text = marked.text
    used.own = marked.own
    used.over = 0
    if (ownIds !== undefined) ownIds = undefined
  }

  /** Makes sure that there is room in the scratch area. */
  function reserve(bytes: number): void {
    if (used.top + bytes > u8.length) throw new OutOfRoom(used.top + bytes)
  }

  function unknownString(at: number, text: string, reading: Reading): void {
    unknownId(at, text, reading.identity)
    if (reading.text) writeText(at, text)
  }

  function unknownId(at: number, text: string, identity: boolean): void {
    i32[at + 1] = identity ? ownId(text) : UNKNOWN
    // Address 0 says that there are no bytes: what an earlier request left must not be looked into.
    i32[at + 2] = 0
  }

  function ownId(text: string): number {
    const known = ownIds === undefined ? findOwn(text) : ownIds.get(text)
    if (known !== undefined) return (Id.DynamicString | 0) + known
    const id = used.own++
    // Overwritten, never shortened: a shortened array would be allocated again for the next request.
    if (id < FEW) own[id] = text
    else {
      ownIds ??= new Map(own.map((one, i) => [one, i]))
      ownIds.set(text, id)
    }
    return (Id.DynamicString | 0) + id
  }

  function findOwn(text: string): number | undefined {
    for (let i = 0; i < used.own; i++) if (own[i] === text) return i
    return undefined
  }

  function writeText(at: number, text: string): void {
    used.text += text.length
    if (used.text > Limit.TextBytes) {
      used.over = 1
      return
    }
    // Three bytes hold any UTF-16 code unit (RFC 3629).
    reserve(text.length * 3 + Layout.CellSize)
    const start = used.top
    let length = 0
    if (text.length <= SHORT) {
      for (; length < text.length; length++) {
        const unit = text.charCodeAt(length)
        if (unit > 0x7f) break
        u8[start + length] = unit
      }
    }
    if (length < text.length) {
      // Half a surrogate pair has no UTF-8: such a string can be compared, but not looked into.
      if (!text.isWellFormed()) {
        i32[at + 1] = ownId(text)
        return
      }
      length = ENCODER.encodeInto(text, u8.subarray(start)).written
    }
    i32[at + 2] = start
    i32[at + 3] = length
    used.top += (length + 15) & ~15
  }

  function value(at: number, value: unknown, reading: Reading): void {
    writePart(at, value, reading, 0)
  }

  function writeOther(at: number, value: unknown, reading: Reading, depth: number): void {
    if (typeof value === 'boolean') {
      i32[at] = Tag.Boolean
      i32[at + 1] = value ? 1 : 0
    } else if (Array.isArray(value)) writeList(at, value, reading, depth)
    else if (typeof value !== 'object' || value === null) i32[at] = tagOf(value)
    else if (reading.whole) writeMap(at, value, reading, depth)
    else if (reading.range) writeList(at, keysOf(value), reading, depth)
    else i32[at] = tagOf(value)
  }

  function writePart(at: number, value: unknown, reading: Reading, depth: number): void {
    if (typeof value === 'string') {
      const id = reading.byText ? undefined : ids.get(value)
      i32[at] = Tag.String
      if (id !== undefined) i32[at + 1] = id | 0
      else unknownString(at, value, reading)
    } else if (typeof value === 'number' && Number.isFinite(value)) {
      i32[at] = Tag.Number
      f64[(at >>> 1) + 1] = value
    } else writeOther(at, value, reading, depth)
  }

  function list(at: number, count: number, reading: Reading): number {
    return startList(at, count, reading.items.length, 0)
  }

  function startList(at: number, count: number, parts: number, depth: number): number {
    used.items += count
    if (used.items > Limit.ListItems || depth >= Limit.ListDepth) {
      used.over = 1
      i32[at] = Tag.Invalid
      return OVER
    }
    const stride = parts * Layout.CellSize
    reserve(count * stride + Layout.CellSize)
    i32[at] = Tag.List
    i32[at + 1] = count
    i32[at + 2] = used.top
    i32[at + 3] = stride
    const first = used.top >>> 2
    used.top += count * stride
    return first
  }

  function part(at: number, value: unknown, reading: Reading): void {
    writePart(at, value, reading, 1)
  }

  function writeList(at: number, list: readonly unknown[], reading: Reading, depth: number): void {
    const parts = reading.items
    const { length } = list
    let cell = startList(at, length, parts.length, depth)
    if (cell === OVER) return
    const clean = isObjectPrototypeClean()
    const mapsAlone = !parts[0]!.whole
    // By index: holes, and what a host hides in other properties of an array, are not items.
    for (let i = 0; i < length; i++) {
      const item: unknown = list[i]
      // An item that is not there is not usable: a list has no missing items.
      const plain = clean && isPlain(item)
      if (item === undefined) i32[cell] = Tag.Invalid
      else if (plain && mapsAlone) i32[cell] = Tag.Map
      else writePart(cell, item, parts[0]!, depth + 1)
      if (parts.length > 1) writeParts(cell, item, i, plain, parts, depth + 1)
      cell += parts.length * CELL_WORDS
    }
  }

  /** What is read of an item besides itself; of a plain one without asking for own properties (own-property.ts). */
  function writeParts(
    cell: number,
    item: unknown,
    index: number,
    plain: boolean,
    parts: readonly ItemReading[],
    depth: number,
  ): void {
    for (let j = 1; j < parts.length; j++) {
      const part = parts[j]!
      const { key } = part
      const found = plain && key !== undefined ? (item as Entries)[key] : valueAt(item, part.keys)
      const value = part.change === undefined ? found : part.change(found, index)
      writePart(cell + j * CELL_WORDS, value, part, depth)
    }
  }

  /** A map with its entries: a key cell and a value cell each. Own keys only; one without a value is not there. */
  function writeMap(at: number, map: object, reading: Reading, depth: number): void {
    let count = 0
    for (const key in map) if (Object.hasOwn(map, key) && (map as Entries)[key] !== undefined) count++
    used.items += count * 2
    if (used.items > Limit.ListItems || depth >= Limit.ListDepth) {
      used.over = 1
      i32[at] = Tag.Invalid
      return
    }
    const part = reading.items[0]!
    reserve(count * ENTRY_BYTES + Layout.CellSize)
    i32[at] = CelTag.Map
    i32[at + 1] = count
    i32[at + 2] = used.top
    let cell = used.top >>> 2
    const end = cell + count * 2 * CELL_WORDS
    used.top += count * ENTRY_BYTES
    for (const key in map) {
      if (!Object.hasOwn(map, key) || cell === end) continue
      const value = (map as Entries)[key]
      if (value === undefined) continue
      writePart(cell, key, part, depth + 1)
      writePart(cell + CELL_WORDS, value, part, depth + 1)
      cell += 2 * CELL_WORDS
    }
    // A getter may have changed the map meanwhile.
    i32[at + 1] = count - (end - cell) / (2 * CELL_WORDS)
  }

  return {
    reset,
    words,
    mark,
    rewind,
    unknownString,
    unknownId,
    value,
    list,
    part,
    top: () => used.top,
    overLimit: () => used.over !== 0,
  }
}

/** The keys under which a map has values. */
function keysOf(map: object): string[] {
  return Object.keys(map).filter((key) => (map as Entries)[key] !== undefined)
}

/** Stands for a value that the host marked as untrusted where only what is trusted may be read. */
export const UNTRUSTED = Symbol('untrusted')
type Entries = Readonly<Record<string, unknown>>

/** For values without further data. */
function tagOf(value: unknown): Tag {
  if (value === undefined) return Tag.Missing
  if (value === UNTRUSTED) return Tag.Untrusted
  if (value === null) return Tag.Null
  return typeof value === 'object' ? Tag.Map : Tag.Invalid
}
