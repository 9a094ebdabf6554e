/**
 * Simple case folding of Unicode 17 (CaseFolding.txt, status C and S): one code point for one, the same in every language
 * and in every runtime, whatever Unicode data that has. `ß` and `ss` therefore differ, as do `İ` and `i`.
 */
import { createFold, type Fold, foldMap, type Run } from './fold-runs.ts'
import { FOLD_RUNS } from './fold-table.ts'

let table: ReadonlyMap<number, number> | undefined

/** Code point → what it folds to; those that stay themselves are not in it. Made when it is first asked for. */
export function foldTable(): ReadonlyMap<number, number> {
  table ??= foldMap(foldRuns())
  return table
}

/**
 * The text with every code point folded.
 *
 * @example foldCase('Straße') === foldCase('STRAßE') // true
 */
export const foldCase: Fold = createFold(foldRuns)

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
