/** A page of a tree: its entries in order, and the children of one that is not a leaf. See tree.ts. */
import { Tree, TreePage, TupleArea } from '../abi/tuples'

const PAGE: u32 = TupleArea.PageSize
export const HEADER: u32 = TreePage.HeaderSize
export const WIDE: u32 = TreePage.WideSize

// @ts-ignore: decorator
@inline
export function strideOf(tree: u32): u32 {
  return tree == Tree.Contexts ? WIDE : TreePage.KeySize
}

// @ts-ignore: decorator
@inline
export function entryCount(page: u32): u32 {
  return load<u32>(page)
}

// @ts-ignore: decorator
@inline
export function nextLeaf(page: u32): u32 {
  return load<u32>(page, TreePage.Next << 2)
}

/** Address of a leaf's entry in the two trees of plain keys. */
// @ts-ignore: decorator
@inline
export function entryAt(page: u32, index: u32): u32 {
  return page + HEADER + index * TreePage.KeySize
}

// @ts-ignore: decorator
@inline
export function highOf(entry: u32): u64 {
  return load<u64>(entry)
}

// @ts-ignore: decorator
@inline
export function lowOf(entry: u32): u32 {
  return load<u32>(entry, 8)
}

// @ts-ignore: decorator
@inline
function before(entry: u32, high: u64, low: u32): bool {
  const other = highOf(entry)
  return ((other < high ? 1 : 0) | ((other == high ? 1 : 0) & (lowOf(entry) < low ? 1 : 0))) != 0
}

/** Index of the first entry that is not before the key. Without branches that depend on the entries: nothing predicts them. */
// @ts-ignore: decorator
@inline
export function lowerBound(page: u32, stride: u32, high: u64, low: u32): u32 {
  return boundFrom(page + HEADER, entryCount(page), stride, high, low)
}

function boundFrom(first: u32, length: u32, stride: u32, high: u64, low: u32): u32 {
  if (length == 0) return 0
  let from = first
  while (length > 1) {
    const half = length >> 1
    const middle = from + half * stride
    from = select<u32>(middle, from, before(middle - stride, high, low))
    length -= half
  }
  return (from - first) / stride + <u32>before(from, high, low)
}

/**
 * Index of the child that would hold the key: the last whose border is not after it. The first child has no border: at the
 * left edge of the tree it holds whatever comes before the second one's.
 */
export function childIndex(page: u32, high: u64, low: u32): u32 {
  const borders = entryCount(page) - 1
  const at = boundFrom(page + HEADER + WIDE, borders, WIDE, high, low)
  const entry = page + HEADER + (at + 1) * WIDE
  return at + <u32>(at < borders && highOf(entry) == high && lowOf(entry) == low)
}

// @ts-ignore: decorator
@inline
export function childAt(page: u32, index: u32): u32 {
  return load<u32>(page + HEADER + index * WIDE, 12)
}

export function putEntry(page: u32, stride: u32, index: u32, high: u64, low: u32, value: u32): void {
  const entry = page + HEADER + index * stride
  const count = entryCount(page)
  memory.copy(entry + stride, entry, (count - index) * stride)
  store<u64>(entry, high)
  store<u32>(entry, low, 8)
  if (stride == WIDE) store<u32>(entry, value, 12)
  store<u32>(page, count + 1)
}

export function dropEntry(page: u32, stride: u32, index: u32): void {
  const entry = page + HEADER + index * stride
  const count = entryCount(page) - 1
  memory.copy(entry, entry + stride, (count - index) * stride)
  store<u32>(page, count)
}

export function copyKey(to: u32, from: u32): void {
  store<u64>(to, highOf(from))
  store<u32>(to, lowOf(from), 8)
}

/** How many entries a page has room for. */
export function roomIn(stride: u32): u32 {
  return (PAGE - HEADER) / stride
}
