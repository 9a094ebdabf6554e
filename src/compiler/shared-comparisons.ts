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
  /** Where the children of the node in hand were written before, or NONE. */
  readonly #known: number[] = []
  /** The words of that node. */
  #copy = new Int32Array(64)

  /** @param words What the nodes are written to. */
  constructor(words: Words) {
    this.#words = words
  }

  /**
   * Takes back what was written before of the last node: a comparison, or all of several.
   *
   * @param node Where it begins, as an index.
   * @returns where it is now: where an equal comparison stands; behind those of its comparisons that are new; or as before
   */
  share(node: number): number {
    const words = this.#words
    if (this.#isShareable(node)) {
      const known = this.#find(node)
      if (known === NONE) this.#add(node)
      else words.truncate(node)
      return known === NONE ? node : known
    }
    if ((words.get(node) & 0xff) !== Op.All) return node
    let isOneKnown = false
    this.#known.length = 0
    for (let at = node + 1; at < words.length; at += words.get(at) >>> 8) {
      if (!this.#isShareable(at)) return node
      const known = this.#find(at)
      this.#known.push(known)
      if (known !== NONE) isOneKnown = true
    }
    if (isOneKnown) return this.#rewrite(node)
    for (let at = node + 1; at < words.length; at += words.get(at) >>> 8) if (this.#find(at) === NONE) this.#add(at)
    return node
  }

  /** Writes those of the children that are new, and behind them a node that refers to all; returns where that is. */
  #rewrite(node: number): number {
    const words = this.#words
    const known = this.#known
    const copy = this.#copyFrom(node + 1)
    words.truncate(node)
    for (let i = 0, at = 0; i < known.length; i++) {
      const size = copy[at]! >>> 8
      if (known[i] === NONE) known[i] = this.#write(copy, at, size)
      at += size
    }
    const start = words.length
    words.push(Op.AllShared | ((known.length + 1) << 8))
    for (let i = 0; i < known.length; i++) words.push(start - known[i]!)
    return start
  }

  #copyFrom(start: number): Int32Array {
    const length = this.#words.length - start
    if (this.#copy.length < length) this.#copy = new Int32Array(length * 2)
    const copy = this.#copy
    const words = this.#words.written
    for (let i = 0; i < length; i++) copy[i] = words[start + i]!
    return copy
  }

  /** The same child may be there twice. */
  #write(copy: Int32Array, from: number, size: number): number {
    const start = this.#words.length
    for (let i = 0; i < size; i++) this.#words.push(copy[from + i]!)
    const known = this.#find(start)
    if (known === NONE) this.#add(start)
    else this.#words.truncate(start)
    return known === NONE ? start : known
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

  #find(at: number): number {
    const table = this.#table
    const words = this.#words.written
    const mask = table.length - 1
    for (let entry = hashOf(words, at) & mask; table[entry] !== 0; entry = (entry + 1) & mask) {
      const known = table[entry]! - 1
      if (areSame(words, known, at)) return known
    }
    return NONE
  }

  #add(at: number): void {
    if (++this.#count * 2 > this.#table.length) this.#enlarge()
    this.#insert(at + 1)
  }

  #insert(value: number): void {
    const mask = this.#table.length - 1
    let entry = hashOf(this.#words.written, value - 1) & mask
    while (this.#table[entry] !== 0) entry = (entry + 1) & mask
    this.#table[entry] = value
  }

  #enlarge(): void {
    const old = this.#table
    this.#table = new Int32Array(old.length * 2)
    for (let i = 0; i < old.length; i++) if (old[i] !== 0) this.#insert(old[i]!)
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
