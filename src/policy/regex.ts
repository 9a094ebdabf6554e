/**
 * Regular expressions → a small tree. The syntax is that of JavaScript with the `u` flag; what an automaton cannot match in
 * linear time (look-around, back-references) is refused.
 */
import { type AST, RegExpParser, RegExpSyntaxError } from '@eslint-community/regexpp'
import { divide } from './alphabet.ts'
import type { CharSet } from './charset.ts'
import { Refusal } from './refusal.ts'
import { matchedBy } from './regex-characters.ts'
import { type Flags, leadingFlags, modified } from './regex-flags.ts'

/** What a regular expression means when only the answer yes or no matters: groups are gone, so is laziness. */
export type RegexAst =
  | { readonly kind: 'empty' }
  /** One code point in the ranges: sorted, apart from one another; an empty list matches nothing. */
  | { readonly kind: 'class'; readonly ranges: CharSet }
  | { readonly kind: 'concat'; readonly of: readonly RegexAst[] }
  | { readonly kind: 'alternation'; readonly of: readonly RegexAst[] }
  /** `max` is null for no bound. */
  | { readonly kind: 'repeat'; readonly of: RegexAst; readonly min: number; readonly max: number | null }
  | { readonly kind: 'assertion'; readonly assertion: RegexAssertion }

/** `folded`: by what `\w` is when case is ignored. */
export type RegexAssertion =
  | 'start'
  | 'end'
  | 'line-start'
  | 'line-end'
  /** Lines that `\n` alone ends, as RE2 has them. */
  | 'newline-start'
  | 'newline-end'
  | 'word-boundary'
  | 'non-word-boundary'
  | 'folded-word-boundary'
  | 'folded-non-word-boundary'

const maxRepeat = 1000
const maxNodes = 10_000
/** Groups within groups. */
const maxDepth = 100
/** Classes of characters that an expression tells apart: what an image has room for. */
const maxSymbols = 2000

/**
 * Parses a regular expression, unanchored, in Unicode mode. `(?ims)` at the very start sets flags for all of it.
 *
 * @param fold Whether it is for texts that are folded, as if it began with `(?i)`.
 * @throws Refusal when it is not well-formed, needs look-around or back-references, or is too large.
 * @example parseRegex('^a+$').kind // 'concat'
 */
export function parseRegex(source: string, fold = false): RegexAst {
  const { flags: given, length } = leadingFlags(source)
  const flags = { ...given, ignoreCase: fold || given.ignoreCase, folded: fold }
  let pattern: AST.Pattern
  try {
    pattern = new RegExpParser().parsePattern(source, length, source.length, { unicode: true })
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal('its groups are nested too deeply')
    if (!(error instanceof RegExpSyntaxError)) throw error
    const reason = error.message.slice(error.message.lastIndexOf(': ') + 2)
    const place = characterOf(error, source)
    throw new Refusal(`${reason.charAt(0).toLowerCase()}${reason.slice(1)} at character ${place}`)
  }
  const ast = alternatives(pattern.alternatives, flags, 0)
  if (size(ast) > maxNodes) {
    throw new Refusal('its repeats multiply to too large an expression', 'use smaller counts, or * and +')
  }
  if (divide(distinct(setsOf(ast))).size > maxSymbols) {
    throw new Refusal(`it tells more than ${maxSymbols} kinds of characters apart`, 'use classes, or several tests')
  }
  return ast
}

/** Which character is meant, from 1: of what is noticed behind it, the last. */
function characterOf({ index, message }: RegExpSyntaxError, source: string): number {
  const isBehind = /(?:nothing to repeat|out of order[^:]*)$/i.test(message)
  return Math.max(1, Math.min(isBehind ? index : index + 1, source.length))
}

interface RegexFlags extends Flags {
  /** The texts have no case left. */
  readonly folded: boolean
}

function alternatives(list: readonly AST.Alternative[], flags: RegexFlags, depth: number): RegexAst {
  if (depth > maxDepth) throw new Refusal('its groups are nested too deeply', `nest at most ${maxDepth}`)
  const of = list.map((alternative) => sequence(alternative.elements, flags, depth))
  return of.length === 1 ? of[0]! : { kind: 'alternation', of }
}

function sequence(elements: readonly AST.Element[], flags: RegexFlags, depth: number): RegexAst {
  if (elements.length === 0) return { kind: 'empty' }
  const of = elements.map((node) => element(node, flags, depth))
  return of.length === 1 ? of[0]! : { kind: 'concat', of }
}

function element(node: AST.Element, flags: RegexFlags, depth: number): RegexAst {
  switch (node.type) {
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      return { kind: 'class', ranges: matchedBy(node, flags) }
    case 'Group':
      return alternatives(node.alternatives, inGroup(node.modifiers, flags), depth + 1)
    case 'CapturingGroup':
      return alternatives(node.alternatives, flags, depth + 1)
    case 'Quantifier':
      return repeat(node, flags, depth)
    case 'Assertion':
      return { kind: 'assertion', assertion: assertion(node, flags) }
    case 'Backreference':
      throw new Refusal(`back-references such as ${node.raw} are not supported`, 'write the text out')
    default:
      throw new Refusal(`${node.raw} is not supported`)
  }
}

function inGroup(modifiers: AST.Modifiers | null, flags: RegexFlags): RegexFlags {
  if (modifiers === null) return flags
  if (flags.folded && modifiers.remove?.ignoreCase === true) {
    throw new Refusal('(?-i:…) cannot tell cases apart under ignore_case', 'begin with (?i) instead of ignore_case')
  }
  return { ...modified(flags, modifiers), folded: flags.folded }
}

function repeat(node: AST.Quantifier, flags: RegexFlags, depth: number): RegexAst {
  const max = node.max === Number.POSITIVE_INFINITY ? null : node.max
  if (node.min > maxRepeat || (max ?? 0) > maxRepeat) {
    throw new Refusal(`a count above ${maxRepeat} is not supported`, 'use a smaller count, or * and +')
  }
  return { kind: 'repeat', of: element(node.element, flags, depth), min: node.min, max }
}

function assertion(node: AST.Assertion, flags: RegexFlags): RegexAssertion {
  switch (node.kind) {
    case 'start':
    case 'end':
      return flags.multiline ? `line-${node.kind}` : node.kind
    case 'word': {
      const boundary = node.negate ? 'non-word-boundary' : 'word-boundary'
      return flags.ignoreCase ? `folded-${boundary}` : boundary
    }
    default:
      throw new Refusal(
        `look-around such as ${node.raw} is not supported`,
        'use a second test, not_regex for a negative one',
      )
  }
}

/** How many nodes there are when counted repeats are written out: what an automaton's size follows. */
function size(ast: RegexAst): number {
  if (ast.kind === 'repeat') return 1 + size(ast.of) * Math.max(1, ast.max ?? ast.min + 1)
  if (ast.kind === 'concat' || ast.kind === 'alternation') return ast.of.reduce((sum, part) => sum + size(part), 1)
  return 1
}

function setsOf(ast: RegexAst): CharSet[] {
  if (ast.kind === 'class') return [ast.ranges]
  if (ast.kind === 'repeat') return setsOf(ast.of)
  return ast.kind === 'concat' || ast.kind === 'alternation' ? ast.of.flatMap(setsOf) : []
}

function distinct(sets: readonly CharSet[]): CharSet[] {
  return [...new Map(sets.map((set) => [set.join(';'), set])).values()]
}
