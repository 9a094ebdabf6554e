import type { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'

/**
 * A section under construction: u32 words, some of which are addresses in sections whose place is not known yet.
 * `resolve` turns these into final addresses once the layout is fixed.
 */
export class Words {
  #words = new Uint32Array(256)
  #length = 0
  /** Where each address stands, and in which section it lies: in turn, because there are many. */
  readonly #references: number[] = []

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
  get written(): Uint32Array {
    return this.#words
  }

  /** Takes back what was written from that index on, none of it an address. */
  truncate(length: number): void {
    this.#words.fill(0, length, this.#length)
    this.#length = length
  }

  #grow(least: number): void {
    const larger = new Uint32Array(Math.max(least, this.#words.length * 2))
    larger.set(this.#words)
    this.#words = larger
  }

  /** A double, as two words. */
  pushNumber(value: number): void {
    this.push(0)
    this.push(0)
    this.setNumber(this.#length - 2, value)
  }

  /** The address of `offset` in another section. */
  pushAddress(section: Section, offset: number): void {
    this.#references.push(this.#length, section)
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
    this.#references.push(index, section)
    this.#words[index] = offset
  }

  get(index: number): number {
    return this.#words[index] ?? 0
  }

  /** The section's bytes, with addresses resolved by the sections' offsets in the image. */
  resolve(offsets: readonly number[]): Uint8Array {
    const references = this.#references
    for (let i = 0; i < references.length; i += 2) {
      const at = references[i] ?? 0
      this.#words[at] = this.get(at) + Layout.ImageBase + (offsets[references[i + 1] ?? 0] ?? 0)
    }
    return new Uint8Array(this.#words.buffer, 0, this.#length * 4)
  }
}

const DOUBLE = new DataView(new ArrayBuffer(8))
