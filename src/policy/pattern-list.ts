/** One pattern or a list of them, as rules and routes have them. */
import { isAny, misleading, parsePattern } from './glob.ts'
import { KnownTexts } from './known-texts.ts'
import type { Pattern } from './model.ts'
import type { Node, Position } from './node.ts'
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
  const patterns: Pattern[] = []
  const exact: Named[] = []
  let any = false
  for (const item of items(node, report, what)) {
    const text = readString(item, report, node.kind === 'list' ? `an item of ${what}` : what)
    if (text === undefined) continue
    for (const pattern of readPattern(text, item.at, report) ?? []) {
      if (pattern.kind === 'exact') exact.push({ name: pattern.value, at: item.at })
      else if (isAny(pattern)) any = true
      patterns.push(pattern)
    }
  }
  return { patterns: any ? [] : unique(patterns), exact }
}

function unique(patterns: readonly Pattern[]): readonly Pattern[] {
  if (patterns.length < 2) return patterns
  const keyOf = (one: Pattern) => one.kind + (one.kind === 'exact' ? one.value : one.source)
  return [...new Map(patterns.map((pattern) => [keyOf(pattern), pattern])).values()]
}

/** The patterns that a text stands for, and what it would mean elsewhere. */
interface Known {
  readonly patterns: readonly Pattern[]
  readonly surprise: ReturnType<typeof misleading>
}

const known = new KnownTexts<Known>()

/** Parses a pattern, and warns of what would mean something else elsewhere. */
export function readPattern(text: string, at: Position, report: Report): readonly Pattern[] | undefined {
  const read = known.once(at.source, text, () => {
    const patterns = attempt(report, 'E_PATTERN', at, `bad pattern ${quote(text)}: `, () => parsePattern(text))
    return patterns && { patterns, surprise: misleading(text) }
  })
  if (read?.surprise !== undefined) {
    const { found, advice } = read.surprise
    report.warning('W_PATTERN', at, `in the pattern ${quote(text)}, ${found}`, advice)
  }
  return read?.patterns
}

/** Reads one exact name or a list of them. */
export function readNames(node: Node, report: Report, what: string): Named[] {
  const names: Named[] = []
  for (const item of items(node, report, what)) {
    const name = readString(item, report, node.kind === 'list' ? `an item of ${what}` : what)
    if (name !== undefined) names.push({ name, at: item.at })
  }
  if (names.length < 2) return names
  const first = new Map<string, Named>()
  for (const one of names) if (!first.has(one.name)) first.set(one.name, one)
  return [...first.values()]
}

function items(node: Node, report: Report, what: string): Iterable<Node> {
  if (node.kind === 'list') {
    if (node.items.length === 0)
      report.error('E_MISSING', node.at, `${what} is an empty list, which matches nothing`, 'name one')
    return node.items
  }
  if (node.kind === 'scalar' && typeof node.value === 'string') return [node]
  wrongType(node, report, what, 'a string or a list of strings')
  return []
}
