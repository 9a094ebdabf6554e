/**
 * A plain JavaScript object → nodes. There are no lines in it: places have a path only. What is in maps and lists is made when
 * it is read: the nodes of a rule are garbage before the next one is read, where those of a whole document would live on. Each
 * value is one object, which is node and entry at once.
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

/** An object or list, which knows those around it. */
type Around = ObjectMap | ObjectList | undefined

function entryOf(value: unknown, source: SourceInfo, outer: Around, key: string | number): Entry {
  switch (typeof value) {
    case 'object':
      return value === null ? new ObjectScalar(value, source, outer, key) : compound(value, source, outer, key)
    case 'boolean':
      return new ObjectScalar(value, source, outer, key)
    case 'string':
    case 'number':
    case 'bigint':
      return scalar(value, source, outer, key)
    default:
      return unsupported(value === undefined ? 'undefined' : `a ${typeof value}`, placeIn(source, outer, key))
  }
}

function scalar(value: string | number | bigint, source: SourceInfo, outer: Around, key: string | number): Entry {
  const fault = scalarFault(value)
  if (fault === undefined) return new ObjectScalar(asHeld(value), source, outer, key)
  const at = placeIn(source, outer, key)
  return { at, value: { kind: 'broken', ...fault, at } }
}

function compound(value: object, source: SourceInfo, outer: Around, key: string | number): Entry {
  let depth = 0
  for (let one = outer; one !== undefined; one = one.outer) {
    if (one.object === value) {
      const at = placeIn(source, outer, key)
      return broken('E_TYPE', 'the object contains itself', 'write a tree', at)
    }
    depth++
  }
  if (depth > maxDepth) return broken('E_LIMIT', ...tooDeep, placeIn(source, outer, key))
  if (Array.isArray(value)) return new ObjectList(value, source, outer, key)
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects of another realm (a frame, a vm context) have another Object.prototype; its own prototype is null too.
  const plain = prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null
  if (plain) return new ObjectMap(value, source, outer, key)
  return unsupported(`a ${value.constructor?.name || 'class instance'}`, placeIn(source, outer, key))
}

/** Positions outlive the nodes, which they therefore do not hold, and are made when somebody asks. */
function placeIn(source: SourceInfo, outer: Around, key: string | number): Position {
  return { source, offset: 0, parent: outer?.at, key }
}

class ObjectScalar implements ScalarNode, Entry {
  readonly kind = 'scalar'
  readonly scalar: Scalar
  readonly source: SourceInfo
  readonly outer: Around
  readonly key: string | number

  constructor(scalar: Scalar, source: SourceInfo, outer: Around, key: string | number) {
    this.scalar = scalar
    this.source = source
    this.outer = outer
    this.key = key
  }

  get at(): Position {
    return placeIn(this.source, this.outer, this.key)
  }

  get value(): Node {
    return this
  }
}

class ObjectList implements ListNode, Nodes, Entry {
  readonly kind = 'list'
  readonly object: readonly unknown[]
  readonly source: SourceInfo
  readonly outer: Around
  readonly key: string | number
  place: Position | undefined

  constructor(values: readonly unknown[], source: SourceInfo, outer: Around, key: string | number) {
    this.object = values
    this.source = source
    this.outer = outer
    this.key = key
    this.place = undefined
  }

  get at(): Position {
    this.place ??= placeIn(this.source, this.outer, this.key)
    return this.place
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
    const { object } = this
    const { length } = object
    const all = new Array<T>(length)
    // Holes are undefined, and refused.
    for (let key = 0; key < length; key++) all[key] = read(entryOf(object[key], this.source, this, key).value)
    return all
  }

  flatMap<T>(read: (item: Node) => T | readonly T[]): T[] {
    const lists = this.map(read)
    return lists.flat() as T[]
  }

  *[Symbol.iterator](): Iterator<Node> {
    for (let key = 0; key < this.object.length; key++) {
      yield entryOf(this.object[key], this.source, this, key).value
    }
  }
}

class ObjectMap implements MapNode, Entries, Entry {
  readonly kind = 'map'
  readonly object: object
  readonly source: SourceInfo
  readonly outer: Around
  readonly key: string | number
  place: Position | undefined
  readonly problems: readonly Problem[]
  readonly names: readonly string[]
  readonly values: readonly unknown[]
  /** Where each key is among the keys; undefined where there are so few that looking through them is faster. */
  readonly places: ReadonlyMap<string, number> | undefined

  constructor(object: object, source: SourceInfo, outer: Around, key: string | number) {
    this.object = object
    this.source = source
    this.outer = outer
    this.key = key
    this.place = undefined
    const keys = Object.keys(object)
    const values: unknown[] = Object.values(object)
    // TypeScript code often leaves a key out by giving it the value undefined.
    if (!values.includes(undefined) && areWellFormed(keys)) {
      this.problems = NO_PROBLEMS
      this.names = keys
      this.values = values
    } else {
      const given = keys.map((_, i) => i).filter((i) => values[i] !== undefined)
      const taken = given.filter((i) => isWellFormed(keys[i] ?? ''))
      const bad = given.filter((i) => !isWellFormed(keys[i] ?? ''))
      this.problems = bad.map((i) => loneSurrogate('a key', placeIn(source, this, keys[i] ?? '')))
      this.names = taken.map((i) => keys[i] ?? '')
      this.values = taken.map((i) => values[i])
    }
    this.places = this.names.length > FEW ? new Map(this.names.map((name, i) => [name, i])) : undefined
  }

  get at(): Position {
    this.place ??= placeIn(this.source, this.outer, this.key)
    return this.place
  }

  get value(): Node {
    return this
  }

  get entries(): Entries {
    return this
  }

  get size(): number {
    return this.names.length
  }

  has(key: string): boolean {
    return this.places === undefined ? this.names.includes(key) : this.places.has(key)
  }

  get(key: string): Entry | undefined {
    const index = this.places === undefined ? this.names.indexOf(key) : (this.places.get(key) ?? -1)
    return index < 0 ? undefined : entryOf(this.values[index], this.source, this, key)
  }

  keys(): Iterable<string> {
    return this.names
  }

  collect<T, With>(read: (entry: Entry, key: string, using: With) => T | undefined, using: With): readonly T[] {
    const { names } = this
    // Exactly as long as needed: what is read of rules stays.
    const all = new Array<T | undefined>(names.length)
    let isWhole = true
    for (let i = 0; i < names.length; i++) {
      const key = names[i] as string
      const one = read(entryOf(this.values[i], this.source, this, key), key, using)
      if (one === undefined) isWhole = false
      else all[i] = one
    }
    return (isWhole ? all : all.filter((one) => one !== undefined)) as T[]
  }

  *[Symbol.iterator](): Iterator<readonly [string, Entry]> {
    for (const [i, key] of this.names.entries()) yield [key, entryOf(this.values[i], this.source, this, key)]
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
