/** Heap sort of entries: of an object's names, to find what is twice there, and of keys that are numbers. */
import { compareText } from '../text'

/** Byte offsets in an entry. */
export const enum Entry {
  /** Hash or number: what comes first in order. */
  Rank = 0,
  Start = 4,
  Length = 8,
  /** Free for whoever sorts. */
  Extra = 12,
  Shift = 4,
}

/** By rank, then by text, so that no choice of names makes it slow. */
export function compareEntries(a: u32, b: u32): i32 {
  const x = load<u32>(a, Entry.Rank)
  const y = load<u32>(b, Entry.Rank)
  if (x != y) return x < y ? -1 : 1
  return compareText(load<u32>(a, Entry.Start), load<u32>(a, Entry.Length), load<u32>(b, Entry.Start), load<u32>(b, Entry.Length))
}

export function sortEntries(entries: u32, count: u32): void {
  for (let i = count >> 1; i > 0; i--) sift(entries, i - 1, count)
  for (let end = count - 1; <i32>end > 0; end--) {
    swap(entries, entries + (end << Entry.Shift))
    sift(entries, 0, end)
  }
}

function swap(a: u32, b: u32): void {
  const one = v128.load(a)
  v128.store(a, v128.load(b))
  v128.store(b, one)
}

function sift(entries: u32, root: u32, end: u32): void {
  while (true) {
    let child = root * 2 + 1
    if (child >= end) return
    const at = entries + (child << Entry.Shift)
    if (child + 1 < end && compareEntries(at, at + (1 << Entry.Shift)) < 0) child++
    const parent = entries + (root << Entry.Shift)
    const larger = entries + (child << Entry.Shift)
    if (compareEntries(parent, larger) >= 0) return
    swap(parent, larger)
    root = child
  }
}
