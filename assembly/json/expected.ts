/**
 * Members as they came the last time. A program writes its requests in one order and spacing, so the bytes that lead to a
 * member (from the brace of its object, or from the end of the value before it, up to its own value) are mostly those of an
 * earlier body. Where they are, one comparison stands for the name's end, its hash and the look-up. That is no guess: from one
 * place of the tree, equal bytes lead to the same member, and bytes are only kept once they were read in full.
 */

/** Byte offsets in a link. */
const enum Link {
  /** Up to sixteen bytes. */
  Text = 0,
  /** Bits from their length on, the seventeenth always; 0 where nothing is kept. */
  Beyond = 16,
  Length = 20,
  /** Record of the member's node. */
  Record = 24,
}

/** More cannot be compared at once. */
const MOST: u32 = 16

/** Whether the bytes at `at` are those of the link. */
// @ts-ignore: decorator
@inline
export function isExpected(link: u32, at: u32): bool {
  const same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(link)))
  return (same | load<i32>(link, Link.Beyond)) == 0x1ffff
}

// @ts-ignore: decorator
@inline
export function expectedRecord(link: u32): u32 {
  return load<u32>(link, Link.Record)
}

// @ts-ignore: decorator
@inline
export function expectedLength(link: u32): u32 {
  return load<u32>(link, Link.Length)
}

/** Keeps what led from `from` to a member's value. */
export function expect(link: u32, from: u32, value: u32, record: u32): void {
  const length = value - from
  if (length > MOST) return
  v128.store(link, v128.load(from))
  store<u32>(link, (0x1ffff << length) & 0x1ffff, Link.Beyond)
  store<u32>(link, length, Link.Length)
  store<u32>(link, record, Link.Record)
}
