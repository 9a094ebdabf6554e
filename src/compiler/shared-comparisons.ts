/**
 * Comparisons that were written before: policies repeat the same few, and what refers to one takes a word instead of three to
 * seven. An image of many rules is a quarter smaller.
 */
import { Comparison, Op, Operand } from '../../assembly/abi/condition.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import type { Words } from './words.ts'

/** A comparison with a boolean: its operands, and a cell. */
const BOOLEAN_WORDS = 7
/** No index. */
const NONE = -1

export class SharedComparisons {
  readonly #words: Words
  /** A hash table of indexes into the words, one more than they are; 0 is empty. */
  #table = new Int32Array(64)
  #count = 0
  /** Of each child of the node in hand: where it was written before, or NONE, and its hash. */
  readonly #known: number[] = []
  readonly #hashes: number[] = []

  /** @param words What the nodes are written to. */
  constructor(words: Words) {
    this.#words = words
  }

  /**
   * Takes back what was written before of the last node: a comparison, or all of several, where that makes the image smaller.
   *
   * @param node Where it begins, as an index.
   * @returns where it is now: where an equal comparison stands; behind those of its comparisons that are new; or as before
   */
  share(node: number): number {
    const end = this.#words.length
    if (this.#isShareable(node)) {
      const known = this.#findOrAdd(node, hashOf(this.#words.written, node))
      if (known !== node) this.#words.truncate(node)
      return known
    }
    const words = this.#words.written
    if ((words[node]! & 0xff) !== Op.All) return node
    let count = 0
    let repeated = 0
    for (let at = node + 1; at < end; at += words[at]! >>> 8) {
      if (!this.#isShareable(at)) return node
      const hash = hashOf(words, at)
      const known = this.#find(at, hash)
      if (known !== NONE) repeated += words[at]! >>> 8
      this.#known[count] = known
      this.#hashes[count++] = hash
    }
    if (repeated > count) return this.#rewrite(node, count)
    for (let i = 0, at = node + 1; i < count; i++, at += words[at]! >>> 8) this.#findOrAdd(at, this.#hashes[i]!)
    return node
  }

  /** Moves those of the children that are new to the front, and writes behind them a node that refers to all; returns where that is. */
  #rewrite(node: number, count: number): number {
    const words = this.#words.written
    const known = this.#known
    let start = node
    for (let i = 0, at = node + 1; i < count; i++) {
      const size = words[at]! >>> 8
      if (known[i] === NONE) {
        words.copyWithin(start, at, at + size)
        // The same child may be there twice.
        known[i] = this.#findOrAdd(start, this.#hashes[i]!)
        if (known[i] === start) start += size
      }
      at += size
    }
    words[start] = Op.AllShared | ((count + 1) << 8)
    for (let i = 0; i < count; i++) words[start + 1 + i] = start - known[i]!
    this.#words.truncate(start + 1 + count)
    return start
  }

  /** What the core checks as a plain comparison, without lists: see assembly/validate/code.ts. */
  #isShareable(at: number): boolean {
    const words = this.#words.written
    const op = words[at]! & 0xff
    const size = words[at]! >>> 8
    if (size < 3 || size > Comparison.MostShared || (words[at + 1]! & 15) !== Operand.Frame) return false
    if (op >= Op.EqString && op <= Op.InStrings) return true
    if (op < Op.Eq || op > Op.EndsWith) return false
    return size === 3 || (size === BOOLEAN_WORDS && words[at + 3] === Tag.Boolean)
  }

  /** Where an equal comparison stands, or NONE. */
  #find(at: number, hash: number): number {
    return this.#table[this.#entryOf(at, hash)]! - 1
  }

  /** The same; this one when there was none. */
  #findOrAdd(at: number, hash: number): number {
    const entry = this.#entryOf(at, hash)
    const known = this.#table[entry]!
    if (known !== 0) return known - 1
    this.#table[entry] = at + 1
    if (++this.#count * 2 > this.#table.length) this.#enlarge()
    return at
  }

  /** The table's entry of an equal comparison, or the empty one where it belongs. */
  #entryOf(at: number, hash: number): number {
    const table = this.#table
    const words = this.#words.written
    const mask = table.length - 1
    let entry = hash & mask
    while (table[entry] !== 0 && !areSame(words, table[entry]! - 1, at)) entry = (entry + 1) & mask
    return entry
  }

  #enlarge(): void {
    const old = this.#table
    const words = this.#words.written
    this.#table = new Int32Array(old.length * 2)
    for (let i = 0; i < old.length; i++) {
      if (old[i] === 0) continue
      const at = old[i]! - 1
      this.#table[this.#entryOf(at, hashOf(words, at))] = at + 1
    }
  }
}

function areSame(words: Int32Array, one: number, other: number): boolean {
  // The first word says how many there are.
  const size = words[one]! >>> 8
  for (let i = 0; i < size; i++) if (words[one + i] !== words[other + i]) return false
  return true
}

function hashOf(words: Int32Array, at: number): number {
  let hash = 0
  for (let i = at + (words[at]! >>> 8) - 1; i >= at; i--) {
    hash = Math.imul(hash ^ words[i]!, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}
