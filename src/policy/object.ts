/**
 * A plain JavaScript object → nodes. There are no lines in it: places have a path only. What is in maps and lists is made when
 * it is read: the nodes of a rule are garbage before the next one is read, where those of a whole document would live on.
 */
import {
  type BrokenNode,
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

class ObjectMap implements MapNode {
  readonly kind = 'map'
  readonly at: Position
  readonly #value: object
  readonly #around: Around
  #entries: Map<string, Entry> | undefined
  #problems: Problem[] = []

  constructor(value: object, at: Position, around: Around) {
    this.#value = value
    this.at = at
    this.#around = around
  }

  get entries(): ReadonlyMap<string, Entry> {
    this.#entries ??= this.#read()
    return this.#entries
  }

  get problems(): readonly Problem[] {
    this.#entries ??= this.#read()
    return this.#problems
  }

  #read(): Map<string, Entry> {
    const entries = new Map<string, Entry>()
    const { source } = this.at
    const value = this.#value as Readonly<Record<string, unknown>>
    for (const key of Object.keys(value)) {
      const item = value[key]
      // TypeScript code often leaves a key out by giving it the value undefined.
      if (item === undefined) continue
      const at: Position = { source, offset: 0, parent: this.at, key }
      if (isWellFormed(key)) entries.set(key, { at, value: build(item, at, this.#around) })
      else this.#problems.push(loneSurrogate('a key', at))
    }
    return entries
  }
}

function unsupported(what: string, at: Position): BrokenNode {
  return broken('E_TYPE', `${what} cannot be in a policy`, 'write a string, number, boolean, null, list or map', at)
}

function broken(code: BrokenNode['code'], found: string, advice: string, at: Position): BrokenNode {
  return { kind: 'broken', code, found, advice, at }
}
