/**
 * Members as they came the last time. A program writes its requests in one order and spacing, so the bytes that lead to a
 * member (from the brace of its object, or from the end of the value before it, up to its own value) are mostly those of an
 * earlier body. Where they are, one comparison stands for the name's end, its hash and the look-up. That is no guess: from one
 * place of the tree, equal bytes lead to the same member, and bytes are only kept once they were read in full.
 */

/** Byte offsets in one of a link's two ways. */
const enum Way {
  /** Up to sixteen bytes. */
  Text = 0,
  /** Bits from their length on, the seventeenth always; 0 where nothing is kept. */
  Beyond = 16,
  Length = 20,
  /** Record of the member's node. */
  Record = 24,
  Size = 32,
}

/** More cannot be compared at once. */
const MOST: u32 = 16

/** Which of the two ways the bytes at `at` are; 0 when they are neither. */
// @ts-ignore: decorator
@inline
export function wayFrom(link: u32, at: u32): u32 {
  if (isWay(link, at)) return link
  return isWay(link + Way.Size, at) ? link + Way.Size : 0
}

// @ts-ignore: decorator
@inline
function isWay(way: u32, at: u32): bool {
  const same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(way)))
  return (same | load<i32>(way, Way.Beyond)) == 0x1ffff
}

// @ts-ignore: decorator
@inline
export function wayRecord(way: u32): u32 {
  return load<u32>(way, Way.Record)
}

// @ts-ignore: decorator
@inline
export function wayLength(way: u32): u32 {
  return load<u32>(way, Way.Length)
}

/** Keeps what led from `from` to a member's value, beside what was kept last. */
export function expect(link: u32, from: u32, value: u32, record: u32): void {
  const length = value - from
  if (length > MOST) return
  v128.store(link, v128.load(link), Way.Size)
  v128.store(link, v128.load(link, Way.Beyond), Way.Size + Way.Beyond)
  v128.store(link, v128.load(from))
  store<u32>(link, (0x1ffff << length) & 0x1ffff, Way.Beyond)
  store<u32>(link, length, Way.Length)
  store<u32>(link, record, Way.Record)
}
