/**
 * A plain JavaScript object → nodes. There are no lines in it: places have a path only. What is in maps and lists is made when
 * it is read: the nodes of a rule are garbage before the next one is read, where those of a whole document would live on.
 */
import {
  type BrokenNode,
  type Entries,
  type Entry,
  isWellFormed,
  type ListNode,
  loneSurrogate,
  type MapNode,
  maxDepth,
  type Node,
  type Nodes,
  type Position,
  type Problem,
  type SourceInfo,
  scalarNode,
} from './node.ts'

/** The tree of a value, whatever it is; what no policy may hold becomes a broken node. */
export function readObject(name: string, value: unknown): Node {
  const source: SourceInfo = { name, lines: undefined }
  return build(value, { source, offset: 0, parent: undefined, key: '' }, undefined)
}

/** An object or list, and those around it. */
interface Around {
  readonly value: object
  readonly outer: Around | undefined
  /** How many are around it. */
  readonly depth: number
}

function build(value: unknown, at: Position, outer: Around | undefined): Node {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return scalarNode(value, at)
  if (typeof value === 'number' || typeof value === 'bigint') return scalarNode(value, at)
  if (typeof value !== 'object') return unsupported(value === undefined ? 'undefined' : `a ${typeof value}`, at)
  for (let one = outer; one !== undefined; one = one.outer) {
    if (one.value === value) return broken('E_TYPE', 'the object contains itself', 'write a tree', at)
  }
  const depth = outer === undefined ? 0 : outer.depth + 1
  if (depth > maxDepth)
    return broken('E_LIMIT', 'the document is nested too deeply', `nest at most ${maxDepth} levels`, at)
  if (Array.isArray(value)) return new ObjectList(value, at, { value, outer, depth })
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects of another realm (a frame, a vm context) have another Object.prototype; its own prototype is null too.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null
  return plain
    ? new ObjectMap(value, at, { value, outer, depth })
    : unsupported(`a ${value.constructor?.name || 'class instance'}`, at)
}

class ObjectList implements ListNode, Nodes {
  readonly kind = 'list'
  readonly at: Position
  readonly #values: readonly unknown[]
  readonly #around: Around

  constructor(values: readonly unknown[], at: Position, around: Around) {
    this.#values = values
    this.at = at
    this.#around = around
  }

  get items(): Nodes {
    return this
  }

  get length(): number {
    return this.#values.length
  }

  map<T>(read: (item: Node) => T): T[] {
    // Array.from also visits holes, which are undefined and refused.
    return Array.from(this.#values, (_, key) => read(this.#item(key)))
  }

  flatMap<T>(read: (item: Node) => T | readonly T[]): T[] {
    return [...this].flatMap(read)
  }

  *[Symbol.iterator](): Iterator<Node> {
    for (let key = 0; key < this.#values.length; key++) yield this.#item(key)
  }

  #item(key: number): Node {
    const { at } = this
    return build(this.#values[key], { source: at.source, offset: 0, parent: at, key }, this.#around)
  }
}

class ObjectMap implements MapNode, Entries {
  readonly kind = 'map'
  readonly at: Position
  readonly problems: readonly Problem[]
  readonly #around: Around
  readonly #keys: readonly string[]
  readonly #values: readonly unknown[]
  /** Where each key is among the keys; undefined where there are so few that looking through them is faster. */
  readonly #places: ReadonlyMap<string, number> | undefined
  /** Of the keys that were asked for. */
  readonly #entries: (Entry | undefined)[] = []

  constructor(value: object, at: Position, around: Around) {
    this.at = at
    this.#around = around
    const keys = Object.keys(value)
    const values: unknown[] = Object.values(value)
    // TypeScript code often leaves a key out by giving it the value undefined.
    if (!values.includes(undefined) && keys.every(isWellFormed)) {
      this.#keys = keys
      this.#values = values
      this.problems = NO_PROBLEMS
    } else {
      const given = keys.map((_, i) => i).filter((i) => values[i] !== undefined)
      const taken = given.filter((i) => isWellFormed(keys[i] ?? ''))
      this.#keys = taken.map((i) => keys[i] ?? '')
      this.#values = taken.map((i) => values[i])
      const bad = given.filter((i) => !isWellFormed(keys[i] ?? ''))
      this.problems = bad.map((i) => loneSurrogate('a key', this.#place(keys[i] ?? '')))
    }
    this.#places = this.#keys.length > FEW ? new Map(this.#keys.map((key, i) => [key, i])) : undefined
  }

  get entries(): Entries {
    return this
  }

  get size(): number {
    return this.#keys.length
  }

  has(key: string): boolean {
    return this.#indexOf(key) >= 0
  }

  get(key: string): Entry | undefined {
    const index = this.#indexOf(key)
    return index < 0 ? undefined : this.#entry(index, key)
  }

  keys(): Iterable<string> {
    return this.#keys
  }

  [Symbol.iterator](): Iterator<readonly [string, Entry]> {
    return this.#keys.map((key, i) => [key, this.#entry(i, key)] as const)[Symbol.iterator]()
  }

  #indexOf(key: string): number {
    return this.#places === undefined ? this.#keys.indexOf(key) : (this.#places.get(key) ?? -1)
  }

  #entry(index: number, key: string): Entry {
    const known = this.#entries[index]
    if (known !== undefined) return known
    const at = this.#place(key)
    const entry: Entry = { at, value: build(this.#values[index], at, this.#around) }
    this.#entries[index] = entry
    return entry
  }

  #place(key: string): Position {
    return { source: this.at.source, offset: 0, parent: this.at, key }
  }
}

const NO_PROBLEMS: readonly Problem[] = []
const FEW = 16

function unsupported(what: string, at: Position): BrokenNode {
  return broken('E_TYPE', `${what} cannot be in a policy`, 'write a string, number, boolean, null, list or map', at)
}

function broken(code: BrokenNode['code'], found: string, advice: string, at: Position): BrokenNode {
  return { kind: 'broken', code, found, advice, at }
}
