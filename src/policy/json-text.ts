/**
 * JSON text → nodes, several times as fast as by way of YAML, of which JSON is a part: large policies are written by programs.
 * Only what is valid JSON is read here; what is not is left to the reader of YAML, which says why.
 */
import { visit } from 'jsonc-parser'
import { LineCounter } from 'yaml'
import { duplicateKey } from './duplicate-key.ts'
import { EntryMap, maxDepth, type Node, type Position, type Problem, SourceInfo, tooDeep } from './node.ts'
import { isWellFormed, loneSurrogate, scalarNode } from './scalar-node.ts'

/** A list or map whose end has not been met. */
interface Open {
  readonly at: Position & { end?: number }
  readonly items: Node[] | undefined
  readonly entries: EntryMap
  readonly problems: Problem[]
  /** Of a map: the key whose value comes next; undefined when that value is not wanted. */
  key: Position | undefined
}

/** The tree of a text; undefined when it is no map or list in valid JSON, or nested so deeply that it cannot be read. */
export function readJson(name: string, text: string): Node | undefined {
  if (!/^[ \t\r\n]*[{[]/.test(text)) return undefined
  try {
    // Of what is right and what is not it knows best; what it makes does not tell where anything stands.
    JSON.parse(text)
    return new Builder(new SourceInfo(name, text, linesOf(text)), text).build()
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1)
  return lines
}

class Builder {
  readonly #source: SourceInfo
  readonly #text: string
  readonly #open: Open[] = []
  #root: Node | undefined

  constructor(source: SourceInfo, text: string) {
    this.#source = source
    this.#text = text
  }

  build(): Node | undefined {
    visit(this.#text, {
      onObjectBegin: (offset) => this.#begin(offset, undefined),
      onArrayBegin: (offset) => this.#begin(offset, []),
      onObjectProperty: (name, offset, length) => this.#key(name, offset, offset + length),
      onLiteralValue: (value, offset, length) => {
        const at = this.#place(offset, offset + length)
        this.#put(scalarNode(this.#exact(value, offset, length), at))
      },
      onObjectEnd: (offset, length) => this.#end(offset + length),
      onArrayEnd: (offset, length) => this.#end(offset + length),
    })
    return this.#root
  }

  /** False for what lies too deep: then its content is not visited. */
  #begin(offset: number, items: Node[] | undefined): boolean {
    const at = this.#place(offset, offset)
    const depth = this.#open.push({ at, items, entries: new EntryMap(), problems: [], key: undefined }) - 1
    return depth <= maxDepth
  }

  #end(end: number): void {
    const depth = this.#open.length - 1
    const { at, items, entries, problems } = this.#open.pop() as Open
    at.end = end
    if (depth > maxDepth) this.#put({ kind: 'broken', code: 'E_LIMIT', found: tooDeep[0], advice: tooDeep[1], at })
    else if (items !== undefined) this.#put({ kind: 'list', items, at })
    else this.#put({ kind: 'map', entries, problems, at })
  }

  #key(name: string, offset: number, end: number): void {
    const map = this.#open.at(-1) as Open
    const at: Position = { source: this.#source, offset, end, parent: map.at, key: name }
    const earlier = map.entries.get(name)
    map.key = undefined
    if (earlier !== undefined) map.problems.push(duplicateKey(name, at, earlier.at))
    else if (!isWellFormed(name)) map.problems.push(loneSurrogate('a key', at))
    else map.key = at
  }

  /** Where the next value stands. */
  #place(offset: number, end: number): Position & { end?: number } {
    const parent = this.#open.at(-1)
    const key = parent === undefined ? '' : (parent.items?.length ?? parent.key?.key ?? '')
    return { source: this.#source, offset, end, parent: parent?.at, key }
  }

  #put(node: Node): void {
    const parent = this.#open.at(-1)
    if (parent === undefined) this.#root = node
    else if (parent.items !== undefined) parent.items.push(node)
    else if (parent.key !== undefined) parent.entries.set(String(parent.key.key), { at: parent.key, value: node })
  }

  /** Integers that a double may not hold come as they are written, so that they are refused and not rounded. */
  #exact(value: unknown, offset: number, length: number): string | number | bigint | boolean | null {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      const text = this.#text.slice(offset, offset + length)
      if (/^-?\d+$/.test(text)) return BigInt(text)
    }
    return value as string | number | boolean | null
  }
}
