import type { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'

/**
 * A section under construction: words of 32 bits, some of which are addresses in sections whose place is not known yet.
 * `resolve` turns these into final addresses once the layout is fixed. Words are read with their sign: numbers without one do not
 * all fit into what engines hold without an object.
 */
export class Words {
  #words: Int32Array<ArrayBuffer>
  #length = 0
  /** Where each address stands, and in which section it lies: in turn, because there are many. */
  #references = new Int32Array(64)
  #referenced = 0

  /** @param expected How many words there will be, where that is known; there may be more. */
  constructor(expected = 256) {
    this.#words = new Int32Array(expected)
  }

  /** Words written so far. */
  get length(): number {
    return this.#length
  }

  /** Bytes written so far: the offset of what is written next. */
  get offset(): number {
    return this.#length * 4
  }

  push(word: number): void {
    if (this.#length === this.#words.length) this.#grow(this.#length + 1)
    this.#words[this.#length++] = word
  }

  /** Room for so many words, which are 0 until they are set; returns the index of the first. */
  reserve(words: number): number {
    const first = this.#length
    this.#length += words
    if (this.#length > this.#words.length) this.#grow(this.#length)
    return first
  }

  /** What was written, for reading many words at once: good until the next one is written. */
  get written(): Int32Array {
    return this.#words
  }

  /** Takes back what was written from that index on, none of it an address. */
  truncate(length: number): void {
    this.#words.fill(0, length, this.#length)
    this.#length = length
  }

  /** Copies words of others over those from `index` on. */
  setFrom(index: number, others: Words, from: number, count: number): void {
    const [words, source] = [this.#words, others.#words]
    for (let i = 0; i < count; i++) words[index + i] = source[from + i] as number
  }

  pushAll(all: readonly number[]): void {
    const first = this.reserve(all.length)
    const words = this.#words
    for (let i = 0; i < all.length; i++) words[first + i] = all[i] as number
  }

  #grow(least: number): void {
    this.#words = enlarged(this.#words, least)
  }

  /** A double, as two words. */
  pushNumber(value: number): void {
    this.push(0)
    this.push(0)
    this.setNumber(this.#length - 2, value)
  }

  /** The address of `offset` in another section. */
  pushAddress(section: Section, offset: number): void {
    this.#refer(this.#length, section)
    this.push(offset)
  }

  set(index: number, word: number): void {
    this.#words[index] = word
  }

  /** A double, as two words. */
  setNumber(index: number, value: number): void {
    DOUBLE.setFloat64(0, value, true)
    this.set(index, DOUBLE.getUint32(0, true))
    this.set(index + 1, DOUBLE.getUint32(4, true))
  }

  setAddress(index: number, section: Section, offset: number): void {
    this.#refer(index, section)
    this.#words[index] = offset
  }

  #refer(index: number, section: Section): void {
    const at = this.#referenced
    if (at === this.#references.length) this.#references = enlarged(this.#references, at)
    this.#references[at] = index
    this.#references[at + 1] = section
    this.#referenced = at + 2
  }

  get(index: number): number {
    return this.#words[index] ?? 0
  }

  /** The section's bytes, with addresses resolved by the sections' offsets in the image. */
  resolve(offsets: readonly number[]): Uint8Array {
    const words = this.#words
    const references = this.#references
    for (let i = 0; i < this.#referenced; i += 2) {
      const at = references[i] as number
      words[at] = (words[at] as number) + Layout.ImageBase + (offsets[references[i + 1] as number] as number)
    }
    return new Uint8Array(words.buffer, 0, this.#length * 4)
  }
}

function enlarged(words: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(least, words.length * 2))
  larger.set(words)
  return larger
}

const DOUBLE = new DataView(new ArrayBuffer(8))
