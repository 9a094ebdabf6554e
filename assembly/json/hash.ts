/**
 * Hash and comparison of short texts, sixteen bytes at a time: most have no more, and then neither branches on how many. Both read
 * up to sixteen bytes past the end, which nothing depends on. The hash only has to tell texts apart: whoever makes them collide on
 * purpose is met in json/strings.ts and json/sort.ts.
 */

const FIRST: u64 = 0xff51afd7ed558ccd
const LAST: u64 = 0x9e3779b97f4a7c15

/** The first bytes of sixteen, up to so many; the others are zero. */
// @ts-ignore: decorator
@inline
function head(bytes: v128, length: u32): v128 {
  return v128.and(bytes, i8x16.lt_s(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>length)))
}

export function hashText(start: u32, length: u32): u32 {
  let a: u64 = length
  let b: u64 = 0
  let at = start
  let rest = length
  while (rest > 16) {
    a = rotl<u64>((a ^ load<u64>(at)) * FIRST, 29)
    b = rotl<u64>((b ^ load<u64>(at, 8)) * LAST, 32)
    at += 16
    rest -= 16
  }
  const bytes = head(v128.load(at), rest)
  // The two products do not wait for one another.
  const mixed = ((a ^ i64x2.extract_lane(bytes, 0)) * FIRST) ^ rotl<u64>((b ^ i64x2.extract_lane(bytes, 1)) * LAST, 32)
  return <u32>(((mixed ^ (mixed >> 29)) * LAST) >> 32)
}

export function sameText(a: u32, b: u32, length: u32): bool {
  while (length > 16) {
    if (v128.any_true(v128.xor(v128.load(a), v128.load(b)))) return false
    a += 16
    b += 16
    length -= 16
  }
  return !v128.any_true(head(v128.xor(v128.load(a), v128.load(b)), length))
}
