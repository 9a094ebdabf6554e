/**
 * A document as a tree of nodes that know where they stand, whether it came from YAML, JSON or an object. Everything that
 * reads policies reads this tree, so that it neither knows nor cares about the notation.
 */
import type { LineCounter } from 'yaml'
import type { DiagnosticCode } from './codes.ts'
import type { TextRange } from './diagnostic.ts'
import type { Scalar } from './document.ts'
import type { AttributePath, Pattern, Place } from './model.ts'

/** A text or object that policies come from. */
export class SourceInfo {
  readonly name: string
  /** The text itself; undefined for an object. */
  readonly text: string | undefined
  /** Undefined for an object. */
  readonly lines: LineCounter | undefined
  /** What texts in it mean, worked out once: the rules of large policies name the same few things again and again. */
  readonly paths = new Map<string, AttributePath>()
  readonly patterns = new Map<string, KnownPattern>()

  constructor(name: string, text?: string, lines?: LineCounter) {
    this.name = name
    this.text = text
    this.lines = lines
  }
}

/** The patterns that a text stands for, and what it would mean elsewhere. */
export interface KnownPattern {
  readonly patterns: readonly Pattern[]
  readonly surprise: { readonly found: string; readonly advice: string } | undefined
}

/**
 * A position, cheap to make: line, column and path are worked out by `placeOf` when somebody wants to read them.
 * `offset` is that into the text, in UTF-16 units; it is not used for objects.
 */
export interface Position {
  readonly source: SourceInfo
  readonly offset: number
  /** The offset behind it, maybe behind blanks that follow; undefined for an object, and where it is not known. */
  readonly end?: number
  readonly parent: Position | undefined
  readonly key: string | number
  /** Something inside a scalar: a part of an expression. */
  readonly inside?: true
}

export type Node = ScalarNode | ListNode | MapNode | BrokenNode

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly scalar: Scalar
  readonly at: Position
  readonly source?: SourceInfo
}

/** The source that a node is from: its own, where it is at hand without making the position. */
export function sourceOf(node: { readonly at: Position; readonly source?: SourceInfo | undefined }): SourceInfo {
  return node.source ?? node.at.source
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: Nodes
  readonly at: Position
}

/**
 * What readers need of an array of nodes. Those of an object are made anew each time that they are gone through, and iterators
 * cost more than what they are there for until they are optimised: what is read of every rule uses the methods.
 */
export interface Nodes extends Iterable<Node> {
  readonly length: number
  map<T>(read: (item: Node) => T): T[]
  flatMap<T>(read: (item: Node) => T | readonly T[]): T[]
}

/** What readers need of a Map of entries: in it, `__proto__` and `constructor` are keys like any other. */
export interface Entries extends Iterable<readonly [key: string, entry: Entry]> {
  readonly size: number
  /** The keys, as an array. */
  readonly names: readonly string[]
  has(key: string): boolean
  get(key: string): Entry | undefined
  keys(): Iterable<string>
  /** What is read of each entry, for which `with` is needed; what comes to nothing is left out. */
  collect<T, With>(read: (entry: Entry, key: string, using: With) => T | undefined, using: With): readonly T[]
}

/** Entries that are all there already. */
export class EntryMap extends Map<string, Entry> implements Entries {
  get names(): readonly string[] {
    return [...this.keys()]
  }

  collect<T, With>(read: (entry: Entry, key: string, using: With) => T | undefined, using: With): readonly T[] {
    const all: T[] = []
    for (const [key, entry] of this) {
      const one = read(entry, key, using)
      if (one !== undefined) all.push(one)
    }
    return all
  }
}

/** A map. */
export interface MapNode {
  readonly kind: 'map'
  readonly entries: Entries
  /** Keys that could not be taken: duplicates, merge keys, keys that are not well-formed. */
  readonly problems: readonly Problem[]
  readonly at: Position
  readonly source?: SourceInfo
}

export interface Entry {
  /** Where the key stands. */
  readonly at: Position
  readonly value: Node
}

/** A value that no policy may hold, such as NaN. It is reported by whoever reads it: only they know the rule. */
export interface BrokenNode extends Problem {
  readonly kind: 'broken'
}

export interface Problem {
  readonly code: DiagnosticCode
  readonly found: string
  readonly advice: string
  readonly at: Position
}

/** Deeper documents are refused: no policy needs it, and recursion over the tree stays far from the stack's end. */
export const maxDepth = 256

/** What is wrong with what lies deeper, and the mend. */
export const tooDeep = ['the document is nested too deeply', `nest at most ${maxDepth} levels`] as const

/** Line and column (from 1; 0 for objects) and the path of a position. */
export function placeOf(at: Position): Place {
  const { name, lines } = at.source
  const position = lines?.linePos(at.offset)
  const range = rangeOf(at)
  const place = { file: name, line: position?.line ?? 0, column: position?.col ?? 0, path: pathOf(at) }
  return range === undefined ? place : { ...place, range }
}

/** From where to where in the text; undefined for an object. */
export function rangeOf({ source: { text }, offset, end = offset }: Position): TextRange | undefined {
  if (text === undefined) return undefined
  let last = Math.min(end, text.length)
  while (last > offset && /\s/.test(text[last - 1] ?? '')) last--
  return { start: offset, end: last }
}

function pathOf({ parent, key }: Position): string {
  return parent === undefined ? '' : pathWith(pathOf(parent), key)
}

/** Keys as people write them: `rules[2].when["resource.status"]`. */
export function formatKeys(keys: readonly (string | number)[]): string {
  return keys.reduce(pathWith, '')
}

function pathWith(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  // Each rule has a path, and most keys are ASCII: the first test is several times as fast.
  if (!/^[\w-]+$/.test(key) && !/^[\p{L}\p{M}\p{N}_-]+$/u.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}
