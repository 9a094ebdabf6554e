/** A plain JavaScript object → nodes. There are no lines in it: places have a path only. */
import {
  type BrokenNode,
  type Entry,
  isWellFormed,
  loneSurrogate,
  maxDepth,
  type Node,
  type Position,
  type Problem,
  type SourceInfo,
  scalarNode,
} from './node.ts'

/** The tree of a value, whatever it is; what no policy may hold becomes a broken node. */
export function readObject(name: string, value: unknown): Node {
  const source: SourceInfo = { name, lines: undefined }
  return build(value, { source, offset: 0, parent: undefined, key: '' }, new Set())
}

function build(value: unknown, at: Position, ancestors: Set<object>): Node {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return scalarNode(value, at)
  if (typeof value === 'number' || typeof value === 'bigint') return scalarNode(value, at)
  if (typeof value !== 'object') return unsupported(value === undefined ? 'undefined' : `a ${typeof value}`, at)
  if (ancestors.has(value)) return broken('E_TYPE', 'the object contains itself', 'write a tree', at)
  if (ancestors.size > maxDepth) {
    return broken('E_LIMIT', 'the document is nested too deeply', `nest at most ${maxDepth} levels`, at)
  }
  ancestors.add(value)
  const node = Array.isArray(value) ? list(value, at, ancestors) : map(value, at, ancestors)
  ancestors.delete(value)
  return node
}

function list(value: readonly unknown[], at: Position, ancestors: Set<object>): Node {
  // Array.from also visits holes, which then are undefined and refused.
  const items = Array.from(value, (item, key) =>
    build(item, { source: at.source, offset: 0, parent: at, key }, ancestors),
  )
  return { kind: 'list', items, at }
}

function map(value: object, at: Position, ancestors: Set<object>): Node {
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects of another realm (a frame, a vm context) have another Object.prototype; its own prototype is null too.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null
  if (!plain) return unsupported(`a ${value.constructor?.name || 'class instance'}`, at)
  const entries = new Map<string, Entry>()
  const problems: Problem[] = []
  for (const [key, item] of Object.entries(value)) {
    // TypeScript code often leaves a key out by giving it the value undefined.
    if (item === undefined) continue
    const keyAt: Position = { source: at.source, offset: 0, parent: at, key }
    if (isWellFormed(key)) entries.set(key, { at: keyAt, value: build(item, keyAt, ancestors) })
    else problems.push(loneSurrogate('a key', keyAt))
  }
  return { kind: 'map', entries, problems, at }
}

function unsupported(what: string, at: Position): BrokenNode {
  return broken('E_TYPE', `${what} cannot be in a policy`, 'write a string, number, boolean, null, list or map', at)
}

function broken(code: BrokenNode['code'], found: string, advice: string, at: Position): BrokenNode {
  return { kind: 'broken', code, found, advice, at }
}
