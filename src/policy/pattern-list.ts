/** One pattern or a list of them, as rules and routes have them. */
import { isAny, misleading, parsePattern } from './glob.ts'
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
  const patterns = new Map<string, Pattern>()
  const exact: Named[] = []
  let any = false
  for (const item of items(node, report, what)) {
    const text = readString(item, report, node.kind === 'list' ? `an item of ${what}` : what)
    if (text === undefined) continue
    for (const pattern of readPattern(text, item.at, report) ?? []) {
      if (pattern.kind === 'exact') exact.push({ name: pattern.value, at: item.at })
      else if (isAny(pattern)) any = true
      patterns.set(pattern.kind + (pattern.kind === 'exact' ? pattern.value : pattern.source), pattern)
    }
  }
  return { patterns: any ? [] : [...patterns.values()], exact }
}

/** Parses a pattern, and warns of what would mean something else elsewhere. */
export function readPattern(text: string, at: Position, report: Report): Pattern[] | undefined {
  const patterns = attempt(report, 'E_PATTERN', at, `bad pattern ${quote(text)}: `, () => parsePattern(text))
  const surprise = patterns && misleading(text)
  if (surprise !== undefined) {
    report.warning('W_PATTERN', at, `in the pattern ${quote(text)}, ${surprise.found}`, surprise.advice)
  }
  return patterns
}

/** Reads one exact name or a list of them. */
export function readNames(node: Node, report: Report, what: string): Named[] {
  const names = new Map<string, Named>()
  for (const item of items(node, report, what)) {
    const name = readString(item, report, node.kind === 'list' ? `an item of ${what}` : what)
    if (name !== undefined && !names.has(name)) names.set(name, { name, at: item.at })
  }
  return [...names.values()]
}

function items(node: Node, report: Report, what: string): readonly Node[] {
  if (node.kind === 'list') {
    if (node.items.length === 0)
      report.error('E_MISSING', node.at, `${what} is an empty list, which matches nothing`, 'name one')
    return node.items
  }
  if (node.kind === 'scalar' && typeof node.value === 'string') return [node]
  wrongType(node, report, what, 'a string or a list of strings')
  return []
}
