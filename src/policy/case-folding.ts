/** Which characters a case-insensitive expression takes for one another: simple case folding, as ECMA-262 has it with `iu`. */
import { foldTable } from '../text/fold.ts'
import { type CharSet, union, wordCharacters } from './charset.ts'

/** ECMA-262, WordCharacters with both flags: `\w` and what folds into it, U+017F (long s) and U+212A (kelvin sign). */
export const foldedWordCharacters: CharSet = [...wordCharacters, [0x17f, 0x17f], [0x212a, 0x212a]]

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

/** By Unicode's own table, so that an expression means the same whatever Unicode data a runtime has. */
function findGroups(): Cased[] {
  const groups = new Map<number, number[]>()
  for (const [from, to] of foldTable()) {
    const members = groups.get(to)
    if (members === undefined) groups.set(to, [to, from])
    else members.push(from)
  }
  return [...groups.values()]
    .flatMap((members) => members.map((first) => ({ first, members })))
    .sort((one, other) => one.first - other.first)
}
