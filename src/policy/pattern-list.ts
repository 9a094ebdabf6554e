/** One pattern or a list of them, as rules and routes have them. */
import { isAny, misleading, parsePattern } from './glob.ts'
import { effects } from './keys.ts'
import type { Pattern } from './model.ts'
import { type KnownPattern, type MapNode, type Node, type Position, type ScalarNode, sourceOf } from './node.ts'
import { quote, readString, wrongType } from './read.ts'
import { attempt } from './refusal.ts'
import type { Report } from './report.ts'

/** A name, and where it stands. */
export interface Named {
  readonly name: string
  readonly at: Position
}

export interface PatternList {
  /** Empty means any. */
  readonly patterns: readonly Pattern[]
  /** The exact ones among them: names that can be checked. */
  readonly exact: readonly Named[]
}

/** What a key that is left out means. */
export const anything: PatternList = { patterns: [], exact: [] }

/** Reads one pattern or a list. `*`, alone or in a list, makes the whole mean any. */
export function readPatterns(node: Node, report: Report, what: string): PatternList {
  if (node.kind === 'scalar' && typeof node.scalar === 'string' && node.scalar !== '') {
    return ofText(node, node.scalar, report)
  }
  return listed(readTexts(node, report, what), report)
}

/** Those of one text. */
function ofText(node: ScalarNode, text: string, report: Report): PatternList {
  const patterns = readPattern(text, node, report)
  if (patterns === undefined) return anything
  // Braces and escapes may stand for one exact name, too, which then is another text.
  const [first] = patterns
  const isPlain = first?.kind === 'exact' && first.value === text
  return isPlain ? new PlainName(patterns, node, text) : listOf(patterns, exactOf(patterns, node.at))
}

/** One name, whose position is made when somebody asks. */
class PlainName implements PatternList {
  readonly patterns: readonly Pattern[]
  readonly #node: ScalarNode
  readonly #text: string

  constructor(patterns: readonly Pattern[], node: ScalarNode, text: string) {
    this.patterns = patterns
    this.#node = node
    this.#text = text
  }

  get exact(): readonly Named[] {
    return [{ name: this.#text, at: this.#node.at }]
  }
}

function listed(texts: readonly Named[], report: Report): PatternList {
  const patterns: Pattern[] = []
  const exact: Named[] = []
  for (const { name, at } of texts) {
    const some = readPattern(name, { at }, report) ?? []
    patterns.push(...some)
    exact.push(...exactOf(some, at))
  }
  return listOf(patterns, exact)
}

function exactOf(patterns: readonly Pattern[], at: Position): Named[] {
  return patterns.flatMap((pattern) => (pattern.kind === 'exact' ? [{ name: pattern.value, at }] : []))
}

function listOf(patterns: readonly Pattern[], exact: readonly Named[]): PatternList {
  return { patterns: patterns.some(isAny) ? [] : unique(patterns), exact }
}

function unique(patterns: readonly Pattern[]): readonly Pattern[] {
  if (patterns.length < 2) return patterns
  const keyOf = (one: Pattern) => one.kind + (one.kind === 'exact' ? one.value : one.source)
  return [...new Map(patterns.map((pattern) => [keyOf(pattern), pattern])).values()]
}

/** Parses a pattern that stands here, and warns of what would mean something else elsewhere. */
export function readPattern(
  text: string,
  here: Pick<ScalarNode, 'at' | 'source'>,
  report: Report,
): readonly Pattern[] | undefined {
  const read = sourceOf(here).patterns.get(text) ?? readNew(text, here.at, report)
  if (read?.surprise !== undefined) {
    const { found, advice } = read.surprise
    report.warning('W_PATTERN', here.at, `in the pattern ${quote(text)}, ${found}`, advice)
  }
  return read?.patterns
}

function readNew(text: string, at: Position, report: Report): KnownPattern | undefined {
  const patterns = attempt(report, 'E_PATTERN', at, `bad pattern ${quote(text)}: `, () => parsePattern(text))
  if (patterns === undefined) return undefined
  const known = { patterns, surprise: misleading(text) }
  at.source.patterns.set(text, known)
  return known
}

/** Reads one exact name or a list of them. */
export function readNames(node: Node, report: Report, what: string): readonly Named[] {
  const texts = readTexts(node, report, what)
  if (texts.length < 2) return texts
  const first = new Map<string, Named>()
  for (const one of texts) if (!first.has(one.name)) first.set(one.name, one)
  return [...first.values()]
}

/** What to write where there are no texts, by what is read. */
const examples: ReadonlyMap<string, string> = new Map(
  effects.map((effect) => [quote(effect), `write ${effect}: read, or ${effect}: "*" for any action`]),
)

/** One text or a list of them; what is none is reported and left out. */
function readTexts(node: Node, report: Report, what: string): readonly Named[] {
  if (node.kind === 'list') {
    if (node.items.length === 0)
      report.error('E_MISSING', node.at, `${what} is an empty list, which matches nothing`, 'name one')
    return node.items.flatMap((item) => readNamed(item, report, `an item of ${what}`))
  }
  if (node.kind === 'scalar' && typeof node.scalar === 'string') return readNamed(node, report, what)
  wrongType(node, report, what, 'a string or a list of strings', examples.get(what))
  return []
}

function readNamed(node: Node, report: Report, what: string): readonly Named[] {
  const name = readString(node, report, what)
  return name === undefined ? [] : [{ name, at: node.at }]
}

/** The patterns under a key; any when it is not there. */
export function patternsAt(record: MapNode, key: string, what: string, report: Report): PatternList {
  const entry = record.entries.get(key)
  return entry === undefined ? anything : readPatterns(entry.value, report, what)
}
