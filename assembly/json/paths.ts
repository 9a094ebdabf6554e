/** The tree of keys that policies read below: found by hash, from a node and the key of a member or item. */
import { PathKey } from '../abi/json'
import { hashText, sameText } from './hash'
import { Located, NO_NODE, recordOf } from './located'
import { edgeMask, edgeTable, nodeCount, pathNodes } from './state'
import { stringBytes, stringOffsets } from '../state'

/** Byte offsets in an entry of the table; nodes are their records. */
const enum Edge {
  Parent = 0,
  Hash = 4,
  /** The key's text. Of an index: the key, and no length. */
  Start = 8,
  Length = 12,
  /** NO_NODE where there is none. */
  Child = 16,
  Shift = 5,
}

/** The length that an index has in place of a text's. */
const INDEX: u32 = 0xffffffff

/** Fills the table, which is empty. */
export function preparePaths(): void {
  for (let node: u32 = 1; node < nodeCount; node++) {
    const parent = recordOf(load<u32>(pathNodes + (node << 3)))
    const key = load<u32>(pathNodes + (node << 3), 4)
    let start = key
    let length = INDEX
    if ((key & PathKey.Index) == 0) {
      const entry = stringOffsets + (key << 2)
      start = stringBytes + load<u32>(entry)
      length = load<u32>(entry, 4) - load<u32>(entry)
    }
    const hash = length == INDEX ? hashIndex(key) : hashText(start, length)
    store<u64>(parent, load<u64>(parent, Located.Children) | maskBit(hash), Located.Children)
    let at = (hash + parent * 0x9e3779b1) & edgeMask
    while (load<u32>(edgeTable + (at << Edge.Shift), Edge.Child) != NO_NODE) at = (at + 1) & edgeMask
    const edge = edgeTable + (at << Edge.Shift)
    store<u32>(edge, parent, Edge.Parent)
    store<u32>(edge, hash, Edge.Hash)
    store<u32>(edge, start, Edge.Start)
    store<u32>(edge, length, Edge.Length)
    store<u32>(edge, recordOf(node), Edge.Child)
  }
}

function hashIndex(key: u32): u32 {
  return key * 0x9e3779b1
}

/** One of 64 bits: whether a node may have a child with a key of this hash. */
// @ts-ignore: decorator
@inline
export function maskBit(hash: u32): u64 {
  return (<u64>1) << (hash & 63)
}

/** The child with this key, or NO_NODE. */
export function childOf(parent: u32, hash: u32, start: u32, length: u32): u32 {
  let at = (hash + parent * 0x9e3779b1) & edgeMask
  while (true) {
    const edge = edgeTable + (at << Edge.Shift)
    const child = load<u32>(edge, Edge.Child)
    if (child == NO_NODE) return NO_NODE
    if (
      load<u32>(edge, Edge.Hash) == hash &&
      load<u32>(edge, Edge.Parent) == parent &&
      load<u32>(edge, Edge.Length) == length &&
      sameText(load<u32>(edge, Edge.Start), start, length)
    ) {
      return child
    }
    at = (at + 1) & edgeMask
  }
}

/** The child for an item of a list, or NO_NODE. */
export function itemOf(parent: u32, index: u32): u32 {
  const key = index | PathKey.Index
  let at = (hashIndex(key) + parent * 0x9e3779b1) & edgeMask
  while (true) {
    const edge = edgeTable + (at << Edge.Shift)
    const child = load<u32>(edge, Edge.Child)
    if (child == NO_NODE) return NO_NODE
    const same = load<u32>(edge, Edge.Start) == key && load<u32>(edge, Edge.Length) == INDEX
    if (same && load<u32>(edge, Edge.Parent) == parent) return child
    at = (at + 1) & edgeMask
  }
}

/** Whether a text is the string of the image with this id. */
export function isString(id: u32, start: u32, length: u32): bool {
  const entry = stringOffsets + (id << 2)
  const offset = load<u32>(entry)
  return load<u32>(entry, 4) - offset == length && sameText(stringBytes + offset, start, length)
}
