/** Patterns: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}` and `\`, as docs/policy-reference.md defines them. */
import { foldCase } from '../text/fold.ts'
import { foldSet, union } from './charset.ts'
import type { GlobToken, Pattern } from './model.ts'
import { Refusal } from './refusal.ts'

/** How many patterns the braces of one may stand for. */
const maxExpansion = 64
/** Braces within braces. */
const maxDepth = 16

/**
 * Parses a pattern. Braces are expanded, so one text may give several patterns, any of which may match.
 *
 * @throws Refusal when it is not well-formed, or stands for more than 64 patterns.
 * @example parsePattern('{read,list}') // [{ kind: 'exact', value: 'read' }, { kind: 'exact', value: 'list' }]
 */
export function parsePattern(text: string): Pattern[] {
  if (text === '') throw new Refusal('the pattern is empty', 'write "*" for any')
  // Most patterns are plain names, and large policies have very many of them.
  if (!/[*?[{\\]/.test(text)) return [{ kind: 'exact', value: text }]
  const parser = new Parser([...text])
  const patterns = parser.sequence(0).map(toPattern)
  const unique = new Map(patterns.map((pattern) => [`${pattern.kind} ${sourceOf(pattern)}`, pattern]))
  return [...unique.values()]
}

/**
 * What other pattern languages (bash, picomatch) would make something else of than we do: extended globs, and a leading
 * "!". Both are characters here, which rarely is what was meant.
 */
export function misleading(text: string): { readonly found: string; readonly advice: string } | undefined {
  if (text.startsWith('!')) {
    const advice = 'write \\! for the character; exceptions are rules of their own, or unless'
    return { found: '"!" at the start is the character, and negates nothing', advice }
  }
  if (/[“”]/.test(text)) return { found: 'typographic quotes are characters', advice: 'write " in their place' }
  if (/^\s|\s$/.test(text))
    return { found: 'a blank at the start or end counts', advice: `write ${JSON.stringify(text.trim())}` }
  const [, extended] = /^(?:[^\\]|\\.)*?([@!+?*]\([^()]*\))/s.exec(text) ?? []
  if (extended === undefined) return undefined
  const advice = 'write {a,b} for alternatives, or \\( for the character'
  return { found: `${extended} is not an extended glob, but stands for itself`, advice }
}

/**
 * The pattern for texts that are folded. A class is folded whether it is negated or not: `[!a]` is not to match A.
 */
export function foldPattern(pattern: Pattern): Pattern {
  if (pattern.kind === 'exact') return { kind: 'exact', value: foldCase(pattern.value) }
  const tokens = pattern.tokens.map((token): GlobToken => {
    if (token.kind === 'literal') return { kind: 'literal', text: foldCase(token.text) }
    return token.kind === 'class' ? { ...token, ranges: foldSet(union([token.ranges])) } : token
  })
  // Its tokens are other ones than those of the pattern with the same source. No pattern starts with an empty class.
  return { kind: 'glob', source: `[]i${pattern.source}`, tokens }
}

/** Whether a pattern covers every text. */
export function isAny(pattern: Pattern): boolean {
  return pattern.kind === 'glob' && pattern.tokens.length === 1 && pattern.tokens[0]?.kind === 'star'
}

function sourceOf(pattern: Pattern): string {
  return pattern.kind === 'exact' ? pattern.value : pattern.source
}

/** One of the patterns that a text stands for, with the part of the text that it came from. */
interface Expansion {
  readonly source: string
  readonly tokens: readonly GlobToken[]
}

function toPattern({ source, tokens }: Expansion): Pattern {
  if (tokens.length === 0)
    throw new Refusal('one of the alternatives is empty', 'write out the patterns that are meant')
  const first = tokens[0]
  if (tokens.length === 1 && first?.kind === 'literal') return { kind: 'exact', value: first.text }
  return { kind: 'glob', source, tokens }
}

class Parser {
  /** Code points. */
  readonly #text: readonly string[]
  #next = 0

  constructor(text: readonly string[]) {
    this.#text = text
  }

  /** Reads up to the end or, inside braces, up to the `,` or `}` that ends this alternative. */
  sequence(depth: number): Expansion[] {
    let all: Expansion[] = [{ source: '', tokens: [] }]
    while (this.#next < this.#text.length) {
      const character = this.#text[this.#next]
      if (depth > 0 && (character === ',' || character === '}')) break
      const part = character === '{' ? this.#braces(depth + 1) : [this.#token()]
      if (all.length * part.length > maxExpansion) {
        throw new Refusal(`the braces stand for more than ${maxExpansion} patterns`, 'use "*", or several rules')
      }
      all = all.flatMap((left) => part.map((right) => join(left, right)))
    }
    return all
  }

  #braces(depth: number): Expansion[] {
    if (depth > maxDepth) throw new Refusal('the braces are nested too deeply', `nest at most ${maxDepth}`)
    const all: Expansion[] = []
    let alternatives = 0
    do {
      this.#next++
      all.push(...this.sequence(depth))
      alternatives++
    } while (this.#text[this.#next] === ',')
    if (this.#text[this.#next] !== '}') throw new Refusal('"{" is not closed', 'write {a,b}, or \\{ for the character')
    this.#next++
    if (alternatives < 2 && /\w\.\.\w/.test(all[0]?.source ?? ''))
      throw new Refusal('ranges in braces are not supported', 'write [0-9], or {1,2,3}')
    if (alternatives < 2)
      throw new Refusal('braces need two alternatives or more', 'write {a,b}, or \\{ for the character')
    if (all.length > maxExpansion) {
      throw new Refusal(`the braces stand for more than ${maxExpansion} patterns`, 'use "*", or several rules')
    }
    return all
  }

  #token(): Expansion {
    const start = this.#next
    const token = this.#single()
    return { source: this.#text.slice(start, this.#next).join(''), tokens: [token] }
  }

  #single(): GlobToken {
    const character = this.#text[this.#next++]
    if (character === '*') return { kind: 'star' }
    if (character === '?') return { kind: 'one' }
    if (character === '[') return this.#class()
    return { kind: 'literal', text: character === '\\' ? this.#escaped() : (character ?? '') }
  }

  #escaped(): string {
    const character = this.#text[this.#next++]
    if (character === undefined)
      throw new Refusal('the "\\" at the end stands before nothing', 'write \\\\ for the character')
    return character
  }

  #class(): GlobToken {
    const negated = this.#text[this.#next] === '!'
    if (negated) this.#next++
    if (this.#text[this.#next] === '^') throw new Refusal('"[^" is not how a class is negated', 'write [!…], or [\\^…]')
    const ranges: [number, number][] = []
    while (this.#text[this.#next] !== ']') {
      if (this.#text[this.#next] === '[' && ':.='.includes(this.#text[this.#next + 1] ?? ' ')) {
        throw new Refusal('classes with names, as in [[:alpha:]], are not supported', 'write [a-zA-Z], or \\[')
      }
      const from = this.#member()
      let to = from
      if (this.#text[this.#next] === '-' && this.#text[this.#next + 1] !== ']') {
        this.#next++
        to = this.#member()
      }
      if (to < from) throw new Refusal('a range in [ ] runs backwards', 'write the lower end first')
      ranges.push([from, to])
    }
    this.#next++
    if (ranges.length === 0) throw new Refusal('the class [ ] is empty', 'write [abc], or \\[ for the character')
    return { kind: 'class', negated, ranges: union([ranges]) }
  }

  #member(): number {
    let character = this.#text[this.#next++]
    if (character === '\\') character = this.#escaped()
    if (character === undefined) throw new Refusal('"[" is not closed', 'write [abc], or \\[ for the character')
    return character.codePointAt(0)!
  }
}

/** Two texts side by side are one, and two stars are one. */
function join(left: Expansion, right: Expansion): Expansion {
  const source = left.source + right.source
  const last = left.tokens.at(-1)
  const first = right.tokens[0]
  if (last?.kind === 'literal' && first?.kind === 'literal') {
    const text = last.text + first.text
    return { source, tokens: [...left.tokens.slice(0, -1), { kind: 'literal', text }, ...right.tokens.slice(1)] }
  }
  const both = last?.kind === 'star' && first?.kind === 'star'
  return { source, tokens: [...left.tokens, ...right.tokens.slice(both ? 1 : 0)] }
}
