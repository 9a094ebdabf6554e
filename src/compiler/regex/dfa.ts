/**
 * A deterministic automaton by the subset construction (Rabin & Scott, 1959), for the question "is it found anywhere in
 * the text?". A state is what could be matched so far, and, where an assertion waits for the next character to be
 * decided, what stood before.
 */
import { RegexBeside, RegexOp } from '../../../assembly/abi.ts'
import { asksBefore, holds, looksBack } from './context.ts'
import type { Nfa } from './nfa.ts'

export interface Dfa {
  readonly start: number
  readonly states: number
  /** Classes of characters; a row of `next` has a column for each, and one for the end of the text. */
  readonly symbols: number
  /** By state and column. At the end of the text it is `NOT_FOUND` or `FOUND`. */
  readonly next: Int32Array
}

/** The states that never change again. */
export const NOT_FOUND = 0
export const FOUND = 1

export interface Bounds {
  /** Of the table before it is minimised: states × columns. */
  readonly cells: number
  /** Visits of NFA states: what bounds the time. */
  readonly work: number
}

/** Undefined when the bounds are passed: some expressions need 2ⁿ states. */
export function determinize(nfa: Nfa, bounds: Bounds): Dfa | undefined {
  const subsets = new Subsets(nfa)
  const symbols = nfa.alphabet.size
  const columns = symbols + 1
  const rows: Int32Array[] = [new Int32Array(columns).fill(NOT_FOUND), new Int32Array(columns).fill(FOUND)]
  const start = subsets.stateOf([], RegexBeside.Edge)
  for (let state = rows.length; state < subsets.count; state++) {
    const row = new Int32Array(columns)
    for (let symbol = 0; symbol < symbols; symbol++) row[symbol] = subsets.after(state, symbol)
    row[symbols] = subsets.atEnd(state) ? FOUND : NOT_FOUND
    rows.push(row)
    if (subsets.count * columns > bounds.cells || subsets.work > bounds.work) return undefined
  }
  const next = new Int32Array(rows.length * columns)
  rows.forEach((row, state) => {
    next.set(row, state * columns)
  })
  return { start, states: rows.length, symbols, next }
}

interface Subset {
  /** Sets and undecided assertions of the NFA, sorted. */
  readonly states: readonly number[]
  readonly before: number
}

class Subsets {
  readonly #nfa: Nfa
  readonly #holds: readonly ReadonlySet<number>[]
  /** What of the character before anything in the expression asks for. */
  readonly #asked: number
  /** Whether a match may start at a line although none could before. */
  readonly #restarts: boolean
  readonly #subsets: Subset[] = [
    { states: [], before: 0 },
    { states: [], before: 0 },
  ]
  readonly #known = new Map<string, number>()
  /** Per state of the NFA the search in which it was last met. */
  readonly #met: Int32Array
  #search = 0
  work = 0

  constructor(nfa: Nfa) {
    this.#nfa = nfa
    this.#holds = nfa.sets.map((symbols) => new Set(symbols))
    this.#asked = nfa.states.reduce((asked, { op }) => asked | asksBefore(op), 0)
    this.#restarts = nfa.states.some(({ op }) => op === RegexOp.LineStart)
    this.#met = new Int32Array(nfa.states.length)
  }

  get count(): number {
    return this.#subsets.length
  }

  /** The state in which the next character is at one of `targets`, or starts a new match. */
  stateOf(targets: readonly number[], before: number): number {
    const found = this.#follow([...targets, this.#nfa.start], (op) =>
      looksBack(op) ? holds(op, before, 0) : undefined,
    )
    if (found === undefined) return FOUND
    if (found.length === 0 && !this.#restarts) return NOT_FOUND
    const waits = found.some((state) => this.#nfa.states[state]!.op !== RegexOp.Set)
    const subset = { states: found.sort((a, b) => a - b), before: waits ? before & this.#asked : 0 }
    const key = `${subset.before} ${subset.states.join()}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, this.#subsets.length)
    return this.#subsets.push(subset) - 1
  }

  after(state: number, symbol: number): number {
    const beside = this.#nfa.beside[symbol]!
    const ready = this.#decided(this.#subsets[state]!, beside)
    if (ready === undefined) return FOUND
    const targets: number[] = []
    for (const one of ready) {
      const { x, y } = this.#nfa.states[one]!
      if (this.#holds[x]!.has(symbol)) targets.push(y)
    }
    this.work += ready.length
    return this.stateOf(targets, beside)
  }

  atEnd(state: number): boolean {
    return this.#decided(this.#subsets[state]!, RegexBeside.Edge) === undefined
  }

  /** The sets that may take the next character, undefined when the match is complete before it. */
  #decided({ states, before }: Subset, after: number): readonly number[] | undefined {
    return this.#follow(states, (op) => holds(op, before, after))
  }

  /**
   * What is reached without a character: sets, and assertions that `decide` leaves undecided. Undefined when the end of
   * the expression is.
   */
  #follow(from: readonly number[], decide: (op: RegexOp) => boolean | undefined): number[] | undefined {
    const search = ++this.#search
    const stack = [...from]
    const reached: number[] = []
    while (stack.length > 0) {
      const state = stack.pop()!
      if (this.#met[state] === search) continue
      this.#met[state] = search
      this.work++
      const { op, x, y } = this.#nfa.states[state]!
      if (op === RegexOp.Match) return undefined
      if (op === RegexOp.Split) stack.push(y, x)
      else if (op === RegexOp.Set) reached.push(state)
      else {
        const decided = decide(op)
        if (decided === undefined) reached.push(state)
        else if (decided) stack.push(x)
      }
    }
    return reached
  }
}
