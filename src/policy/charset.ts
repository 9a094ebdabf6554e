/** Sets of code points, as sorted inclusive ranges that neither touch nor overlap. */
import { foldTable } from '../text/fold.ts'

export type CharSet = readonly (readonly [number, number])[]

const last = 0x10ffff

/** The sets of ECMA-262, section 22.2.2.9 (`\d`, `\w`) and section 12 (white space, line terminators). */
export const digits: CharSet = [[0x30, 0x39]]
export const wordCharacters: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
export const whitespace: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
export const lineTerminators: CharSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]

/** All code points of any of the sets; also sorts and joins ranges that come in any order. */
export function union(sets: readonly CharSet[]): CharSet {
  const ranges = sets.flat().sort((a, b) => a[0] - b[0])
  const joined: [number, number][] = []
  for (const [from, to] of ranges) {
    const previous = joined.at(-1)
    if (previous !== undefined && from <= previous[1] + 1) previous[1] = Math.max(previous[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** All code points, 0 to 10FFFF, that are not in the set. */
export function complement(set: CharSet): CharSet {
  const outside: [number, number][] = []
  let from = 0
  for (const [start, end] of set) {
    if (start > from) outside.push([from, start - 1])
    from = end + 1
  }
  if (from <= last) outside.push([from, last])
  return outside
}

/** Whether a code point is in the set. */
export function isInside(set: CharSet, point: number): boolean {
  return set.some(([from, to]) => from <= point && point <= to)
}

/** The set with what its code points fold to. What folds to something else stays in it: folded texts do not have it. */
export function foldSet(set: CharSet): CharSet {
  const targets: [number, number][] = []
  for (const [from, to] of foldTable()) {
    if (set.some(([start, end]) => from >= start && from <= end)) targets.push([to, to])
  }
  return targets.length === 0 ? set : union([set, targets])
}

const properties = new Map<string, CharSet>()

/**
 * The code points with a Unicode property, such as `L` or `Script=Greek`, as this runtime's Unicode data has them: its own
 * RegExp is asked about each.
 */
export function property(name: string): CharSet {
  let set = properties.get(name)
  if (set === undefined) {
    set = scan(new RegExp(`^\\p{${name}}$`, 'u'))
    properties.set(name, set)
  }
  return set
}

function scan(one: RegExp): CharSet {
  const ranges: [number, number][] = []
  let inside = false
  for (const from of DIFFERENT) {
    // Surrogates are no characters.
    const holds = (from < 0xd800 || from > 0xdfff) && one.test(String.fromCodePoint(from))
    if (holds && !inside) ranges.push([from, last])
    else if (!holds && inside) ranges.at(-1)![1] = from - 1
    inside = holds
  }
  return ranges
}

/**
 * Where a property may begin or end. Planes 4 to 13 are unassigned and 15 and 16 private, each the same throughout up to
 * its last two code points, which are no characters; asking about all of theirs would take most of the time.
 */
const DIFFERENT: Iterable<number> = {
  *[Symbol.iterator]() {
    for (let plane = 0; plane <= 16; plane++) {
      const first = plane * 0x10000
      const uniform = (plane >= 4 && plane <= 13) || plane >= 15
      for (let at = uniform ? first + 0xfffe : first; at < first + 0x10000; at++) {
        if (uniform && at === first + 0xfffe) yield first
        yield at
      }
    }
  },
}
