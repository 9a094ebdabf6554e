/**
 * Simple case folding of Unicode 17 (CaseFolding.txt, status C and S): one code point for one, the same in every language
 * and in every runtime, whatever Unicode data that has. `ß` and `ss` therefore differ, as do `İ` and `i`.
 */
import { FOLD_RUNS } from './fold-table.ts'

const ASCII_ONLY = /^[\0-\x7f]*$/
let table: ReadonlyMap<number, number> | undefined

/** Code point → what it folds to; those that stay themselves are not in it. Made when it is first asked for. */
export function foldTable(): ReadonlyMap<number, number> {
  table ??= mapOf(foldRuns())
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

/** Code points from `first` to `last`, every `step`-th, fold by adding `delta`. */
export interface Run {
  readonly first: number
  readonly last: number
  readonly step: number
  readonly delta: number
}

/** What folds, in order. */
export function foldRuns(): Run[] {
  const runs: Run[] = []
  let last = 0
  for (const [, gap = '', separator, more = '0', delta = '1'] of FOLD_RUNS.matchAll(
    /([\da-z]+)(?:([:/])([\da-z]+))?([-+][\da-z]+)?/g,
  )) {
    const first = last + Number.parseInt(gap, 36)
    const step = separator === '/' ? 2 : 1
    last = first + step * Number.parseInt(more, 36)
    runs.push({ first, last, step, delta: Number.parseInt(delta, 36) })
  }
  return runs
}

function mapOf(runs: readonly Run[]): Map<number, number> {
  const map = new Map<number, number>()
  for (const { first, last, step, delta } of runs) {
    for (let point = first; point <= last; point += step) map.set(point, point + delta)
  }
  return map
}
