/** Inserting into trees: full leaves give entries to their neighbours, or are split. */
import { TreePage } from '../abi/tuples'
import { allocatePage } from './area'
import { levelsOf, rootOf } from './tree'
import { childAt, copyKey, entryCount, HEADER, highOf, lowerBound, lowOf, nextLeaf, putEntry, roomIn, strideOf, WIDE } from './tree-page'
import { descend, indexOnWay, pageOnWay, setRoot } from './tree-way'

/** Pages that an insertion takes at most. */
export function mostPages(tree: u32): u32 {
  return levelsOf(tree) + 2
}

/** Inserts a key that is not there. */
export function insert(tree: u32, high: u64, low: u32, value: u32): void {
  const stride = strideOf(tree)
  let page = descend(tree, high, low)
  if (page == 0) {
    page = newPage()
    setRoot(tree, page, 0)
  }
  const most = roomIn(stride)
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
    addChild(tree, levelsOf(tree), right)
    return
  }
  putEntry(page, stride, index, high, low, value)
}

/**
 * Moves entries of a full leaf to a neighbour that has room (Knuth, The Art of Computer Programming, volume 3, section 6.2.4,
 * calls such trees B*-trees): pages are then five sixths full, where splitting alone leaves them two thirds full.
 */
function makeRoom(tree: u32, page: u32, stride: u32): bool {
  const levels = levelsOf(tree)
  if (levels == 0) return false
  const parent = pageOnWay(levels - 1)
  const index = indexOnWay(levels - 1)
  const most = roomIn(stride)
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

function newPage(): u32 {
  const page = allocatePage()
  store<u64>(page, 0)
  return page
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
    const parent = pageOnWay(level)
    const index = indexOnWay(level) + 1
    if (entryCount(parent) < roomIn(WIDE)) {
      putEntry(parent, WIDE, index, high, low, right)
      return
    }
    const kept = index == roomIn(WIDE) ? roomIn(WIDE) : roomIn(WIDE) >> 1
    const beside = split(parent, WIDE, kept)
    if (index > kept || kept == roomIn(WIDE)) putEntry(beside, WIDE, index - kept, high, low, right)
    else putEntry(parent, WIDE, index, high, low, right)
    right = beside
    high = highOf(right + HEADER)
    low = lowOf(right + HEADER)
  }
  const old = rootOf(tree)
  const root = newPage()
  putEntry(root, WIDE, 0, highOf(old + HEADER), lowOf(old + HEADER), old)
  putEntry(root, WIDE, 1, high, low, right)
  setRoot(tree, root, levelsOf(tree) + 1)
}
