/** Regular expressions: whether one is found anywhere in a text, in time that grows with the text and no faster. */
import { RegexForm, RegexHeader, RegexLayout } from '../abi/regex'
import { nfaFinds } from './nfa'
import { tableFinds } from './table'
import { spend } from '../steps'

/** 1 when the expression is found somewhere in the text, 0 when not, -1 when the steps ran out. */
export function regexFinds(program: u32, text: u32, length: u32): i32 {
  if (load<u32>(program, RegexHeader.Form << 2) == RegexForm.Nfa) return nfaFinds(program, text, length)
  // A character takes a look into two tables: some four of them are what another step costs.
  return spend((length >> 2) + 1) ? i32(tableFinds(program, text, length)) : -1
}

/** The class of a code point from 0x80 on: the last run that starts at or before it. */
export function classBeyondAscii(program: u32, codePoint: u32): u32 {
  const runs = program + RegexHeader.Size + RegexLayout.AsciiSize
  let low: u32 = 0
  let high = load<u32>(program, RegexHeader.Runs << 2)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((load<u32>(runs + (middle << 2)) & 0x1fffff) > codePoint) high = middle
    else low = middle
  }
  return load<u32>(runs + (low << 2)) >> RegexLayout.RunShift
}
