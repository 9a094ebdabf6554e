/**
 * Writing values into cells of the core's memory: numbers and string ids in place, lists and the bytes of strings in the
 * scratch area, which starts afresh with every request.
 */
import { Id, Layout, Limit, Tag } from '../../assembly/abi.ts'
import type { Core } from './core.ts'
import type { Reading } from './reading.ts'

const CELL_WORDS = Layout.CellSize / 4
const ENCODER = new TextEncoder()
/** Up to this many characters, a loop beats the call to TextEncoder. */
const SHORT = 48
/** Up to this many strings, a list beats a map. */
const FEW = 16

export class FrameWriter {
  readonly #core: Core
  readonly #ids: ReadonlyMap<string, number>
  /** End of what is used of the scratch area, in bytes. */
  #top: number
  #items = 0
  #textBytes = 0
  /** The strings of this request that no policy mentions and that are compared with one another. */
  readonly #own: string[] = []
  #ownIds: Map<string, number> | undefined
  /** Whether the request passed a limit: it must be denied. */
  overLimit = false

  constructor(core: Core, ids: ReadonlyMap<string, number>) {
    this.#core = core
    this.#ids = ids
    this.#top = core.scratch
  }

  get top(): number {
    return this.#top
  }

  reset(): void {
    this.#top = this.#core.scratch
    this.#items = 0
    this.#textBytes = 0
    this.overLimit = false
    if (this.#own.length > 0) {
      this.#own.length = 0
      this.#ownIds = undefined
    }
  }

  /** The id of a string of the policies; UnknownString for any other. */
  idOf(text: string): number {
    return this.#ids.get(text) ?? Id.UnknownString
  }

  /** Writes any value to the cell at `at` (a u32 index). */
  value(at: number, value: unknown, reading: Reading, depth: number): void {
    const { u32 } = this.#core
    switch (typeof value) {
      case 'string':
        this.string(at, value, reading)
        break
      case 'number':
        if (Number.isFinite(value)) {
          u32[at] = Tag.Number
          this.#core.f64[(at >>> 1) + 1] = value
        } else u32[at] = Tag.Invalid
        break
      case 'boolean':
        u32[at] = Tag.Boolean
        u32[at + 1] = value ? 1 : 0
        break
      case 'undefined':
        u32[at] = Tag.Missing
        break
      case 'object':
        if (value === null) u32[at] = Tag.Null
        else if (Array.isArray(value)) this.#list(at, value, reading, depth)
        else u32[at] = Tag.Map
        break
      default:
        u32[at] = Tag.Invalid
    }
  }

  /** Writes a string: its id, and its bytes where the core looks into it. */
  string(at: number, text: string, reading: Reading): void {
    const { u32 } = this.#core
    const id = this.#ids.get(text)
    if (id !== undefined) {
      u32[at] = Tag.String
      u32[at + 1] = id
      return
    }
    u32[at] = Tag.String
    u32[at + 1] = reading.identity ? this.#ownId(text) : Id.UnknownString
    // Address 0 says that there are no bytes: what an earlier request left must not be looked into.
    u32[at + 2] = 0
    // Half a surrogate pair has no UTF-8: such a string can be compared, but not looked into.
    if (reading.text && text.isWellFormed()) this.#text(at, text)
  }

  #ownId(text: string): number {
    const known = this.#ownIds === undefined ? this.#own.indexOf(text) : (this.#ownIds.get(text) ?? -1)
    if (known >= 0) return Id.DynamicString + known
    const id = this.#own.push(text) - 1
    if (id === FEW) this.#ownIds = new Map(this.#own.map((own, i) => [own, i]))
    else this.#ownIds?.set(text, id)
    return Id.DynamicString + id
  }

  #text(at: number, text: string): void {
    const start = this.#top
    const most = text.length * 3
    this.#textBytes += text.length
    if (this.#textBytes > Limit.TextBytes) {
      this.overLimit = true
      return
    }
    this.#core.reserve(start + most + Layout.CellSize)
    const { u8 } = this.#core
    let length = 0
    if (text.length <= SHORT) {
      for (; length < text.length; length++) {
        const unit = text.charCodeAt(length)
        if (unit > 0x7f) break
        u8[start + length] = unit
      }
    }
    if (length < text.length) length = ENCODER.encodeInto(text, u8.subarray(start, start + most)).written
    this.#core.u32[at + 2] = start
    this.#core.u32[at + 3] = length
    this.#top = start + ((length + 15) & ~15)
  }

  #list(at: number, list: readonly unknown[], { items }: Reading, depth: number): void {
    this.#items += list.length
    if (this.#items > Limit.ListItems || depth >= Limit.ListDepth) {
      this.overLimit = true
      this.#core.u32[at] = Tag.Invalid
      return
    }
    const start = this.#top
    const stride = Math.max(1, items.length) * Layout.CellSize
    this.#top = start + list.length * stride
    this.#core.reserve(this.#top + Layout.CellSize)
    const { u32 } = this.#core
    u32[at] = Tag.List
    u32[at + 1] = list.length
    u32[at + 2] = start
    u32[at + 3] = stride
    let cell = start >>> 2
    // By index: holes and what a host hides in other properties of an array are not items.
    for (let i = 0; i < list.length; i++) {
      const item: unknown = list[i]
      for (let j = 0; j < items.length; j++) {
        const reading = items[j]!
        const part = j === 0 ? item : valueAt(item, reading.keys)
        // An item that is not there is not usable: a list has no missing items.
        if (j === 0 && part === undefined) this.#core.u32[cell] = Tag.Invalid
        else this.value(cell + j * CELL_WORDS, part, reading, depth + 1)
      }
      cell += stride >>> 2
    }
  }
}

/** The value at a path of own keys and list indexes; undefined where there is none. */
export function valueAt(value: unknown, keys: readonly (string | number)[]): unknown {
  let current = value
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    if (typeof current !== 'object' || current === null) return undefined
    if (Array.isArray(current) !== (typeof key === 'number') || !Object.hasOwn(current, key)) return undefined
    current = (current as Record<string | number, unknown>)[key]
  }
  return current
}
