/** Keys of the rule index, equal ones once, numbered in the order in which they were met. */
import { hashKeys } from './hash.ts'
import type { IndexKey } from './targets.ts'
import { Words } from './words.ts'

export class KeyTable {
  /** How many numbers a key has. */
  readonly parts = 6
  readonly #keys = new Words()
  readonly #hashes = new Words()
  /** One more than the number of a key, by its hash and on from there; 0 where none is. */
  #slots = new Uint32Array(1024)

  get size(): number {
    return this.#hashes.length
  }

  /** The key's number; a new one when the key is new. */
  numberOf(key: IndexKey): number {
    const hash = hashKeys(key)
    const last = this.#slots.length - 1
    let slot = hash & last
    for (let entry = this.#slots[slot] ?? 0; entry !== 0; entry = this.#slots[slot] ?? 0) {
      if (this.#hashes.get(entry - 1) === hash && this.#isKey(entry - 1, key)) return entry - 1
      slot = (slot + 1) & last
    }
    const number = this.size
    for (let i = 0; i < this.parts; i++) this.#keys.push(key[i] ?? 0)
    this.#hashes.push(hash)
    this.#slots[slot] = number + 1
    if (this.size * 2 > this.#slots.length) this.#grow()
    return number
  }

  hashOf(number: number): number {
    return this.#hashes.get(number)
  }

  partOf(number: number, part: number): number {
    return this.#keys.get(number * this.parts + part)
  }

  #isKey(number: number, key: IndexKey): boolean {
    // The numbers of the table have no sign.
    for (let i = 0; i < this.parts; i++) if (this.partOf(number, i) !== (key[i] ?? 0) >>> 0) return false
    return true
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    for (let number = 0; number < this.size; number++) {
      let slot = this.hashOf(number) & (slots.length - 1)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = number + 1
    }
    this.#slots = slots
  }
}
