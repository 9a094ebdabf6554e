/** UTF-8 text in linear memory. UTF-8 order of bytes is the order of code points (Unicode 15, section 2.5). */
import { Id } from './abi/frame'
import { stringOffsets, stringBytes, stringCount } from './state'

/** Address of a string cell's bytes. */
// @ts-ignore: decorator
@inline
export function textStart(cell: u32): u32 {
  const id = load<u32>(cell, 4)
  return id < stringCount ? stringBytes + load<u32>(stringOffsets + (id << 2)) : load<u32>(cell, 8)
}

// @ts-ignore: decorator
@inline
export function textLength(cell: u32): u32 {
  const id = load<u32>(cell, 4)
  if (id < stringCount) {
    const entry = stringOffsets + (id << 2)
    return load<u32>(entry, 4) - load<u32>(entry)
  }
  return load<u32>(cell, 12)
}

/** Whether the core can look into the string: one of the image, or one whose bytes the host wrote. */
// @ts-ignore: decorator
@inline
export function hasText(cell: u32): bool {
  return load<u32>(cell, 4) < stringCount || load<u32>(cell, 8) != 0
}

/** Ends are compared by words that overlap: how many bytes are over is nothing that branches could be predicted by. */
export function sameBytes(a: u32, b: u32, length: u32): bool {
  if (length < 4) {
    for (let i: u32 = 0; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false
    return true
  }
  if (length < 8) {
    const last = length - 4
    return ((load<u32>(a) ^ load<u32>(b)) | (load<u32>(a + last) ^ load<u32>(b + last))) == 0
  }
  const last = length - 8
  for (let i: u32 = 0; i < last; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false
  return load<u64>(a + last) == load<u64>(b + last)
}

/** Negative, zero or positive, as a is before, equal to or after b. */
export function compareText(a: u32, aLength: u32, b: u32, bLength: u32): i32 {
  const shared = min(aLength, bLength)
  for (let i: u32 = 0; i < shared; i++) {
    const difference = <i32>load<u8>(a + i) - <i32>load<u8>(b + i)
    if (difference != 0) return difference
  }
  return <i32>aLength - <i32>bLength
}

/** Whether `part` occurs in `whole`. Worst case length × length; the caller has paid for it in steps. */
export function containsText(whole: u32, wholeLength: u32, part: u32, partLength: u32): bool {
  if (partLength == 0) return true
  if (partLength > wholeLength) return false
  const first = load<u8>(part)
  const last = whole + wholeLength - partLength
  for (let at = whole; at <= last; at++) {
    if (load<u8>(at) == first && sameBytes(at, part, partLength)) return true
  }
  return false
}

/** The code point at `at`; the text is valid UTF-8, so its first byte tells its length. */
export function codePointAt(at: u32): u32 {
  const b0 = <u32>load<u8>(at)
  if (b0 < 0x80) return b0
  if (b0 < 0xe0) return ((b0 & 0x1f) << 6) | (load<u8>(at, 1) & 0x3f)
  if (b0 < 0xf0) return ((b0 & 0x0f) << 12) | ((<u32>load<u8>(at, 1) & 0x3f) << 6) | (load<u8>(at, 2) & 0x3f)
  return (
    ((b0 & 0x07) << 18) |
    ((<u32>load<u8>(at, 1) & 0x3f) << 12) |
    ((<u32>load<u8>(at, 2) & 0x3f) << 6) |
    (load<u8>(at, 3) & 0x3f)
  )
}

/** Bytes of the code point that starts at `at`. */
// @ts-ignore: decorator
@inline
export function codePointLength(at: u32): u32 {
  const b0 = load<u8>(at)
  return b0 < 0x80 ? 1 : b0 < 0xe0 ? 2 : b0 < 0xf0 ? 3 : 4
}

/** Whether two string cells hold the same string; ids decide, as the host gives equal strings equal ids. */
// @ts-ignore: decorator
@inline
export function identityKnown(a: u32, b: u32): bool {
  return load<u32>(a, 4) != Id.UnknownString || load<u32>(b, 4) != Id.UnknownString
}
