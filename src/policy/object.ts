/**
 * A plain JavaScript object → nodes. There are no lines in it: places have a path only. What is in maps and lists is made when
 * it is read: the nodes of a rule are garbage before the next one is read, where those of a whole document would live on. Each
 * value is one object, which is node, entry and, of scalars, place at once.
 */
import type { Scalar } from './document.ts'
import {
  type BrokenNode,
  type Entries,
  type Entry,
  type ListNode,
  type MapNode,
  maxDepth,
  type Node,
  type Nodes,
  type Position,
  type Problem,
  type ScalarNode,
  SourceInfo,
  tooDeep,
} from './node.ts'
import { asHeld, isWellFormed, loneSurrogate, scalarFault } from './scalar-node.ts'

/** The tree of a value, whatever it is; what no policy may hold becomes a broken node. */
export function readObject(name: string, value: unknown): Node {
  return entryOf(value, new SourceInfo(name), undefined, '').value
}

/** An object or list, and those around it. */
interface Around {
  readonly at: Position
  readonly object: object
  readonly outer: Around | undefined
  /** How many are around it. */
  readonly depth: number
}

function entryOf(value: unknown, source: SourceInfo, outer: Around | undefined, key: string | number): Entry {
  if (typeof value === 'object' && value !== null) return compound(value, source, outer, key)
  if (isScalar(value)) {
    const fault = scalarFault(value)
    if (fault === undefined) return new ObjectScalar(asHeld(value), source, outer?.at, key)
    const at = placeIn(source, outer, key)
    return { at, value: { kind: 'broken', ...fault, at } }
  }
  return unsupported(value === undefined ? 'undefined' : `a ${typeof value}`, placeIn(source, outer, key))
}

function isScalar(value: unknown): value is Scalar | bigint {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return true
    default:
      return value === null
  }
}

function compound(value: object, source: SourceInfo, outer: Around | undefined, key: string | number): Entry {
  const at = placeIn(source, outer, key)
  for (let one = outer; one !== undefined; one = one.outer) {
    if (one.object === value) return broken('E_TYPE', 'the object contains itself', 'write a tree', at)
  }
  if (outer !== undefined && outer.depth >= maxDepth) return broken('E_LIMIT', ...tooDeep, at)
  if (Array.isArray(value)) return new ObjectList(value, at, outer)
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects of another realm (a frame, a vm context) have another Object.prototype; its own prototype is null too.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null
  return plain ? new ObjectMap(value, at, outer) : unsupported(`a ${value.constructor?.name || 'class instance'}`, at)
}

function placeIn(source: SourceInfo, outer: Around | undefined, key: string | number): Position {
  return { source, offset: 0, parent: outer?.at, key }
}

class ObjectScalar implements ScalarNode, Entry, Position {
  readonly kind = 'scalar'
  readonly scalar: Scalar
  readonly source: SourceInfo
  readonly parent: Position | undefined
  readonly key: string | number

  constructor(scalar: Scalar, source: SourceInfo, parent: Position | undefined, key: string | number) {
    this.scalar = scalar
    this.source = source
    this.parent = parent
    this.key = key
  }

  get at(): Position {
    return this
  }

  get value(): Node {
    return this
  }

  get offset(): number {
    return 0
  }
}

class ObjectList implements ListNode, Nodes, Entry, Around {
  readonly kind = 'list'
  readonly at: Position
  readonly object: readonly unknown[]
  readonly outer: Around | undefined
  readonly depth: number

  constructor(values: readonly unknown[], at: Position, outer: Around | undefined) {
    this.at = at
    this.object = values
    this.outer = outer
    this.depth = outer === undefined ? 0 : outer.depth + 1
  }

  get value(): Node {
    return this
  }

  get items(): Nodes {
    return this
  }

  get length(): number {
    return this.object.length
  }

  map<T>(read: (item: Node) => T): T[] {
    const { length } = this.object
    const all = new Array<T>(length)
    // Holes are undefined, and refused.
    for (let key = 0; key < length; key++) all[key] = read(this.#item(key))
    return all
  }

  flatMap<T>(read: (item: Node) => T | readonly T[]): T[] {
    const lists = this.map(read)
    return lists.flat() as T[]
  }

  *[Symbol.iterator](): Iterator<Node> {
    for (let key = 0; key < this.object.length; key++) yield this.#item(key)
  }

  #item(key: number): Node {
    return entryOf(this.object[key], this.at.source, this, key).value
  }
}

class ObjectMap implements MapNode, Entries, Entry, Around {
  readonly kind = 'map'
  readonly at: Position
  readonly object: object
  readonly outer: Around | undefined
  readonly depth: number
  readonly problems: readonly Problem[]
  readonly #keys: readonly string[]
  readonly #values: readonly unknown[]
  /** Where each key is among the keys; undefined where there are so few that looking through them is faster. */
  readonly #places: ReadonlyMap<string, number> | undefined

  constructor(object: object, at: Position, outer: Around | undefined) {
    this.at = at
    this.object = object
    this.outer = outer
    this.depth = outer === undefined ? 0 : outer.depth + 1
    const keys = Object.keys(object)
    const values: unknown[] = Object.values(object)
    // TypeScript code often leaves a key out by giving it the value undefined.
    if (!values.includes(undefined) && areWellFormed(keys)) {
      this.#keys = keys
      this.#values = values
      this.problems = NO_PROBLEMS
    } else {
      const given = keys.map((_, i) => i).filter((i) => values[i] !== undefined)
      const taken = given.filter((i) => isWellFormed(keys[i] ?? ''))
      this.#keys = taken.map((i) => keys[i] ?? '')
      this.#values = taken.map((i) => values[i])
      const bad = given.filter((i) => !isWellFormed(keys[i] ?? ''))
      this.problems = bad.map((i) => loneSurrogate('a key', placeIn(at.source, this, keys[i] ?? '')))
    }
    this.#places = this.#keys.length > FEW ? new Map(this.#keys.map((key, i) => [key, i])) : undefined
  }

  get value(): Node {
    return this
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

  get names(): readonly string[] {
    return this.#keys
  }

  keys(): Iterable<string> {
    return this.#keys
  }

  collect<T>(read: (entry: Entry, key: string) => T | undefined): readonly T[] {
    const keys = this.#keys
    // Exactly as long as needed: what is read of rules stays.
    const all = new Array<T | undefined>(keys.length)
    let isWhole = true
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      const one = read(this.#entry(i, key), key)
      if (one === undefined) isWhole = false
      else all[i] = one
    }
    return (isWhole ? all : all.filter((one) => one !== undefined)) as T[]
  }

  *[Symbol.iterator](): Iterator<readonly [string, Entry]> {
    for (const [i, key] of this.#keys.entries()) yield [key, this.#entry(i, key)]
  }

  #indexOf(key: string): number {
    return this.#places === undefined ? this.#keys.indexOf(key) : (this.#places.get(key) ?? -1)
  }

  #entry(index: number, key: string): Entry {
    return entryOf(this.#values[index], this.at.source, this, key)
  }
}

function areWellFormed(keys: readonly string[]): boolean {
  for (let i = 0; i < keys.length; i++) if (!isWellFormed(keys[i] as string)) return false
  return true
}

const NO_PROBLEMS: readonly Problem[] = []
const FEW = 16

function unsupported(what: string, at: Position): Entry {
  return broken('E_TYPE', `${what} cannot be in a policy`, 'write a string, number, boolean, null, list or map', at)
}

function broken(code: BrokenNode['code'], found: string, advice: string, at: Position): Entry {
  return { at, value: { kind: 'broken', code, found, advice, at } }
}
