/**
 * Numbers 0 … n − 1 in disjoint blocks that can be split (A. Valmari & P. Lehtinen, "Efficient Minimization of DFAs with
 * Partial Transition Functions", 2008): the marked members of a block stand at its front.
 */
export class Partition {
  readonly #members: Int32Array
  /** Where each number stands in `#members`, and its block. */
  readonly #places: Int32Array
  readonly #blocks: Int32Array
  /** Per block: its first place, the one after its marked members, the one after its last. */
  readonly #starts: number[] = [0]
  readonly #marked: number[] = [0]
  readonly #ends: number[]
  #touched: number[] = []

  /** All numbers below `count` in block 0. */
  constructor(count: number) {
    this.#members = Int32Array.from({ length: count }, (_, i) => i)
    this.#places = this.#members.slice()
    this.#blocks = new Int32Array(count)
    this.#ends = [count]
  }

  blockOf(one: number): number {
    return this.#blocks[one]!
  }

  size(block: number): number {
    return this.#ends[block]! - this.#starts[block]!
  }

  /** A copy, which splitting does not change. */
  members(block: number): Int32Array {
    return this.#members.slice(this.#starts[block], this.#ends[block])
  }

  mark(one: number): void {
    const block = this.#blocks[one]!
    const place = this.#places[one]!
    const front = this.#marked[block]!
    if (place < front) return
    if (front === this.#starts[block]) this.#touched.push(block)
    const other = this.#members[front]!
    this.#members[place] = other
    this.#places[other] = place
    this.#members[front] = one
    this.#places[one] = front
    this.#marked[block] = front + 1
  }

  /** Splits every block with marked and unmarked members; tells its number, now of the unmarked, and the new one's. */
  split(onSplit: (block: number, added: number) => void): void {
    const touched = this.#touched
    this.#touched = []
    for (const block of touched) {
      const start = this.#starts[block]!
      const middle = this.#marked[block]!
      if (middle === this.#ends[block]) {
        this.#marked[block] = start
        continue
      }
      const added = this.#starts.push(start) - 1
      this.#marked.push(start)
      this.#ends.push(middle)
      this.#starts[block] = middle
      for (let place = start; place < middle; place++) this.#blocks[this.#members[place]!] = added
      onSplit(block, added)
    }
  }
}
