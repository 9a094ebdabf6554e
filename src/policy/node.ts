/**
 * A document as a tree of nodes that know where they stand, whether it came from YAML, JSON or an object. Everything that
 * reads policies reads this tree, so that it neither knows nor cares about the notation.
 */
import type { LineCounter } from 'yaml'
import type { DiagnosticCode } from './codes.ts'
import type { TextRange } from './diagnostic.ts'
import type { Scalar } from './document.ts'
import type { Place } from './model.ts'

/** A text or object that policies come from. `lines` is undefined for an object. */
export interface SourceInfo {
  readonly name: string
  /** The text itself; undefined for an object. */
  readonly text?: string
  readonly lines: LineCounter | undefined
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
  readonly value: Scalar
  readonly at: Position
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: Nodes
  readonly at: Position
}

/** What readers need of an array of nodes. Those of an object are made anew each time that they are gone through. */
export interface Nodes extends Iterable<Node> {
  readonly length: number
  map<T>(read: (item: Node) => T): T[]
  flatMap<T>(read: (item: Node) => T | readonly T[]): T[]
}

/** What readers need of a Map of entries: in it, `__proto__` and `constructor` are keys like any other. */
export interface Entries extends Iterable<readonly [key: string, entry: Entry]> {
  readonly size: number
  has(key: string): boolean
  get(key: string): Entry | undefined
  keys(): Iterable<string>
}

/** A map. */
export interface MapNode {
  readonly kind: 'map'
  readonly entries: Entries
  /** Keys that could not be taken: duplicates, merge keys, keys that are not well-formed. */
  readonly problems: readonly Problem[]
  readonly at: Position
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

function pathOf(at: Position): string {
  const keys: (string | number)[] = []
  for (let p: Position | undefined = at; p?.parent !== undefined; p = p.parent) keys.push(p.key)
  return formatKeys(keys.reverse())
}

/** Keys as people write them: `rules[2].when["resource.status"]`. */
export function formatKeys(keys: readonly (string | number)[]): string {
  let text = ''
  for (const key of keys) {
    if (typeof key === 'number') text += `[${key}]`
    else if (/^[\p{L}\p{M}\p{N}_-]+$/u.test(key)) text += text === '' ? key : `.${key}`
    else text += `[${JSON.stringify(key)}]`
  }
  return text
}

/** The node of a scalar, or a broken one when no policy may hold the value. -0 becomes 0: the two are equal in policies. */
export function scalarNode(value: Scalar | bigint, at: Position): ScalarNode | BrokenNode {
  if (typeof value === 'bigint') {
    const exact = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    return exact ? { kind: 'scalar', value: Number(value), at } : inexact(String(value), at)
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      return {
        kind: 'broken',
        code: 'E_NUMBER',
        found: `${value} is not a finite number`,
        advice: 'write a number',
        at,
      }
    }
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) return inexact(String(value), at)
    return { kind: 'scalar', value: value === 0 ? 0 : value, at }
  }
  if (typeof value === 'string' && !isWellFormed(value)) return { kind: 'broken', ...loneSurrogate('a string', at) }
  return { kind: 'scalar', value, at }
}

function inexact(text: string, at: Position): BrokenNode {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  const found = `${shown} is beyond ±${Number.MAX_SAFE_INTEGER}, the whole numbers that a double holds exactly`
  return { kind: 'broken', code: 'E_NUMBER', found, advice: 'write it as a string', at }
}

/** The problem of a string or key that is not well-formed Unicode. */
export function loneSurrogate(what: string, at: Position): Problem {
  const advice = 'write the whole character, or remove it'
  return { code: 'E_STRING', found: `${what} holds half of a surrogate pair, which is no character`, advice, at }
}

/** It is younger than the oldest browsers served. */
const hasOwnTest = typeof String.prototype.isWellFormed === 'function'

/** Whether every surrogate is one of a pair. */
export function isWellFormed(text: string): boolean {
  // Most strings have no surrogates at all, and engines that keep such strings in bytes know at once.
  return hasOwnTest ? text.isWellFormed() : !/\p{Surrogate}/u.test(text)
}
