/**
 * The image's checksum. Sixteen lanes of 32 bits take the words of each 64 bytes, one each, and the first four take what is left,
 * four words at a time: xor the word, multiply, rotate. Then the lanes go into one another in the same way, until two are left.
 * The field counts as zero. Every step is a bijection of both that it takes, so two images that differ in one word always differ
 * in the checksum. It finds damage; it is no protection against somebody who makes an image on purpose (that is what signatures
 * are for). src/compiler/checksum.ts computes the same.
 */
import { Header } from './abi/image'

/** `length` is a multiple of 16, and more than the field. */
export function checksumHolds(image: u32, length: u32): bool {
  const field = image + (Header.Checksum << 2)
  const expected = load<u64>(field)
  store<u64>(field, 0)
  let first = i32x4.add(i32x4.splat(length), i32x4(0, 1, 2, 3))
  let second = first
  let third = first
  let fourth = first
  let at = image
  for (const end = image + (length & ~63); at < end; at += 64) {
    first = absorb(first, v128.load(at))
    second = absorb(second, v128.load(at, 16))
    third = absorb(third, v128.load(at, 32))
    fourth = absorb(fourth, v128.load(at, 48))
  }
  for (const end = image + length; at < end; at += 16) first = absorb(first, v128.load(at))
  store<u64>(field, expected)
  first = absorb(absorb(absorb(first, second), third), fourth)
  return i64x2.extract_lane(absorb(first, v128.shuffle<i64>(first, first, 1, 1)), 0) == expected
}

/** Four lanes at once. */
// @ts-ignore: decorator
@inline
function absorb(lanes: v128, words: v128): v128 {
  const product = i32x4.mul(v128.xor(lanes, words), i32x4.splat(0x9e3779b1))
  return v128.or(i32x4.shl(product, 13), i32x4.shr_u(product, 19))
}
