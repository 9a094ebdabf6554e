/**
 * B+ trees (Comer, "The Ubiquitous B-Tree", 1979) over keys of three words, in pages of the tuple area. Neighbours in
 * order are neighbours in memory: the tuples of one object and relation are read from one or two pages. A key is the pair
 * of a u64 and a u32, compared in this order.
 */
import { Tree, TreePage, TupleArea } from '../abi/tuples'
import { allocatePage, areaWord, releasePage, setAreaWord } from './area'

const PAGE: u32 = TupleArea.PageSize
const HEADER: u32 = TreePage.HeaderSize
const WIDE: u32 = TreePage.WideSize
const INNER_MOST: u32 = (PAGE - HEADER) / WIDE

/** The way down to the leaf of the last descent: page and index per level, the root first. More levels than memory has room for. */
const PATH: u32 = 640

// @ts-ignore: decorator
@inline
function strideOf(tree: u32): u32 {
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
function lowerBound(page: u32, stride: u32, high: u64, low: u32): u32 {
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
function childIndex(page: u32, high: u64, low: u32): u32 {
  const borders = entryCount(page) - 1
  const at = boundFrom(page + HEADER + WIDE, borders, WIDE, high, low)
  const entry = page + HEADER + (at + 1) * WIDE
  return at + <u32>(at < borders && highOf(entry) == high && lowOf(entry) == low)
}

// @ts-ignore: decorator
@inline
function childAt(page: u32, index: u32): u32 {
  return load<u32>(page + HEADER + index * WIDE, 12)
}

/** The leaf that would hold the key; 0 when the tree is empty. */
function leafFor(tree: u32, high: u64, low: u32): u32 {
  let page = areaWord(TupleArea.Trees + tree * 2)
  for (let level = areaWord(TupleArea.Trees + tree * 2 + 1); level > 0; level--) page = childAt(page, childIndex(page, high, low))
  return page
}

/** `leafFor`, which notes its way in PATH for the changes that follow. */
function descend(tree: u32, high: u64, low: u32): u32 {
  let page = areaWord(TupleArea.Trees + tree * 2)
  let at = PATH
  for (let level = areaWord(TupleArea.Trees + tree * 2 + 1); level > 0; level--) {
    const index = childIndex(page, high, low)
    store<u32>(at, page)
    store<u32>(at, index, 4)
    at += 8
    page = childAt(page, index)
  }
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

/** Pages that an insertion takes at most. */
export function mostPages(tree: u32): u32 {
  return areaWord(TupleArea.Trees + tree * 2 + 1) + 2
}

/** Inserts a key that is not there. */
export function insert(tree: u32, high: u64, low: u32, value: u32): void {
  finger = 0
  const stride = strideOf(tree)
  let page = descend(tree, high, low)
  if (page == 0) {
    page = newPage()
    setAreaWord(TupleArea.Trees + tree * 2, page)
  }
  const most = (PAGE - HEADER) / stride
  let index = lowerBound(page, stride, high, low)
  if (entryCount(page) == most && !(index == most && nextLeaf(page) == 0) && makeRoom(tree, page, stride)) {
    page = descend(tree, high, low)
    index = lowerBound(page, stride, high, low)
  }
  if (entryCount(page) == most) {
    // What comes in order fills pages whole.
    const kept = index == most && nextLeaf(page) == 0 ? most : most >> 1
    const right = split(page, stride, kept)
    store<u32>(right, nextLeaf(page), TreePage.Next << 2)
    store<u32>(page, right, TreePage.Next << 2)
    if (index >= kept && (index > kept || kept == most)) {
      index -= kept
      putEntry(right, stride, index, high, low, value)
    } else putEntry(page, stride, index, high, low, value)
    addChild(tree, areaWord(TupleArea.Trees + tree * 2 + 1), right)
    return
  }
  putEntry(page, stride, index, high, low, value)
}

/**
 * Moves entries of a full leaf to a neighbour that has room (Knuth, The Art of Computer Programming, volume 3, section 6.2.4,
 * calls such trees B*-trees): pages are then five sixths full, where splitting alone leaves them two thirds full.
 */
function makeRoom(tree: u32, page: u32, stride: u32): bool {
  const levels = areaWord(TupleArea.Trees + tree * 2 + 1)
  if (levels == 0) return false
  const parent = load<u32>(PATH + ((levels - 1) << 3))
  const index = load<u32>(PATH + ((levels - 1) << 3), 4)
  const most = (PAGE - HEADER) / stride
  const enough = most - (most >> 3)
  if (index + 1 < entryCount(parent)) {
    const right = childAt(parent, index + 1)
    const held = entryCount(right)
    if (held < enough) {
      const moved = (most - held) >> 1
      memory.copy(right + HEADER + moved * stride, right + HEADER, held * stride)
      memory.copy(right + HEADER, page + HEADER + (most - moved) * stride, moved * stride)
      store<u32>(right, held + moved)
      store<u32>(page, most - moved)
      copyKey(parent + HEADER + (index + 1) * WIDE, right + HEADER)
      return true
    }
  }
  if (index == 0) return false
  const left = childAt(parent, index - 1)
  const held = entryCount(left)
  if (held >= enough) return false
  const moved = (most - held) >> 1
  memory.copy(left + HEADER + held * stride, page + HEADER, moved * stride)
  memory.copy(page + HEADER, page + HEADER + moved * stride, (most - moved) * stride)
  store<u32>(left, held + moved)
  store<u32>(page, most - moved)
  copyKey(parent + HEADER + index * WIDE, page + HEADER)
  return true
}

function copyKey(to: u32, from: u32): void {
  store<u64>(to, highOf(from))
  store<u32>(to, lowOf(from), 8)
}

function newPage(): u32 {
  const page = allocatePage()
  store<u64>(page, 0)
  return page
}

function putEntry(page: u32, stride: u32, index: u32, high: u64, low: u32, value: u32): void {
  const entry = page + HEADER + index * stride
  const count = entryCount(page)
  memory.copy(entry + stride, entry, (count - index) * stride)
  store<u64>(entry, high)
  store<u32>(entry, low, 8)
  if (stride == WIDE) store<u32>(entry, value, 12)
  store<u32>(page, count + 1)
}

function dropEntry(page: u32, stride: u32, index: u32): void {
  const entry = page + HEADER + index * stride
  const count = entryCount(page) - 1
  memory.copy(entry, entry + stride, (count - index) * stride)
  store<u32>(page, count)
}

/** Moves the entries from `kept` on to a new page. */
function split(page: u32, stride: u32, kept: u32): u32 {
  const right = newPage()
  const moved = entryCount(page) - kept
  memory.copy(right + HEADER, page + HEADER + kept * stride, moved * stride)
  store<u32>(right, moved)
  store<u32>(page, kept)
  return right
}

/** Enters a new page, the right neighbour of the one on the path below `level`, into the inner pages. */
function addChild(tree: u32, level: u32, right: u32): void {
  let high = highOf(right + HEADER)
  let low = lowOf(right + HEADER)
  while (level > 0) {
    level--
    const parent = load<u32>(PATH + (level << 3))
    const index = load<u32>(PATH + (level << 3), 4) + 1
    if (entryCount(parent) < INNER_MOST) {
      putEntry(parent, WIDE, index, high, low, right)
      return
    }
    const kept = index == INNER_MOST ? INNER_MOST : INNER_MOST >> 1
    const beside = split(parent, WIDE, kept)
    if (index > kept || kept == INNER_MOST) putEntry(beside, WIDE, index - kept, high, low, right)
    else putEntry(parent, WIDE, index, high, low, right)
    right = beside
    high = highOf(right + HEADER)
    low = lowOf(right + HEADER)
  }
  const old = areaWord(TupleArea.Trees + tree * 2)
  const root = newPage()
  putEntry(root, WIDE, 0, highOf(old + HEADER), lowOf(old + HEADER), old)
  putEntry(root, WIDE, 1, high, low, right)
  setAreaWord(TupleArea.Trees + tree * 2, root)
  setAreaWord(TupleArea.Trees + tree * 2 + 1, areaWord(TupleArea.Trees + tree * 2 + 1) + 1)
}

/** Removes a key; false when it is not there. */
export function remove(tree: u32, high: u64, low: u32): bool {
  finger = 0
  const stride = strideOf(tree)
  const page = descend(tree, high, low)
  if (page == 0) return false
  const index = lowerBound(page, stride, high, low)
  if (index >= entryCount(page)) return false
  const entry = page + HEADER + index * stride
  if (highOf(entry) != high || lowOf(entry) != low) return false
  dropEntry(page, stride, index)
  joinUpwards(tree, page, stride)
  return true
}

/** Joins pages that have become rather empty with a neighbour, from the leaf up, so that removing leaves nothing behind. */
function joinUpwards(tree: u32, page: u32, stride: u32): void {
  let level = areaWord(TupleArea.Trees + tree * 2 + 1)
  const levels = level
  while (level > 0) {
    const most = (PAGE - HEADER) / stride
    if (entryCount(page) * 3 > most) return
    level--
    const parent = load<u32>(PATH + (level << 3))
    const index = load<u32>(PATH + (level << 3), 4)
    const joined =
      (index + 1 < entryCount(parent) && join(parent, index, stride, level + 1 == levels)) ||
      (index > 0 && join(parent, index - 1, stride, level + 1 == levels))
    if (!joined) return
    page = parent
    stride = WIDE
  }
  dropEmptyRoot(tree)
}

/** Joins a parent's child with the next one, when both fit into one page with some to spare. */
function join(parent: u32, index: u32, stride: u32, leaves: bool): bool {
  const left = childAt(parent, index)
  const right = childAt(parent, index + 1)
  const kept = entryCount(left)
  const moved = entryCount(right)
  const most = (PAGE - HEADER) / stride
  if (kept + moved > most - (most >> 3) && kept != 0 && moved != 0) return false
  memory.copy(left + HEADER + kept * stride, right + HEADER, moved * stride)
  store<u32>(left, kept + moved)
  if (leaves) store<u32>(left, nextLeaf(right), TreePage.Next << 2)
  releasePage(right)
  dropEntry(parent, WIDE, index + 1)
  return true
}

function dropEmptyRoot(tree: u32): void {
  const word = TupleArea.Trees + tree * 2
  while (areaWord(word + 1) > 0) {
    const root = areaWord(word)
    if (entryCount(root) > 1) return
    setAreaWord(word, childAt(root, 0))
    setAreaWord(word + 1, areaWord(word + 1) - 1)
    releasePage(root)
  }
  const root = areaWord(word)
  if (root == 0 || entryCount(root) != 0) return
  setAreaWord(word, 0)
  releasePage(root)
}

/** Whether some key begins with this word. */
export function hasPrefix(tree: u32, word: u32): bool {
  const page = seek(tree, <u64>word << 32, 0)
  return page != 0 && <u32>(highOf(entryAt(page, foundIndex)) >> 32) == word
}
