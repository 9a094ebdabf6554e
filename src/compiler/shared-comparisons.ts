/**
 * Comparisons, each written once: policies repeat the same few, and what refers to one takes a word instead of three to seven. They
 * stand together, so that those that most rules need stay in the cache, and a rule takes no more than a line of it.
 */
import { Comparison, Op, Operand } from '../../assembly/abi/condition.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Words } from './words.ts'

/**
 * The operations in the order in which comparisons with constants are made: those first that settle most rules, and always the same before
 * the others, as processors foresee better what comes next. Comparisons of two attributes come after them.
 */
const FIRST = [Op.EqString, Op.Eq, Op.InStrings, Op.GtNumber, Op.GteNumber, Op.LtNumber, Op.LteNumber]
const RANKS = Array.from({ length: Op.InStrings + 1 }, (_, op) =>
  FIRST.includes(op) ? FIRST.indexOf(op) : FIRST.length + op,
)
/** Above all of these. */
const TWO_ATTRIBUTES = 64

/** A comparison with a boolean, or a number that has no operation of its own: its operands, and a cell. */
export const SCALAR_WORDS = 7

export class SharedComparisons {
  /** The section Comparisons. */
  readonly words = new Words()
  /** Nodes Op.AllShared, with offsets in place of addresses: of comparisons that all must hold. */
  readonly #joined = new Words()
  /** A hash table of indexes into the words, one more than they are; 0 is empty. */
  #table = new Int32Array(64)
  #count = 0

  /**
   * Takes the node in the last words of `code`, from `at` on, if it is a comparison.
   *
   * @returns its offset; undefined when it is none, and stays
   */
  take(code: Words, at: number): number | undefined {
    if (!isShareable(code.written, at)) return undefined
    const offset = this.#offsetOf(code.written, at)
    code.truncate(at)
    return offset
  }

  /**
   * Takes the node in the last words of `code`, from `at` on, if it is comparisons that all must hold.
   *
   * @returns what `joinedWords` and `writeJoined` know it by; undefined when it is none, and stays
   */
  takeAll(code: Words, at: number): number | undefined {
    const words = code.written
    const end = code.length
    if ((words[at]! & 0xff) !== Op.All) return undefined
    for (let child = at + 1; child < end; child += words[child]! >>> 8) if (!isShareable(words, child)) return undefined
    const joined = this.#joined.reserve(1)
    for (let child = at + 1; child < end; child += words[child]! >>> 8) {
      this.#joined.push(this.#offsetOf(words, child))
    }
    this.#sort(joined + 1)
    this.#joined.set(joined, Op.AllShared | ((this.#joined.length - joined) << 8))
    code.truncate(at)
    return joined
  }

  /** Sorts the comparisons that are joined from a place on. They have no order: what is false settles all, in whichever it is met. */
  #sort(from: number): void {
    const list = this.#joined
    for (let i = from + 1; i < list.length; i++) {
      const offset = list.get(i)
      let at = i
      for (; at > from && this.#rankOf(list.get(at - 1)) > this.#rankOf(offset); at--) list.set(at, list.get(at - 1))
      list.set(at, offset)
    }
  }

  #rankOf(offset: number): number {
    const word = this.words.get(offset / 4)
    const op = word & 0xff
    return RANKS[op]! + (op <= Op.EndsWith && word >>> 8 !== SCALAR_WORDS ? TWO_ATTRIBUTES : 0)
  }

  /** Where the comparisons are in the section that are joined. */
  joinedOffsets(joined: number): Int32Array {
    return this.#joined.written.subarray(joined + 1, joined + this.joinedWords(joined))
  }

  /** How many words the node takes that refers to them. */
  joinedWords(joined: number): number {
    return this.#joined.get(joined) >>> 8
  }

  /** Writes that node over the words at `at`. */
  writeJoined(joined: number, words: Words, at: number): void {
    const size = this.joinedWords(joined)
    words.set(at, this.#joined.get(joined))
    for (let i = 1; i < size; i++) words.setAddress(at + i, Section.Comparisons, this.#joined.get(joined + i))
  }

  /** Of the comparison at `at` of others' words; written when it is new. */
  #offsetOf(words: Int32Array, at: number): number {
    const entry = this.#entryOf(words, at)
    const known = this.#table[entry]!
    if (known !== 0) return (known - 1) * 4
    const size = words[at]! >>> 8
    const index = this.words.reserve(size)
    for (let i = 0; i < size; i++) this.words.set(index + i, words[at + i]!)
    this.#table[entry] = index + 1
    if (++this.#count * 2 > this.#table.length) this.#enlarge()
    return index * 4
  }

  /** The table's entry of an equal comparison, or the empty one where it belongs. */
  #entryOf(words: Int32Array, at: number): number {
    const table = this.#table
    const own = this.words.written
    const mask = table.length - 1
    let entry = hashOf(words, at) & mask
    while (table[entry] !== 0 && !areSame(own, table[entry]! - 1, words, at)) entry = (entry + 1) & mask
    return entry
  }

  #enlarge(): void {
    const old = this.#table
    this.#table = new Int32Array(old.length * 2)
    for (let i = 0; i < old.length; i++) {
      if (old[i] !== 0) this.#table[this.#entryOf(this.words.written, old[i]! - 1)] = old[i]!
    }
  }
}

/** What the core checks as a plain comparison, without lists: see assembly/validate/code.ts. None of its words is an address. */
function isShareable(words: Int32Array, at: number): boolean {
  const op = words[at]! & 0xff
  const size = words[at]! >>> 8
  if (size < 3 || size > Comparison.MostShared || (words[at + 1]! & 15) !== Operand.Frame) return false
  if (op >= Op.EqString && op <= Op.InStrings) return true
  if (op < Op.Eq || op > Op.EndsWith) return false
  return size === 3 || (size === SCALAR_WORDS && words[at + 3] === Tag.Boolean)
}

function areSame(one: Int32Array, at: number, other: Int32Array, otherAt: number): boolean {
  // The first word says how many there are.
  const size = one[at]! >>> 8
  for (let i = 0; i < size; i++) if (one[at + i] !== other[otherAt + i]) return false
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
