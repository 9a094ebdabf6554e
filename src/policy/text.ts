/** YAML and JSON text → nodes. YAML is 1.2 with the core schema, without merge keys; json-text.ts reads JSON. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type YAMLMap,
  type Node as YamlNode,
  Scalar as YamlScalar,
} from 'yaml'
import { duplicateKey } from './duplicate-key.ts'
import { jsonFaults } from './json-fault.ts'
import { readJson } from './json-text.ts'
import {
  type BrokenNode,
  EntryMap,
  maxDepth,
  type Node,
  type Position,
  type Problem,
  SourceInfo,
  tooDeep,
} from './node.ts'
import type { Report } from './report.ts'
import { isWellFormed, loneSurrogate, scalarNode } from './scalar-node.ts'
import { directiveRange, explainFaults } from './yaml-fault.ts'

/** How many nodes the aliases of one document may stand for: enough for shared lists, too few for an entity bomb. */
const maxAliasedNodes = 100_000
/** One slip may break the rest of a document; more errors than these tell nothing new. */
const maxFaults = 10

/**
 * The documents of a text, in order. Syntax errors go to the report, and the document that has them is left out, because
 * what the parser guessed beyond the first error would only give misleading messages.
 */
export function readText(name: string, text: string, report: Report): Node[] {
  const json = readJson(name, text)
  if (json !== undefined) return [json]
  const lines = new LineCounter()
  const source = new SourceInfo(name, text, lines)
  const at = (offset: number, end = offset): Position => ({ source, offset, end, parent: undefined, key: '' })
  let documents: Document[]
  try {
    // Unique keys are checked here: the library compares each key with each, and does not say where the first one is.
    // Integers come as bigints, because the library would round what a double cannot hold.
    documents = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      stringKeys: true,
      intAsBigInt: true,
      resolveKnownTags: false,
      merge: false,
      logLevel: 'silent',
    }) as Document[]
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    report.error('E_LIMIT', at(0), ...tooDeep)
    return []
  }
  const isFaulty = documents.some(({ errors, warnings }) => errors.length + warnings.length > 0)
  const slips = jsonFaults(name, text, isFaulty).slice(0, maxFaults)
  for (const { range, found, advice } of slips) report.error('E_SYNTAX', at(...range), found, advice)
  if (slips.length > 0) return []
  const nodes: Node[] = []
  let broken = false
  for (const document of documents) {
    const faults = explainFaults(document, text).slice(0, maxFaults)
    const tooLarge = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
    if (tooLarge !== undefined) report.error('E_LIMIT', at(...tooLarge.pos), ...tooDeep)
    else for (const { range, found, advice } of faults) report.error('E_SYNTAX', at(...range), found, advice)
    const { explicit, version } = document.directives?.yaml ?? { explicit: false, version: '1.2' }
    if (explicit === true && version !== '1.2') {
      report.error(
        'E_SYNTAX',
        at(...directiveRange(text, document.range?.[0] ?? 0)),
        `YAML ${version} is not supported`,
        'remove the %YAML line',
      )
    } else if (faults.length === 0) {
      const contents = document.contents
      const empty = contents === null || (isScalar(contents) && contents.value === null && contents.source === '')
      if (!empty) nodes.push(new Builder(source).build(contents, at(...extentOf(contents, 0)), 0))
      continue
    }
    broken = true
  }
  if (nodes.length === 0 && !broken) {
    report.error('E_MISSING', at(0), 'there is no policy document here', 'start it with "version: 1"')
  }
  return nodes
}

/** Builds the nodes of one document. An alias shares the node that it names; its places are where that was written. */
class Builder {
  readonly #source: SourceInfo
  /** Undefined while the node is being built: an alias to it then is a cycle. */
  readonly #anchors = new Map<string, Node | undefined>()
  readonly #sizes = new Map<Node, number>()
  #count = 0
  #aliased = 0

  constructor(source: SourceInfo) {
    this.#source = source
  }

