/**
 * Regular expressions → a small tree. The syntax is that of JavaScript with the `u` flag; what an automaton cannot match in
 * linear time (look-around, back-references) is refused.
 */
import { type AST, RegExpParser, RegExpSyntaxError } from '@eslint-community/regexpp'
import {
  type CharSet,
  complement,
  digits,
  lineTerminators,
  property,
  union,
  whitespace,
  wordCharacters,
} from './charset.ts'
import { Refusal } from './refusal.ts'

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

export type RegexAssertion = 'start' | 'end' | 'word-boundary' | 'non-word-boundary'

const maxRepeat = 1000
const maxNodes = 10_000
/** Groups within groups. */
const maxDepth = 100

/**
 * Parses a regular expression, unanchored, without flags but Unicode mode.
 *
 * @throws Refusal when it is not well-formed, needs look-around or back-references, or is too large.
 * @example parseRegex('^a+$').kind // 'concat'
 */
export function parseRegex(source: string): RegexAst {
  let pattern: AST.Pattern
  try {
    pattern = new RegExpParser().parsePattern(source, 0, source.length, { unicode: true })
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal('its groups are nested too deeply')
    if (!(error instanceof RegExpSyntaxError)) throw error
    const reason = error.message.slice(error.message.lastIndexOf(': ') + 2)
    throw new Refusal(`${reason.charAt(0).toLowerCase()}${reason.slice(1)} at character ${error.index + 1}`)
  }
  const ast = alternatives(pattern.alternatives, 0)
  if (size(ast) > maxNodes) {
    throw new Refusal('its repeats multiply to too large an expression', 'use smaller counts, or * and +')
  }
  return ast
}

function alternatives(list: readonly AST.Alternative[], depth: number): RegexAst {
  if (depth > maxDepth) throw new Refusal('its groups are nested too deeply', `nest at most ${maxDepth}`)
  const of = list.map((alternative) => sequence(alternative.elements, depth))
  return of.length === 1 ? of[0]! : { kind: 'alternation', of }
}

function sequence(elements: readonly AST.Element[], depth: number): RegexAst {
  if (elements.length === 0) return { kind: 'empty' }
  const of = elements.map((node) => element(node, depth))
  return of.length === 1 ? of[0]! : { kind: 'concat', of }
}

function element(node: AST.Element, depth: number): RegexAst {
  switch (node.type) {
    case 'Character':
      return { kind: 'class', ranges: [[node.value, node.value]] }
    case 'CharacterSet':
    case 'CharacterClass':
      return { kind: 'class', ranges: characters(node) }
    case 'Group':
      if (node.modifiers !== null)
        throw new Refusal('modifiers such as (?i:…) are not supported', 'write both cases: [aA]')
      return alternatives(node.alternatives, depth + 1)
    case 'CapturingGroup':
      return alternatives(node.alternatives, depth + 1)
    case 'Quantifier':
      return repeat(node, depth)
    case 'Assertion':
      return assertion(node)
    case 'Backreference':
      throw new Refusal(`back-references such as ${node.raw} are not supported`, 'write the text out')
    default:
      throw new Refusal(`${node.raw} is not supported`)
  }
}

function repeat(node: AST.Quantifier, depth: number): RegexAst {
  const max = node.max === Number.POSITIVE_INFINITY ? null : node.max
  if (node.min > maxRepeat || (max ?? 0) > maxRepeat) {
    throw new Refusal(`a count above ${maxRepeat} is not supported`, 'use a smaller count, or * and +')
  }
  return { kind: 'repeat', of: element(node.element, depth), min: node.min, max }
}

function assertion(node: AST.Assertion): RegexAst {
  switch (node.kind) {
    case 'start':
    case 'end':
      return { kind: 'assertion', assertion: node.kind }
    case 'word':
      return { kind: 'assertion', assertion: node.negate ? 'non-word-boundary' : 'word-boundary' }
    default:
      throw new Refusal(
        `look-around such as ${node.raw} is not supported`,
        'use a second test, not_regex for a negative one',
      )
  }
}

function characters(node: AST.CharacterSet | AST.CharacterClass | AST.CharacterClassElement): CharSet {
  switch (node.type) {
    case 'Character':
      return [[node.value, node.value]]
    case 'CharacterClassRange':
      return [[node.min.value, node.max.value]]
    case 'CharacterSet':
      return characterSet(node)
    case 'CharacterClass': {
      const inside = union(node.elements.map(characters))
      return node.negate ? complement(inside) : inside
    }
    default:
      throw new Refusal(`${node.raw} is not supported`)
  }
}

function characterSet(node: AST.CharacterSet): CharSet {
  if (node.kind === 'any') return complement(lineTerminators)
  const ranges = node.kind === 'property' ? property(propertyName(node)) : escapes[node.kind]
  return node.negate ? complement(ranges) : ranges
}

const escapes = { digit: digits, word: wordCharacters, space: whitespace }

function propertyName({ key, value }: AST.UnicodePropertyCharacterSet): string {
  return value === null ? key : `${key}=${value}`
}

/** How many nodes there are when counted repeats are written out: what an automaton's size follows. */
function size(ast: RegexAst): number {
  if (ast.kind === 'repeat') return 1 + size(ast.of) * Math.max(1, ast.max ?? ast.min + 1)
  if (ast.kind === 'concat' || ast.kind === 'alternation') return ast.of.reduce((sum, part) => sum + size(part), 1)
  return 1
}
