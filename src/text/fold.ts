/**
 * Simple case folding of Unicode 17 (CaseFolding.txt, status C and S): one code point for one, the same in every language
 * and in every runtime, whatever Unicode data that has. `ß` and `ss` therefore differ, as do `İ` and `i`.
 */
import { FOLD_RUNS } from './fold-table.ts'

const ASCII_ONLY = /^[\0-\x7f]*$/
let table: ReadonlyMap<number, number> | undefined

/** Code point → what it folds to; those that stay themselves are not in it. Made when it is first asked for. */
export function foldTable(): ReadonlyMap<number, number> {
  table ??= readRuns(FOLD_RUNS)
  return table
}

/**
 * The text with every code point folded.
 *
 * @example foldCase('Straße') === foldCase('STRAßE') // true
 */
export function foldCase(text: string): string {
  // On ASCII, toLowerCase is the same everywhere and does the same; V8 returns the text itself where nothing changes.
  if (ASCII_ONLY.test(text)) return text.toLowerCase()
  const known = foldTable()
  let folded = ''
  // By code point; halves of surrogate pairs come alone and stay as they are.
  for (const character of text) {
    const to = known.get(character.codePointAt(0)!)
    folded += to === undefined ? character : String.fromCodePoint(to)
  }
  return folded
}

function readRuns(text: string): Map<number, number> {
  const map = new Map<number, number>()
  for (const [, from = '', separator, to = from, sign, delta = ''] of text.matchAll(
    /([0-9a-f]+)(?:([-/])([0-9a-f]+)(?=[-+]))?([-+])([0-9a-f]+)/g,
  )) {
    const add = Number.parseInt(delta, 16) * (sign === '-' ? -1 : 1)
    const last = Number.parseInt(to, 16)
    for (let point = Number.parseInt(from, 16); point <= last; point += separator === '/' ? 2 : 1) {
      map.set(point, point + add)
    }
  }
  return map
}
