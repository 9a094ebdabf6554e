/** Expressions as tables: a character, a row, the next row. */
import { RegexHeader, RegexLayout } from './abi'
import { classBeyondAscii } from './regex'
import { codePointAt, codePointLength } from './text'

export function tableFinds(program: u32, text: u32, length: u32): bool {
  const ascii = program + RegexHeader.Size
  const runs = load<u32>(program, RegexHeader.Runs << 2)
  const table = ascii + RegexLayout.AsciiSize + (runs << 2)
  const classes = load<u32>(program, RegexHeader.Classes << 2)
  // The first two rows never change again.
  const found = classes + 1
  const end = text + length
  let state = load<u32>(program, RegexHeader.Start << 2)
  for (let at = text; at < end; ) {
    const byte = <u32>load<u8>(at)
    let symbol: u32 = 0
    if (byte < 0x80) {
      symbol = load<u8>(ascii + byte)
      at++
    } else {
      symbol = classBeyondAscii(program, codePointAt(at))
      at += codePointLength(at)
    }
    state = load<u16>(table + ((state + symbol) << 1))
    if (state <= found) return state == found
  }
  return load<u16>(table + ((state + classes) << 1)) == found
}
