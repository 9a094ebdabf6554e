/** The code points, divided into classes of which an expression never tells two members apart. */
import type { CharSet } from './charset.ts'

export interface Alphabet {
  /** Where each run of code points of one class starts; the first starts at 0. Sorted. */
  readonly runs: readonly { readonly first: number; readonly symbol: number }[]
  /** How many classes there are. They are numbered by their first code point. */
  readonly size: number
  /** For each set, in the order given: the classes that make it up. */
  readonly members: readonly (readonly number[])[]
}

/**
 * The coarsest division in which every set is a union of classes.
 *
 * @example divide([[[0x61, 0x7a]]]).size // 2: a to z, and all others
 */
export function divide(sets: readonly CharSet[]): Alphabet {
  const changes = new Map<number, number[]>([[0, []]])
  sets.forEach((set, i) => {
    for (const [from, to] of set) {
      for (const at of [from, to + 1]) {
        const toggled = changes.get(at)
        if (toggled === undefined) changes.set(at, [i])
        else toggled.push(i)
      }
    }
  })
  const symbols = new Map<string, number>()
  const members: number[][] = sets.map(() => [])
  const runs: { first: number; symbol: number }[] = []
  const inside = new Set<number>()
  for (const first of [...changes.keys()].sort((a, b) => a - b)) {
    if (first > 0x10ffff) break
    for (const i of changes.get(first) ?? []) if (!inside.delete(i)) inside.add(i)
    const key = [...inside].sort((a, b) => a - b).join()
    let symbol = symbols.get(key)
    if (symbol === undefined) {
      symbol = symbols.size
      symbols.set(key, symbol)
      for (const i of inside) members[i]!.push(symbol)
    }
    if (runs.at(-1)?.symbol !== symbol) runs.push({ first, symbol })
  }
  return { runs, size: symbols.size, members }
}
