/** Strings of a body as UTF-8: escapes resolved, case folded. */
import { FoldRun } from '../abi/json'
import { reserve, takeTo, top } from './room'
import { hexAt } from './scan'
import { foldCount, foldRuns } from './state'
import { codePointAt, codePointLength } from '../text'

/** Length of what the last call here made, at the address that it returned. */
export let madeLength: u32 = 0

/** Resolves the escapes of a well-formed string into `to`; returns the end of what was written, never more than was read. */
export function unescape(start: u32, end: u32, to: u32): u32 {
  let at = start
  while (at < end) {
    const byte = <u32>load<u8>(at)
    if (byte != 0x5c) {
      store<u8>(to++, <u8>byte)
      at++
      continue
    }
    const letter = <u32>load<u8>(at, 1)
    if (letter != 0x75) {
      store<u8>(to++, <u8>simpleEscape(letter))
      at += 2
      continue
    }
    const unit = <u32>hexAt(at + 2)
    at += 6
    if ((unit & 0xfc00) != 0xd800) to = putCodePoint(unit, to)
    else {
      to = putCodePoint(0x10000 + ((unit & 0x3ff) << 10) + (<u32>hexAt(at + 2) & 0x3ff), to)
      at += 6
    }
  }
  return to
}

function simpleEscape(letter: u32): u32 {
  switch (letter) {
    case 0x62:
      return 0x08
    case 0x66:
      return 0x0c
    case 0x6e:
      return 0x0a
    case 0x72:
      return 0x0d
    case 0x74:
      return 0x09
    default:
      return letter
  }
}

/** Writes a code point as UTF-8 (RFC 3629); returns the place after it. */
function putCodePoint(point: u32, to: u32): u32 {
  if (point < 0x80) {
    store<u8>(to, <u8>point)
    return to + 1
  }
  if (point < 0x800) {
    store<u16>(to, <u16>(0x80c0 | (point >> 6) | ((point & 0x3f) << 8)))
    return to + 2
  }
  if (point < 0x10000) {
    store<u8>(to, <u8>(0xe0 | (point >> 12)))
    store<u16>(to, <u16>(0x8080 | ((point >> 6) & 0x3f) | ((point & 0x3f) << 8)), 1)
    return to + 3
  }
  store<u16>(to, <u16>(0x80f0 | (point >> 18) | (((point >> 12) & 0x3f) << 8)))
  store<u16>(to, <u16>(0x8080 | ((point >> 6) & 0x3f) | ((point & 0x3f) << 8)), 2)
  return to + 4
}

/** The string without escapes, kept until the request is answered. */
export function resolveEscapes(start: u32, end: u32): u32 {
  reserve(end - start)
  const made = top
  const last = unescape(start, end, made)
  madeLength = last - made
  takeTo(last)
  return made
}

/** The string folded, kept until the request is answered. As src/text/fold.ts does it. */
export function foldText(start: u32, length: u32): u32 {
  // Two bytes may become three, and one stays one.
  reserve(<u64>length * 2)
  const made = top
  let to = made
  for (let at = start; at < start + length; ) {
    const byte = <u32>load<u8>(at)
    if (byte < 0x80) {
      store<u8>(to++, <u8>(byte - 0x41 < 26 ? byte + 0x20 : byte))
      at++
    } else {
      const point = codePointAt(at)
      at += codePointLength(at)
      to = putCodePoint(folded(point), to)
    }
  }
  madeLength = to - made
  takeTo(to)
  return made
}

/** Looks for the run that has the code point, by halves. */
function folded(point: u32): u32 {
  let low: u32 = 0
  let high = foldCount
  while (low < high) {
    const middle = (low + high) >> 1
    const run = foldRuns + middle * (FoldRun.Words << 2)
    const first = load<u32>(run, FoldRun.First << 2)
    if (point < first) high = middle
    else if (point > load<u32>(run, FoldRun.Last << 2)) low = middle + 1
    else {
      const covered = (point - first) % load<u32>(run, FoldRun.Step << 2) == 0
      return covered ? point + load<u32>(run, FoldRun.Delta << 2) : point
    }
  }
  return point
}

/** How many UTF-16 units a text has: what the host counts its length in. */
export function utf16Length(start: u32, length: u32): u32 {
  let units = length
  for (let at = start; at < start + length; at++) {
    const byte = load<u8>(at)
    if ((byte & 0xc0) == 0x80) units--
    if (byte >= 0xf0) units++
  }
  return units
}

/** The same, between quotes as in a body; returns the address of the first quote. */
export function resolveToken(start: u32, end: u32): u32 {
  reserve(<u64>(end - start) + 2)
  const made = top
  store<u8>(made, 0x22)
  const last = unescape(start, end, made + 1)
  store<u8>(last, 0x22)
  madeLength = last - made - 1
  takeTo(last + 1)
  return made
}
