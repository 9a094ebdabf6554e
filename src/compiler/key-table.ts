/** Keys of the rule index, equal ones once, numbered in the order in which they were met. */
import { hashKeys } from './hash.ts'
import type { IndexKey } from './targets.ts'
import { Words } from './words.ts'

export class KeyTable {
  readonly #keys: Words
  readonly #hashes: Words
  /** One more than the number of a key, by its hash and on from there; 0 where none is. */
  #slots: Uint32Array

  /** @param expected How many keys there will be, about. */
  constructor(expected: number) {
    this.#keys = new Words(expected * KEY_PARTS)
    this.#hashes = new Words(expected)
    this.#slots = new Uint32Array(slotsFor(expected))
  }

  get size(): number {
    return this.#hashes.length
  }

  /** The key's number; a new one when the key is new. Its numbers have signs: see Words. */
  numberOf(key: IndexKey): number {
    const hash = hashKeys(key)
    const slots = this.#slots
    const last = slots.length - 1
    let slot = hash & last
    for (let entry = slots[slot] as number; entry !== 0; entry = slots[slot] as number) {
      if (this.#hashes.get(entry - 1) === hash && this.#isKey(entry - 1, key)) return entry - 1
      slot = (slot + 1) & last
    }
    const number = this.size
    this.#keys.pushAll(key)
    this.#hashes.push(hash)
    slots[slot] = number + 1
    if (slotsFor(number + 1) > slots.length) this.#grow()
    return number
  }

  hashOf(number: number): number {
    return this.#hashes.get(number)
  }

  partOf(number: number, part: number): number {
    return this.#keys.get(number * KEY_PARTS + part)
  }

  /** Writes the key's parts but for the mask, which is the first. */
  writeParts(number: number, words: Words, index: number): void {
    words.setFrom(index, this.#keys, number * KEY_PARTS + 1, KEY_PARTS - 1)
  }

  #isKey(number: number, key: IndexKey): boolean {
    for (let i = 0; i < KEY_PARTS; i++) if (this.partOf(number, i) !== key[i]) return false
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

/** How many numbers a key has. */
const KEY_PARTS = 6

/** Half of them stay empty. */
function slotsFor(keys: number): number {
  let slots = 64
  while (slots < keys * 2) slots *= 2
  return slots
}
