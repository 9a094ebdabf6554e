/** Folding by runs of code points, wherever they come from: the table of Unicode, or an image that was made with it. */

/** Code points from `first` to `last`, every `step`-th, fold by adding `delta`. */
export interface Run {
  readonly first: number
  readonly last: number
  readonly step: number
  readonly delta: number
}

/** A text with every code point folded. */
export type Fold = (text: string) => string

const ASCII_ONLY = /^[\0-\x7f]*$/

/** @param runs Asked when a text is not ASCII for the first time. */
export function createFold(runs: () => readonly Run[]): Fold {
  let known: ReadonlyMap<number, number> | undefined
  return function fold(text) {
    // On ASCII, toLowerCase is the same everywhere and does the same; V8 returns the text itself where nothing changes.
    if (ASCII_ONLY.test(text)) return text.toLowerCase()
    known ??= foldMap(runs())
    let folded = ''
    // By code point; halves of surrogate pairs come alone and stay as they are.
    for (const character of text) {
      const to = known.get(character.codePointAt(0)!)
      folded += to === undefined ? character : String.fromCodePoint(to)
    }
    return folded
  }
}

/** Code point → what it folds to; those that stay themselves are not in it. */
export function foldMap(runs: readonly Run[]): Map<number, number> {
  const map = new Map<number, number>()
  for (const { first, last, step, delta } of runs) {
    for (let point = first; point <= last; point += step) map.set(point, point + delta)
  }
  return map
}
