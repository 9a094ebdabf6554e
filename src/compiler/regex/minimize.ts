/** The smallest automaton that answers alike: J. Hopcroft, "An n log n algorithm for minimizing states in a finite automaton", 1971. */
import type { Dfa } from './dfa.ts'
import { Partition } from './partition.ts'
import { FOUND, NOT_FOUND } from './subsets.ts'

export function minimize(dfa: Dfa): Dfa {
  const partition = refine(dfa)
  const { states, symbols, next } = dfa
  const columns = symbols + 1
  // The two that never change keep their numbers; the others follow as they are met from the start.
  const numbers = new Map<number, number>()
  const numberOf = (state: number): number => {
    const block = partition.blockOf(state)
    const known = numbers.get(block)
    if (known !== undefined) return known
    numbers.set(block, numbers.size)
    return numbers.size - 1
  }
  numberOf(NOT_FOUND)
  numberOf(FOUND)
  const start = numberOf(dfa.start)
  const representatives: number[] = []
  for (let state = 0; state < states; state++) representatives[partition.blockOf(state)] ??= state
  const cells: number[] = []
  // A map keeps its order while it grows.
  for (const block of numbers.keys()) {
    const row = representatives[block]! * columns
    for (let symbol = 0; symbol < symbols; symbol++) cells.push(numberOf(next[row + symbol]!))
    cells.push(next[row + symbols]!)
  }
  return { start, states: numbers.size, symbols, next: Int32Array.from(cells) }
}

/** States that no text tells apart, in one block each. */
function refine({ states, symbols, next }: Dfa): Partition {
  const columns = symbols + 1
  const partition = new Partition(states)
  const waiting = new Set([0])
  const splitBlocks = (): void => {
    partition.split((block, rest) => {
      if (waiting.has(block) || partition.size(rest) <= partition.size(block)) waiting.add(rest)
      else waiting.add(block)
    })
  }
  for (let state = 0; state < states; state++) if (next[state * columns + symbols] === FOUND) partition.mark(state)
  splitBlocks()
  const before = predecessors(states, symbols, next)
  while (waiting.size > 0) {
    const [block] = waiting as Set<number>
    waiting.delete(block!)
    const splitter = partition.members(block!)
    for (let symbol = 0; symbol < symbols; symbol++) {
      for (const state of splitter) for (const one of before(symbol, state)) partition.mark(one)
      splitBlocks()
    }
  }
  return partition
}

/** For a class and a state: from which states the class leads there. */
function predecessors(
  states: number,
  symbols: number,
  next: Int32Array,
): (symbol: number, state: number) => Int32Array {
  const columns = symbols + 1
  const starts = new Int32Array(symbols * states + 1)
  const place = (symbol: number, state: number): number => symbol * states + next[state * columns + symbol]!
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (let state = 0; state < states; state++) starts[place(symbol, state) + 1]!++
  }
  for (let i = 0; i < symbols * states; i++) starts[i + 1]! += starts[i]!
  const filled = starts.slice()
  const all = new Int32Array(symbols * states)
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (let state = 0; state < states; state++) all[filled[place(symbol, state)]!++] = state
  }
  return (symbol, state) => all.subarray(starts[symbol * states + state]!, starts[symbol * states + state + 1]!)
}
