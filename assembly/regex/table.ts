/** Expressions as tables: a character, a row, the next row. */
import { RegexHeader, RegexLayout } from '../abi/regex'
import { classBeyondAscii } from './match'
import { codePointAt, codePointLength } from '../text'

export function tableFinds(program: u32, text: u32, length: u32): bool {
  const ascii = program + RegexHeader.Size
  const runs = load<u32>(program, RegexHeader.Runs << 2)
  const table = ascii + RegexLayout.AsciiSize + (runs << 2)
  const classes = load<u32>(program, RegexHeader.Classes << 2)
  // The first two rows never change again.
  const found = classes + 1
  const end = text + length
  let state = load<u32>(program, RegexHeader.Start << 2)
  let at = text
  while (at < end) {
    const row = table + (state << 1)
    let next: u32 = state
    // Most characters lead back to the same row, as those before a match do. In this loop no look-up waits for another.
    do {
      const byte = <u32>load<u8>(at)
      if (byte >= 0x80) {
        next = load<u16>(row + (classBeyondAscii(program, codePointAt(at)) << 1))
        at += codePointLength(at)
      } else {
        next = load<u16>(row + (<u32>load<u8>(ascii + byte) << 1))
        at++
      }
    } while (next == state && at < end)
    state = next
    if (state <= found) return state == found
  }
  return load<u16>(table + ((state + classes) << 1)) == found
}
