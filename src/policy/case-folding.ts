/** Which characters a case-insensitive expression takes for one another: simple case folding, as ECMA-262 has it with `iu`. */
import { type CharSet, union } from './charset.ts'

/** ECMA-262, WordCharacters with both flags: `\w` and what folds into it, U+017F (long s) and U+212A (kelvin sign). */
export const foldedWordCharacters: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
  [0x17f, 0x17f],
  [0x212a, 0x212a],
]

/**
 * The set and every character that differs from one of its characters by case only.
 *
 * @example ignoringCase([[0x6b, 0x6b]]) // k, K and the kelvin sign
 */
export function ignoringCase(set: CharSet): CharSet {
  const more: [number, number][] = []
  for (const [from, to] of set) {
    for (const { first, members } of groupsFrom(from)) {
      if (first > to) break
      for (const member of members) more.push([member, member])
    }
  }
  return more.length === 0 ? set : union([set, more])
}

/** One of the characters of a group, and the whole group. */
interface Cased {
  readonly first: number
  readonly members: readonly number[]
}

/** Every character with another case, in order. */
let cased: readonly Cased[] | undefined

function* groupsFrom(codePoint: number): Generator<Cased> {
  cased ??= findGroups()
  let low = 0
  let high = cased.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (cased[middle]!.first < codePoint) low = middle + 1
    else high = middle
  }
  for (let i = low; i < cased.length; i++) yield cased[i]!
}

/**
 * The groups by this runtime's Unicode data. What folds alike has a common upper or lower case; what has one need not fold
 * alike (U+0130 and i), so the runtime's own RegExp has the last word on each pair.
 */
function findGroups(): Cased[] {
  const groups = new Map<number, Set<number>>()
  const byCase = new Map<string, number>()
  for (const codePoint of candidates()) {
    const text = String.fromCodePoint(codePoint)
    for (const key of [text.toUpperCase(), text.toLowerCase(), text.toLowerCase().toUpperCase()]) {
      const other = byCase.get(key) ?? codePoint
      byCase.set(key, other)
      if (other !== codePoint && foldsTo(codePoint, other)) join(groups, codePoint, other)
    }
  }
  return [...groups]
    .map(([first, members]) => ({ first, members: [...members].sort((a, b) => a - b) }))
    .sort((a, b) => a.first - b.first)
}

/** Characters whose upper, lower or folded form is another one, in order. */
function candidates(): number[] {
  const found: number[] = []
  const changes = /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u
  // There are none in planes 2 to 16: ideographs, private use, nothing.
  for (let codePoint = 0; codePoint < 0x20000; codePoint++) {
    const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff
    if (!surrogate && changes.test(String.fromCodePoint(codePoint))) found.push(codePoint)
  }
  return found
}

function foldsTo(a: number, b: number): boolean {
  return new RegExp(`^\\u{${a.toString(16)}}$`, 'iu').test(String.fromCodePoint(b))
}

function join(groups: Map<number, Set<number>>, a: number, b: number): void {
  const all = new Set([...(groups.get(a) ?? [a]), ...(groups.get(b) ?? [b])])
  for (const member of all) groups.set(member, all)
}
