/**
 * What patterns cost at most, known when policies are compiled: bytes of the image, and steps of a decision (Limit.Steps)
 * for each byte of text. assembly/regex/match.ts and assembly/glob.ts count them so.
 */
import { partsOf, type Tree } from '../cel/tree.ts'
import type { Condition, GlobToken, Pattern, PolicyModel } from '../policy/model.ts'
import type { RegexAst } from '../policy/regex.ts'
import { encodeRegex } from './regex/program.ts'
import { patternsOf } from './targets.ts'

export interface PatternCost {
  readonly kind: 'glob' | 'regex'
  readonly source: string
  /** `table`: one look-up a character. `nfa`: too large for a table, every state may be looked at for each character. */
  readonly form: 'glob' | 'table' | 'nfa'
  readonly states: number
  /** In the image; of a regular expression. */
  readonly bytes: number
  /** For each byte of UTF-8 text, at most. */
  readonly stepsPerByte: number
}

/**
 * The cost of every regular expression and every glob of a model's rules, each once, the most expensive first.
 *
 * @example patternCosts(model)[0]?.form === 'nfa' // there is one that a table is too small for
 */
export function patternCosts(model: PolicyModel): PatternCost[] {
  const costs = new Map<string, PatternCost>()
  const add = (kind: PatternCost['kind'], source: string, cost: () => PatternCost): void => {
    const key = `${kind} ${source}`
    if (!costs.has(key)) costs.set(key, cost())
  }
  const addGlobs = (patterns: readonly Pattern[]): void => {
    for (const pattern of patterns) if (pattern.kind === 'glob') add('glob', pattern.source, () => globCost(pattern))
  }
  for (const rule of model.sets.flatMap((set) => set.rules)) {
    for (const list of [...patternsOf(rule), rule.subjectTypes]) addGlobs(list)
    for (const test of rule.condition === undefined ? [] : comparisons(rule.condition)) {
      if (test.kind === 'regex') add('regex', test.source, () => regexCost(test.source, test.ast))
      else if (test.kind === 'glob') addGlobs(test.patterns)
      else if (test.kind === 'expression') {
        for (const { source, regex } of matchesOf(test.tree))
          add('regex', source, () => regexCost(source, regex as RegexAst))
      }
    }
  }
  return [...costs.values()].sort((a, b) => b.stepsPerByte - a.stepsPerByte)
}

export function regexCost(source: string, ast: RegexAst): PatternCost {
  const { form, states, words } = encodeRegex(ast)
  const stepsPerByte = form === 'table' ? 1 / 4 : states + 1
  return { kind: 'regex', source, form, states, bytes: words.length * 4, stepsPerByte }
}

/** Only after a star is anything tried again: at each place, up to the next star. */
export function globCost({ source, tokens }: Extract<Pattern, { kind: 'glob' }>): PatternCost {
  let longest = 0
  let sinceStar: number | undefined
  for (const token of tokens) {
    if (token.kind === 'star') sinceStar = 0
    else if (sinceStar !== undefined) {
      sinceStar += sizeOf(token)
      longest = Math.max(longest, sinceStar)
    }
  }
  const stepsPerByte = sinceStar === undefined || longest === 0 ? 0 : 1 + Math.ceil(longest / 32)
  return { kind: 'glob', source, form: 'glob', states: tokens.length, bytes: 0, stepsPerByte }
}

/** Bytes of program that are compared. */
function sizeOf(token: GlobToken): number {
  if (token.kind === 'literal') return 8 + new TextEncoder().encode(token.text).length
  return token.kind === 'class' ? 4 + token.ranges.length * 8 : 4
}

/** A condition without others in it. */
type Leaf = Exclude<Condition, { kind: 'all' | 'any' | 'not' | 'otherwise' | 'items' }>

/** The calls of `matches` in an expression. */
function matchesOf(tree: Tree): Extract<Tree, { kind: 'matches' }>[] {
  const below = partsOf(tree).flatMap(matchesOf)
  return tree.kind === 'matches' ? [tree, ...below] : below
}

function comparisons(condition: Condition): Leaf[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(comparisons)
    case 'not':
    case 'otherwise':
    case 'items':
      return comparisons(condition.of)
    default:
      return [condition]
  }
}
