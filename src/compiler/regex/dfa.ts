/** A deterministic automaton for the question "is it found anywhere in the text?". */
import { RegexBeside } from '../../../assembly/abi/regex.ts'
import type { Nfa } from './nfa.ts'
import { FOUND, NOT_FOUND, Subsets } from './subsets.ts'

export interface Dfa {
  readonly start: number
  readonly states: number
  /** Classes of characters; a row of `next` has a column for each, and one for the end of the text. */
  readonly symbols: number
  /** By state and column. At the end of the text it is `NOT_FOUND` or `FOUND`. */
  readonly next: Int32Array
}

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
    const row = subsets.row(state)
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