  build(node: YamlNode | null | undefined, at: Position, depth: number): Node {
    if (node === null || node === undefined) return scalarNode(null, at)
    if (depth > maxDepth) return fault(at, ...tooDeep)
    if (isAlias(node)) return this.#alias(node, at)
    if (node.tag !== undefined) return tagged(node.tag, at)
    const anchor = node.anchor
    if (anchor !== undefined) this.#anchors.set(anchor, undefined)
    const before = this.#count++
    const built = this.#plain(node, at, depth)
    if (anchor !== undefined) {
      this.#anchors.set(anchor, built)
      this.#sizes.set(built, this.#count - before)
    }
    return built
  }

  #alias(alias: Alias, at: Position): Node {
    const target = this.#anchors.get(alias.source)
    if (target === undefined) {
      const cycle = this.#anchors.has(alias.source)
      const found = `the alias *${alias.source} ${cycle ? 'stands inside what it refers to' : 'has no anchor before it'}`
      const written = JSON.stringify(`*${alias.source}`)
      const advice = cycle ? 'write the value out' : `put ${written} in quotes if it is a text, or write the value out`
      return { ...fault(at, found, advice), code: 'E_SYNTAX' }
    }
    const size = this.#sizes.get(target) ?? 1
    this.#count += size
    this.#aliased += size
    if (this.#aliased > maxAliasedNodes) {
      return fault(at, `the aliases stand for more than ${maxAliasedNodes} values`, 'write out what is needed')
    }
    return target
  }

  #plain(node: YamlNode, at: Position, depth: number): Node {
    if (isMap(node)) return this.#map(node, at, depth)
    if (isSeq(node)) {
      const items = node.items.map((item, key) => {
        const child = item as YamlNode | null
        return this.build(child, this.#position(extentOf(child, at.offset), at, key), depth + 1)
      })
      return { kind: 'list', items, at }
    }
    const value = isScalar(node) ? node.value : undefined
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return scalarNode(value, at)
    if (typeof value === 'number' || typeof value === 'bigint') return scalarNode(value, at)
    return { ...fault(at, 'this value is not supported', 'write a string, number, list or map'), code: 'E_TYPE' }
  }

  #map(node: YAMLMap, at: Position, depth: number): Node {
    const entries = new EntryMap()
    const problems: Problem[] = []
    for (const { key, value } of node.items) {
      if (!isScalar(key) || typeof key.value !== 'string') {
        problems.push({ code: 'E_SYNTAX', found: 'a key is not a string', advice: 'write a plain key', at })
        continue
      }
      const name = key.value
      const keyAt = this.#position(extentOf(key, at.offset), at, name)
      if (key.anchor !== undefined) this.#anchors.set(key.anchor, scalarNode(name, keyAt))
      const earlier = entries.get(name)
      if (name === '<<' && key.type === YamlScalar.PLAIN) {
        const found = 'merge keys ("<<") are not supported'
        problems.push({ code: 'E_SYNTAX', found, advice: 'write the keys out', at: keyAt })
      } else if (earlier !== undefined) {
        problems.push(duplicateKey(name, keyAt, earlier.at))
      } else if (!isWellFormed(name)) {
        problems.push(loneSurrogate('a key', keyAt))
      } else {
        const child = value as YamlNode | null
        const extent = extentOf(child, keyAt.offset)
        entries.set(name, { at: keyAt, value: this.build(child, this.#position(extent, at, name), depth + 1) })
      }
    }
    return { kind: 'map', entries, problems, at }
  }

  #position([offset, end]: Extent, parent: Position, key: string | number): Position {
    return { source: this.#source, offset, end, parent, key }
  }
}

type Extent = readonly [start: number, end: number]

/** From where to where a node stands; one that is not written is at `fallback`. */
function extentOf(node: YamlNode | null | undefined, fallback: number): Extent {
  const [start = fallback, end = start] = node?.range ?? []
  return [start, end]
}

function tagged(tag: string, at: Position): BrokenNode {
  const short = tag.replace(/^tag:yaml\.org,2002:/, '!!')
  return {
    ...fault(at, `the tag ${short} is not supported`, 'leave the tag out; put texts in quotes'),
    code: 'E_SYNTAX',
  }
}

function fault(at: Position, found: string, advice: string): BrokenNode {
  return { kind: 'broken', code: 'E_LIMIT', found, advice, at }
}
