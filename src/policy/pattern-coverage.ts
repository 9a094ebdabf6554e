/**
 * Which of several lists of patterns cover a text together with which others, for all texts there are: one automaton reads
 * all patterns at once (subset construction: M. O. Rabin, D. Scott, "Finite Automata and Their Decision Problems", 1959).
 * Unlike analysis/containment.ts it is exact, and it costs more.
 */
import { type Alphabet, divide } from './alphabet.ts'
import { type CharSet, complement } from './charset.ts'
import type { Pattern } from './model.ts'

/** Texts that the same lists cover. */
export interface Covering {
  /** Bit i is set when list i covers them. */
  readonly lists: number
  /** One of the shortest of them. */
  readonly example: string
}

/** Bits of a number that stay positive. */
const MOST_LISTS = 30

/** States times classes of characters that are looked at before giving up: some patterns need 2ⁿ states. */
const MOST_WORK = 200_000

/**
 * The coverings that some text has, one each. An empty list covers every text.
 *
 * @returns undefined when finding out would take too long
 * @example patternCoverings([parsePattern('a*'), parsePattern('*b')])
 * // lists 0 (''), 1 ('a'), 2 ('b'), 3 ('ab')
 */
export function patternCoverings(lists: readonly (readonly Pattern[])[]): readonly Covering[] | undefined {
  if (lists.length > MOST_LISTS) return undefined
  const automaton = new JointAutomaton(lists)
  const found = new Map<number, Covering>()
  let states: readonly Reached[] = [{ positions: automaton.start(), example: '' }]
  const met = new Set(states.map(({ positions }) => positions.join()))
  let work = 0
  // Breadth first, so that the first example of a covering is a shortest one.
  while (states.length > 0) {
    const next: Reached[] = []
    for (const { positions, example } of states) {
      const covers = automaton.covers(positions)
      if (!found.has(covers)) found.set(covers, { lists: covers, example })
      for (const symbol of automaton.symbols()) {
        work += 1 + positions.length
        if (work > MOST_WORK) return undefined
        const after = automaton.step(positions, symbol)
        const key = after.join()
        if (met.has(key)) continue
        met.add(key)
        next.push({ positions: after, example: example + automaton.character(symbol) })
      }
    }
    states = next
  }
  return [...found.values()]
}

interface Reached {
  readonly positions: readonly number[]
  readonly example: string
}

/** One place in one pattern: what may come next there. */
type Unit =
  | { readonly kind: 'star' }
  /** An index into the sets, of which the alphabet is made. */
  | { readonly kind: 'set'; readonly set: number }
  /** The end of a pattern of this list. */
  | { readonly kind: 'end'; readonly list: number }

const NICE = 'x1-aA0:/_.'

class JointAutomaton {
  /** All patterns one after the other; a position is an index. */
  readonly #units: Unit[] = []
  readonly #starts: number[] = []
  readonly #alphabet: Alphabet
  /** By set and symbol. */
  readonly #members: readonly ReadonlySet<number>[]
  readonly #characters: readonly string[]
  /** The lists that cover everything. */
  #always = 0

  constructor(lists: readonly (readonly Pattern[])[]) {
    const sets: CharSet[] = []
    lists.forEach((patterns, list) => {
      if (patterns.length === 0) this.#always |= 1 << list
      for (const pattern of patterns) this.#add(pattern, list, sets)
    })
    this.#alphabet = divide(sets)
    this.#members = this.#alphabet.members.map((symbols) => new Set(symbols))
    this.#characters = this.#representatives()
  }

  start(): readonly number[] {
    return this.#closure(this.#starts)
  }

  step(positions: readonly number[], symbol: number): readonly number[] {
    const next: number[] = []
    for (const position of positions) {
      const unit = this.#units[position]!
      if (unit.kind === 'star') next.push(position)
      else if (unit.kind === 'set' && this.#members[unit.set]!.has(symbol)) next.push(position + 1)
    }
    return this.#closure(next)
  }

  covers(positions: readonly number[]): number {
    return positions.reduce((bits, position) => {
      const unit = this.#units[position]!
      return unit.kind === 'end' ? bits | (1 << unit.list) : bits
    }, this.#always)
  }

  symbols(): Iterable<number> {
    return this.#characters.keys()
  }

  character(symbol: number): string {
    return this.#characters[symbol]!
  }

  #add(pattern: Pattern, list: number, sets: CharSet[]): void {
    this.#starts.push(this.#units.length)
    const take = (set: CharSet) => this.#units.push({ kind: 'set', set: sets.push(set) - 1 })
    for (const token of pattern.kind === 'exact'
      ? [{ kind: 'literal', text: pattern.value } as const]
      : pattern.tokens) {
      if (token.kind === 'star') this.#units.push({ kind: 'star' })
      else if (token.kind === 'one') take([[0, 0x10ffff]])
      else if (token.kind === 'class') take(token.negated ? complement(token.ranges) : token.ranges)
      else for (const character of token.text) take([[character.codePointAt(0)!, character.codePointAt(0)!]])
    }
    this.#units.push({ kind: 'end', list })
  }

  /** With what a star that takes nothing leads to; sorted, each once. */
  #closure(positions: readonly number[]): readonly number[] {
    const all = new Set<number>()
    for (let position of positions) {
      while (!all.has(position)) {
        all.add(position)
        if (this.#units[position]?.kind !== 'star') break
        position++
      }
    }
    return [...all].sort((a, b) => a - b)
  }

  /** For each symbol a character of it, one that reads well where there is one. */
  #representatives(): string[] {
    const characters: string[] = []
    for (const { first, symbol } of this.#alphabet.runs) {
      // Half of a surrogate pair is no character.
      if (first < 0xd800 || first > 0xdfff) characters[symbol] ??= String.fromCodePoint(first)
    }
    for (const nice of [...NICE].reverse()) characters[this.#symbolOf(nice.codePointAt(0)!)] = nice
    // A class of nothing but halves: no text that is compared with patterns has any of them.
    return Array.from({ length: this.#alphabet.size }, (_, symbol) => characters[symbol] ?? '\ufffd')
  }

  #symbolOf(point: number): number {
    return this.#alphabet.runs.findLast(({ first }) => first <= point)!.symbol
  }
}
