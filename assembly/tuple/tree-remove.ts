/** Removing from trees: pages that become rather empty are joined with their neighbours. */
import { TreePage } from '../abi/tuples'
import { releasePage } from './area'
import { levelsOf, rootOf } from './tree'
import { childAt, dropEntry, entryCount, HEADER, highOf, lowerBound, lowOf, nextLeaf, roomIn, strideOf, WIDE } from './tree-page'
import { descend, indexOnWay, pageOnWay, setRoot } from './tree-way'

/** Removes a key; false when it is not there. */
export function remove(tree: u32, high: u64, low: u32): bool {
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
  let level = levelsOf(tree)
  const levels = level
  while (level > 0) {
    const most = roomIn(stride)
    if (entryCount(page) * 3 > most) return
    level--
    const parent = pageOnWay(level)
    const index = indexOnWay(level)
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
  const most = roomIn(stride)
  if (kept + moved > most - (most >> 3) && kept != 0 && moved != 0) return false
  memory.copy(left + HEADER + kept * stride, right + HEADER, moved * stride)
  store<u32>(left, kept + moved)
  if (leaves) store<u32>(left, nextLeaf(right), TreePage.Next << 2)
  releasePage(right)
  dropEntry(parent, WIDE, index + 1)
  return true
}

function dropEmptyRoot(tree: u32): void {
  while (levelsOf(tree) > 0) {
    const root = rootOf(tree)
    if (entryCount(root) > 1) return
    setRoot(tree, childAt(root, 0), levelsOf(tree) - 1)
    releasePage(root)
  }
  const root = rootOf(tree)
  if (root == 0 || entryCount(root) != 0) return
  setRoot(tree, 0, 0)
  releasePage(root)
}
