/** Memory for one request: from the scratch area on, in order, nothing given back. It grows when a body needs more. */

/** The first free byte, and where memory ends. */
export let top: u32 = 0
let end: u32 = 0

/** What is written may be looked at so far past its end. */
const BEYOND: u64 = 64

export function startRoom(at: u32): void {
  top = (at + 15) & ~15
  end = <u32>min<u64>(<u64>memory.size() << 16, 0xffff0000)
}

/** Makes sure that so many bytes are free at `top`. Without memory for them the core traps, which denies. */
export function reserve(bytes: u64): void {
  const needed = <u64>top + bytes + BEYOND
  if (needed <= <u64>end) return
  // Half as much again, so that it seldom has to grow; only what is needed when there is not so much.
  const pages = <i32>((needed - <u64>end + 0xffff) >> 16)
  if (needed > 0xffff0000) unreachable()
  if (memory.grow(pages + (pages >> 1)) < 0 && memory.grow(pages) < 0) unreachable()
  end = <u32>min<u64>(<u64>memory.size() << 16, 0xffff0000)
}

/** Takes so many bytes, 16-aligned. */
export function take(bytes: u64): u32 {
  reserve(bytes + 16)
  const at = top
  top = <u32>((<u64>at + bytes + 15) & ~15)
  return at
}

/** Takes what was written from `top` to here. */
export function takeTo(at: u32): void {
  top = (at + 15) & ~15
}
