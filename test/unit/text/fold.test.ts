/** The folding table against the runtime's own regular expressions, which compare by simple folding with the flags `iu`. */
import { expect, test } from 'vitest'
import { foldCase, foldTable } from '../../../src/text/fold.ts'

test('every code point that folds is the same letter to the runtime', () => {
  const wrong: string[] = []
  for (const [from, to] of foldTable()) {
    const same = new RegExp(`^\\u{${from.toString(16)}}$`, 'iu').test(String.fromCodePoint(to))
    if (!same) wrong.push(from.toString(16))
  }
  expect(wrong).toEqual([])
  // As many as CaseFolding.txt of Unicode 17 has with the status C or S.
  expect(foldTable().size).toBe(1512)
})

test('what the runtime takes for the same letter folds to the same one', () => {
  const apart: string[] = []
  for (let point = 0; point <= 0x1ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const character = String.fromCodePoint(point)
    for (const other of [character.toLowerCase(), character.toUpperCase()]) {
      if (other === character || [...other].length !== 1) continue
      const same = new RegExp(`^\\u{${point.toString(16)}}$`, 'iu').test(other)
      if (same !== (foldCase(other) === foldCase(character))) apart.push(point.toString(16))
    }
  }
  expect(apart).toEqual([])
})

test('folding twice changes nothing', () => {
  for (const to of foldTable().values()) expect(foldTable().has(to), to.toString(16)).toBe(false)
})

test.each([
  ['Report', 'report'],
  ['', ''],
  ['Straße', 'straße'],
  ['STRAẞE', 'straße'],
  ['\u212aelvin', 'kelvin'],
  ['\u017f', 's'],
  // Without a language, dotted and dotless i are letters of their own.
  ['\u0130I\u0131', '\u0130i\u0131'],
  ['ΣΑΣ', 'σασ'],
  ['\u{10400}', '\u{10428}'],
  // Cherokee folds to capitals.
  ['\uab70', '\u13a0'],
  ['A\ud800B', 'a\ud800b'],
])('%j folds to %j', (text, folded) => {
  expect(foldCase(text)).toBe(folded)
})
