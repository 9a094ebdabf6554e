/** Reading tuples back from the core's memory: edges.ts, tree.ts and nodes.ts in assembly/tuple are the other side. */
import { Edges, Tree, TreePage, TupleArea, TupleContext, TupleNode } from '../../../assembly/abi/tuples.ts'
import type { Core } from '../core.ts'

/** The three words of a key; see Tree. */
export interface TreeKey {
  readonly first: number
  readonly second: number
  readonly third: number
}

/** A node's edges are in the tree. */
const IN_TREE = 1
/** In the address of a run of one edge; of two, together with bit 0. */
const SHORT = 2
/** Bit 0 of a subject in Tree.Forward. */
export const CONDITIONAL = 1

const HEADER = TreePage.HeaderSize

export class TupleMemory {
  readonly #core: Core
  readonly #decoder = new TextDecoder()

  constructor(core: Core) {
    this.#core = core
  }

  /** Whether some tuple has a condition. */
  get hasContexts(): boolean {
    return this.#area(TupleArea.Trees + Tree.Contexts * 2) !== 0
  }

  /** The keys of a tree from (first, from) up to (first, to), both included. */
  *keys(tree: Tree.Forward | Tree.Reverse, first: number, from: number, to: number): Generator<TreeKey> {
    const edges = this.#word(first + (tree === Tree.Forward ? TupleNode.Forward : TupleNode.Reverse))
    const keys = edges === IN_TREE ? this.#inTree(tree, first, from) : this.#inRun(edges, first)
    for (const key of keys) {
      if (key.first !== first || key.second > to) return
      if (key.second >= from) yield key
    }
  }

  /** The keys of all tuples, by object. */
  *all(): Generator<TreeKey> {
    const table = this.#area(TupleArea.NodeTable)
    if (table === 0) return
    for (let index = 0; index <= this.#area(TupleArea.NodeMask); index++) {
      const node = (this.#word(table + index * 4) & ~3) >>> 0
      if (node !== 0) yield* this.keys(Tree.Forward, node, 0, 0xffffffff)
    }
  }

  /** A run's edges; see assembly/tuple/edges.ts. */
  *#inRun(run: number, first: number): Generator<TreeKey> {
    if (run === 0) return
    const isShort = (run & SHORT) !== 0
    const block = (run & ~3) >>> 0
    const start = isShort ? block : block + Edges.HeaderSize
    const end = start + (isShort ? (run & 1) + 1 : this.#word(block) & 0xffff) * Edges.Size
    for (let at = start; at < end; at += Edges.Size) {
      yield { first, second: this.#word(at), third: this.#word(at + 4) }
    }
  }

  *#inTree(tree: Tree.Forward | Tree.Reverse, first: number, second: number): Generator<TreeKey> {
    let page = this.#leaf(tree, first, second, 0)
    if (page === 0) return
    let index = this.#lowerBound(page, TreePage.KeySize, first, second, 0)
    while (page !== 0) {
      if (index >= this.#word(page)) {
        page = this.#word(page + TreePage.Next * 4)
        index = 0
        continue
      }
      const at = page + HEADER + index++ * TreePage.KeySize
      yield { first: this.#word(at + 4), second: this.#word(at), third: this.#word(at + 8) }
    }
  }

  /** A node's type and id. */
  node(address: number): { readonly type: number; readonly id: string } {
    const head = this.#word(address)
    return { type: head & 0xffff, id: this.#text(address + TupleNode.Id, head >>> 16) }
  }

  /** The condition and context of a tuple whose subject is marked as having them. */
  context({ first, second, third }: TreeKey): { readonly condition: number; readonly json: string } {
    const subject = (third & ~CONDITIONAL) >>> 0
    const page = this.#leaf(Tree.Contexts, first, second, subject)
    const index = this.#lowerBound(page, TreePage.WideSize, first, second, subject)
    const block = this.#word(page + HEADER + index * TreePage.WideSize + 12)
    const length = this.#word(block + TupleContext.JsonLength * 4)
    return {
      condition: this.#word(block + TupleContext.Condition * 4),
      json: this.#text(block + this.#word(block + TupleContext.Size * 4) - length, length),
    }
  }

  #leaf(tree: Tree, first: number, second: number, third: number): number {
    let page = this.#area(TupleArea.Trees + tree * 2)
    for (let level = this.#area(TupleArea.Trees + tree * 2 + 1); level > 0; level--) {
      // The first child has no border; see assembly/tuple/tree.ts.
      const borders = this.#word(page) - 1
      const at = this.#bound(page + HEADER + TreePage.WideSize, borders, TreePage.WideSize, first, second, third)
      const entry = page + HEADER + (at + 1) * TreePage.WideSize
      const equal =
        at < borders &&
        this.#word(entry + 4) === first &&
        this.#word(entry) === second &&
        this.#word(entry + 8) === third
      const child = equal ? at + 1 : at
      page = this.#word(page + HEADER + child * TreePage.WideSize + 12)
    }
    return page
  }

  #lowerBound(page: number, stride: number, first: number, second: number, third: number): number {
    return this.#bound(page + HEADER, this.#word(page), stride, first, second, third)
  }

  /** How many of the entries from an address on are before the key. */
  #bound(start: number, count: number, stride: number, first: number, second: number, third: number): number {
    let from = 0
    let length = count
    while (length > 0) {
      const half = length >>> 1
      const at = start + (from + half) * stride
      const order = this.#word(at + 4) - first || this.#word(at) - second || this.#word(at + 8) - third
      if (order < 0) {
        from += half + 1
        length -= half + 1
      } else length = half
    }
    return from
  }

  #text(at: number, length: number): string {
    return this.#decoder.decode(this.#core.u8.subarray(at, at + length))
  }

  #area(field: number): number {
    return this.#word(this.#core.tuples + field * 4)
  }

  #word(address: number): number {
    return (this.#core.i32[address >>> 2] ?? 0) >>> 0
  }
}
