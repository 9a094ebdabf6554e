/**
 * The states of a DFA by the subset construction (Rabin & Scott, 1959): what could be matched so far, and, where an
 * assertion waits for the next character to be decided, what stood before.
 */
import { RegexBeside, RegexOp } from '../../../assembly/abi/regex.ts'
import { asksBefore, holds, looksBack } from './context.ts'
import type { Nfa } from './nfa.ts'

/** The states that never change again. */
export const NOT_FOUND = 0
export const FOUND = 1

interface Subset {
  /** Sets and undecided assertions of the NFA, sorted. */
  readonly states: Iterable<number>
  /** Whether there are such assertions. */
  readonly waits: boolean
  readonly before: number
}

const NOTHING: Subset = { states: [], waits: false, before: 0 }

/** Numbers the states as they are met; the first two are NOT_FOUND and FOUND. */
export class Subsets {
  readonly #nfa: Nfa
  /** The classes with the same neighbours for assertions, and for those what is beside them. */
  readonly #kinds: ReadonlyMap<number, readonly number[]>
  /** What of the character before anything in the expression asks for. */
  readonly #asked: number
  /** Whether a match may start at a line although none could before. */
  readonly #restarts: boolean
  readonly #subsets: Subset[] = [NOTHING, NOTHING]
  readonly #known = new Map<string, number>()
  /** Per state of the NFA the search in which it was last met. */
  readonly #met: Int32Array
  #search = 0
  work = 0

  constructor(nfa: Nfa) {
    this.#nfa = nfa
    const kinds = new Map<number, number[]>(nfa.beside.map((beside) => [beside, []]))
    nfa.beside.forEach((beside, symbol) => {
      kinds.get(beside)!.push(symbol)
    })
    this.#kinds = kinds
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
    // The parser's bounds keep the numbers of states below 2¹⁶.
    const subset = { states: Uint16Array.from(found).sort(), waits, before: waits ? before & this.#asked : 0 }
    const key = String.fromCharCode(subset.before, ...subset.states)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, this.#subsets.length)
    return this.#subsets.push(subset) - 1
  }

  /** Where each class leads to; the last column, the end of the text, is left open. */
  row(state: number): Int32Array {
    const { sets, states } = this.#nfa
    const row = new Int32Array(this.#nfa.alphabet.size + 1)
    // Naming and finding a state takes some eight visits' time.
    this.work += 8 * row.length
    for (const [beside, symbols] of this.#kinds) {
      const ready = this.#decided(this.#subsets[state]!, beside)
      const targets = new Map<number, number[]>(symbols.map((symbol) => [symbol, []]))
      for (const one of ready ?? []) {
        const { x, y } = states[one]!
        for (const symbol of sets[x]!) targets.get(symbol)?.push(y)
        this.work += sets[x]!.length
      }
      for (const symbol of symbols) {
        row[symbol] = ready === undefined ? FOUND : this.stateOf(targets.get(symbol)!, beside)
      }
    }
    return row
  }

  atEnd(state: number): boolean {
    return this.#decided(this.#subsets[state]!, RegexBeside.Edge) === undefined
  }

  /** The sets that may take the next character, undefined when the match is complete before it. */
  #decided({ states, waits, before }: Subset, after: number): Iterable<number> | undefined {
    if (!waits) return states
    return this.#follow(states, (op) => holds(op, before, after))
  }

  /**
   * What is reached without a character: sets, and assertions that `decide` leaves undecided. Undefined when the end of
   * the expression is.
   */
  #follow(from: Iterable<number>, decide: (op: RegexOp) => boolean | undefined): number[] | undefined {
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
