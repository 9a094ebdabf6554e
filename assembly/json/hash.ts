/**
 * Hash and comparison of short texts, eight bytes at a time. Both read up to eight bytes past the end, which nothing depends
 * on. The hash only has to tell texts apart: whoever makes them collide on purpose is met in json/strings.ts and json/sort.ts.
 */

const FIRST: u64 = 0xff51afd7ed558ccd
const LAST: u64 = 0x9e3779b97f4a7c15

/** The first `length` bytes of eight, the others zero; none for 0. */
// @ts-ignore: decorator
@inline
function head(bytes: u64, length: u32): u64 {
  return bytes & (((<u64>1) << (length << 3)) - 1)
}

export function hashText(start: u32, length: u32): u32 {
  let a: u64
  let b: u64 = length
  if (length < 8) a = head(load<u64>(start), length)
  else {
    a = load<u64>(start)
    b ^= load<u64>(start + length - 8) << 3
    for (let at: u32 = 8; at + 8 < length; at += 8) a = rotl<u64>(a * FIRST, 29) ^ load<u64>(start + at)
  }
  // The two products do not wait for one another.
  const mixed = a * FIRST ^ rotl<u64>(b * LAST, 32)
  return <u32>(((mixed ^ (mixed >> 29)) * LAST) >> 32)
}

export function sameText(a: u32, b: u32, length: u32): bool {
  if (length < 8) return head(load<u64>(a) ^ load<u64>(b), length) == 0
  for (let at: u32 = 0; at + 8 < length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false
  return load<u64>(a + length - 8) == load<u64>(b + length - 8)
}
