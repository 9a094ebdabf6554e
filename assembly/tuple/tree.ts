/**
 * B+ trees (Comer, "The Ubiquitous B-Tree", 1979) over keys of three words, in pages of the tuple area. Neighbours in
 * order are neighbours in memory: the tuples of one object and relation are read from one or two pages. A key is the pair
 * of a u64 and a u32, compared in this order.
 */
import { Tree, TreePage, TupleArea } from '../abi/tuples'
import { areaWord } from './area'
import { childAt, childIndex, entryAt, entryCount, HEADER, highOf, lowerBound, lowOf, nextLeaf, strideOf } from './tree-page'

/** The root of a tree; 0 when it is empty. */
// @ts-ignore: decorator
@inline
export function rootOf(tree: u32): u32 {
  return areaWord(TupleArea.Trees + tree * 2)
}

/** How many levels of pages are above the leaves. */
// @ts-ignore: decorator
@inline
export function levelsOf(tree: u32): u32 {
  return areaWord(TupleArea.Trees + tree * 2 + 1)
}

/** The leaf that would hold the key; 0 when the tree is empty. */
function leafFor(tree: u32, high: u64, low: u32): u32 {
  let page = rootOf(tree)
  for (let level = levelsOf(tree); level > 0; level--) page = childAt(page, childIndex(page, high, low))
  return page
}

/** The leaf where Tree.Forward was last looked into: the next key is often in it, too. 0 after a change. */
let finger: u32 = 0

/** To be called when the trees are others than they were. */
export function forgetFinger(): void {
  finger = 0
}

/** Whether the key lies between two entries of this leaf, so that it could be nowhere else. */
// @ts-ignore: decorator
@inline
function isWithin(page: u32, high: u64, low: u32): bool {
  const last = page + HEADER + (entryCount(page) - 1) * TreePage.KeySize
  return highOf(page + HEADER) < high && (highOf(last) > high || (highOf(last) == high && lowOf(last) >= low))
}

/** The place of the first entry at or after the key: a leaf, or 0 when there is none, and `foundIndex`. */
export function seek(tree: u32, high: u64, low: u32): u32 {
  if (tree == Tree.Forward && finger != 0 && isWithin(finger, high, low)) {
    foundIndex = lowerBound(finger, TreePage.KeySize, high, low)
    return finger
  }
  let page = leafFor(tree, high, low)
  if (tree == Tree.Forward && page != 0 && entryCount(page) != 0) finger = page
  if (page == 0) return 0
  foundIndex = lowerBound(page, strideOf(tree), high, low)
  while (foundIndex >= entryCount(page)) {
    page = nextLeaf(page)
    if (page == 0) return 0
    foundIndex = 0
  }
  return page
}

export let foundIndex: u32 = 0

/** Address of the entry with this key, or 0. */
export function find(tree: u32, high: u64, low: u32): u32 {
  const page = leafFor(tree, high, low)
  if (page == 0) return 0
  const stride = strideOf(tree)
  const index = lowerBound(page, stride, high, low)
  if (index >= entryCount(page)) return 0
  const entry = page + HEADER + index * stride
  return highOf(entry) == high && lowOf(entry) == low ? entry : 0
}

/** Whether some key begins with this word. */
export function hasPrefix(tree: u32, word: u32): bool {
  const page = seek(tree, <u64>word << 32, 0)
  return page != 0 && <u32>(highOf(entryAt(page, foundIndex)) >> 32) == word
}
