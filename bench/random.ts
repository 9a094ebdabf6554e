/** A small seeded source of random numbers, so that a workload is the same on every machine and in every run. */

/** Draws from one seed; the same seed gives the same draws. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number
  /** An integer from 0 (included) to `below` (excluded). */
  integer(below: number): number
  /** One of the items. */
  pick<T>(items: readonly T[]): T
  /** `count` different items, in random order; all of them when there are fewer. */
  sample<T>(items: readonly T[], count: number): T[]
  /** Brings the items into random order, in place (Fisher and Yates). */
  shuffle<T>(items: T[]): T[]
}

/**
 * mulberry32 by Tommy Ettinger (public domain): 32 bits of state, a period of 2^32. Good enough to spread a workload,
 * not for secrets. Source: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 *
 * @example createRandom(1).integer(6) // the same die roll every time
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }

  function integer(below: number): number {
    return Math.floor(next() * below)
  }

  function pick<T>(items: readonly T[]): T {
    const item = items[integer(items.length)]
    if (item === undefined) throw new RangeError('cannot pick from an empty list')
    return item
  }

  function shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last--) {
      const other = integer(last + 1)
      const moved = items[last] as T
      items[last] = items[other] as T
      items[other] = moved
    }
    return items
  }

  function sample<T>(items: readonly T[], count: number): T[] {
    return shuffle([...items]).slice(0, count)
  }

  return { next, integer, pick, sample, shuffle }
}
