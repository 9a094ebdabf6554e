/** What insertion and removal share: the way down, on which pages above a leaf are found again. */
import { TupleArea } from '../abi/tuples'
import { setAreaWord } from './area'
import { forgetFinger, levelsOf, rootOf } from './tree'
import { childAt, childIndex } from './tree-page'

/** The way down to the leaf of the last descent: page and index per level, the root first. More levels than memory has room for. */
const PATH: u32 = 640

/** The leaf that would hold the key, for changes to it; 0 when the tree is empty. Notes the way to it. */
export function descend(tree: u32, high: u64, low: u32): u32 {
  forgetFinger()
  let page = rootOf(tree)
  let at = PATH
  for (let level = levelsOf(tree); level > 0; level--) {
    const index = childIndex(page, high, low)
    store<u32>(at, page)
    store<u32>(at, index, 4)
    at += 8
    page = childAt(page, index)
  }
  return page
}

/** The page on the way at a level, from the root on. */
export function pageOnWay(level: u32): u32 {
  return load<u32>(PATH + (level << 3))
}

/** Which of its children the way leads through. */
export function indexOnWay(level: u32): u32 {
  return load<u32>(PATH + (level << 3), 4)
}

export function setRoot(tree: u32, page: u32, levels: u32): void {
  setAreaWord(TupleArea.Trees + tree * 2, page)
  setAreaWord(TupleArea.Trees + tree * 2 + 1, levels)
}
