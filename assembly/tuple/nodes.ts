/**
 * Objects and subjects of tuples: a type's number and an id's bytes, each once, found by hash. A node is known by its
 * address; see TupleNode.
 */
import { Limit } from '../abi/memory'
import { TupleArea, TupleNode, TupleTable } from '../abi/tuples'
import { sameBytes } from '../text'
import { allocate, areaWord, blockSize, release, releaseAsPages, setAreaWord } from './area'

// @ts-ignore: decorator
@inline
export function typeOf(node: u32): u32 {
  return load<u16>(node)
}

// @ts-ignore: decorator
@inline
function lengthOf(node: u32): u32 {
  return load<u16>(node, TupleNode.IdBytes)
}

/**
 * The bits of an entry of the table that an address leaves free hold the highest of the hash, so that looking for a node reads few
 * others on its way: each is somewhere else in memory, and worth a wait.
 */
const TAG: u32 = 3

/** FNV-1a over four bytes at a time, the last four again for what is over, finished as in hash.ts. */
function hashId(type: u32, text: u32, length: u32): u32 {
  let hash: u32 = 0x811c9dc5 ^ type
  if (length < 4) {
    for (let i: u32 = 0; i < length; i++) hash = (hash ^ load<u8>(text + i)) * 0x01000193
  } else {
    const last = text + length - 4
    for (; text < last; text += 4) {
      hash = (hash ^ load<u32>(text)) * 0x01000193
      hash ^= hash >>> 15
    }
    hash = (hash ^ load<u32>(last)) * 0x01000193
  }
  hash = (hash ^ (hash >>> 16)) * 0x85ebca6b
  hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35
  return hash ^ (hash >>> 16)
}

/** The node, or 0 when no tuple names it. */
export function findNode(type: u32, text: u32, length: u32): u32 {
  const table = areaWord(TupleArea.NodeTable)
  if (table == 0 || length > <u32>Limit.TupleIdBytes) return 0
  const hash = hashId(type, text, length)
  const mask = areaWord(TupleArea.NodeMask)
  const head = type | (length << 16)
  let index = hash & mask
  while (true) {
    const entry = load<u32>(table + (index << 2))
    if (entry == 0) return 0
    if ((entry & TAG) == hash >>> 30) {
      const node = entry & ~TAG
      if (load<u32>(node) == head && sameBytes(node + TupleNode.Id, text, length)) return node
    }
    index = (index + 1) & mask
  }
}

/** The node, a new one when there is none. */
export function internNode(type: u32, text: u32, length: u32): u32 {
  const known = findNode(type, text, length)
  if (known != 0) return known
  const count = areaWord(TupleArea.NodeCount) + 1
  if (count > mostNodes()) growTable()
  const node = allocate(TupleNode.Id + length)
  store<u32>(node, type | (length << 16))
  store<u64>(node, 0, TupleNode.Forward)
  memory.copy(node + TupleNode.Id, text, length)
  enter(areaWord(TupleArea.NodeTable), areaWord(TupleArea.NodeMask), node)
  setAreaWord(TupleArea.NodeCount, count)
  return node
}

function enter(table: u32, mask: u32, node: u32): void {
  const hash = hashOf(node)
  let index = hash & mask
  while (load<u32>(table + (index << 2)) != 0) index = (index + 1) & mask
  store<u32>(table + (index << 2), node | (hash >>> 30))
}

function hashOf(node: u32): u32 {
  return hashId(typeOf(node), node + TupleNode.Id, lengthOf(node))
}

/** Seven eighths of the table. */
function mostNodes(): u32 {
  return areaWord(TupleArea.NodeTable) == 0 ? 0 : ((areaWord(TupleArea.NodeMask) + 1) >> 3) * 7
}

/** Bytes that the table takes when it has to grow for two more nodes, otherwise 0. */
export function tableGrowth(): u32 {
  if (areaWord(TupleArea.NodeCount) + 2 <= mostNodes()) return 0
  return areaWord(TupleArea.NodeTable) == 0 ? TupleTable.FirstBytes : (areaWord(TupleArea.NodeMask) + 1) << 3
}

function growTable(): void {
  const old = areaWord(TupleArea.NodeTable)
  const oldBytes = old == 0 ? 0 : (areaWord(TupleArea.NodeMask) + 1) << 2
  const bytes = old == 0 ? <u32>TupleTable.FirstBytes : oldBytes << 1
  const table = allocate(bytes)
  const mask = (bytes >> 2) - 1
  memory.fill(table, 0, bytes)
  for (let at = old; at < old + oldBytes; at += 4) if (load<u32>(at) != 0) enter(table, mask, load<u32>(at) & ~TAG)
  setAreaWord(TupleArea.NodeTable, table)
  setAreaWord(TupleArea.NodeMask, mask)
  if (old != 0) releaseAsPages(old, oldBytes)
}

/** Forgets a node that no tuple names any more. What stood behind it in its run moves up, so that no gap is left. */
export function dropNode(node: u32): void {
  const table = areaWord(TupleArea.NodeTable)
  const mask = areaWord(TupleArea.NodeMask)
  let gap = hashOf(node) & mask
  while ((load<u32>(table + (gap << 2)) & ~TAG) != node) gap = (gap + 1) & mask
  let index = gap
  while (true) {
    index = (index + 1) & mask
    const other = load<u32>(table + (index << 2))
    if (other == 0) break
    const home = hashOf(other & ~TAG) & mask
    // It may move up when its home is not behind the gap.
    if (((index - home) & mask) < ((index - gap) & mask)) continue
    store<u32>(table + (gap << 2), other)
    gap = index
  }
  store<u32>(table + (gap << 2), 0)
  setAreaWord(TupleArea.NodeCount, areaWord(TupleArea.NodeCount) - 1)
  release(node, TupleNode.Id + lengthOf(node))
}

/** What two new nodes with ids of so many bytes take at most: a page each when the one in use is at its end. */
export function nodeRoom(objectLength: u32, subjectLength: u32): u32 {
  const pages: u32 = 2 * TupleArea.PageSize
  return pages + (blockSize(TupleNode.Id + objectLength) > 1024 ? <u32>TupleArea.PageSize : 0) + (blockSize(TupleNode.Id + subjectLength) > 1024 ? <u32>TupleArea.PageSize : 0)
}
