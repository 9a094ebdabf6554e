/**
 * One pass over a body: that it is JSON as I-JSON (RFC 7493) wants it, and where the values are that policies read. What
 * nobody reads is looked at, too, since two readers of one body must not see two different requests; nothing is made of it.
 */
import { BodyFault, BodyLimit, PathNode } from './json-abi'
import { hashText } from './json-hash'
import { numberEnd } from './json-number'
import { childOf, itemOf, maskBit, NO_NODE } from './json-paths'
import { escaped, refuse, skipSpace, startScan, stringEnd } from './json-scan'
import { compareEntries, Entry, sortEntries } from './json-sort'
import { childMasks, located, nodeCount } from './json-state'
import { unescape } from './json-text'

/** Byte offsets in what is known of a node's value. */
export const enum Located {
  /** The request in which it was found last. */
  Generation = 0,
  /** Its first byte, and the one after its last. */
  Start = 4,
  End = 8,
  /** Of a string: whether it has escapes. Of a list: how many items. */
  Extra = 12,
  Shift = 4,
}

let generation: u32 = 0
let depth: u32 = 0
/** Names of the objects that are open: entries as in json-sort.ts, whose extra word is nothing. */
let names: u32 = 0
/** Where names without their escapes go. */
let resolved: u32 = 0
/** Items of the last list. */
let listed: u32 = 0

/** From so many names on, an object's are sorted at its end, in place of looking at each beside all others. */
const FEW: u32 = 24

export function forgetLocated(): void {
  generation = 0
}

/** Bytes of memory that a body of this length needs while it is parsed, behind itself. */
export function parseRoom(length: u32): u64 {
  // A name takes four bytes of a body at least (`"":0`), and an entry. Names without escapes are no longer than with them.
  return (<u64>length >> 2) * 16 + <u64>length + 64
}

/** Where the value of a node is, or 0 when the body has none. */
// @ts-ignore: decorator
@inline
export function find(node: u32): u32 {
  const entry = located + (node << Located.Shift)
  return load<u32>(entry, Located.Generation) == generation ? entry : 0
}

/** Parses the body from `start` to `end`, using memory from `room` on; false with a fault. */
export function parseBody(start: u32, end: u32, room: u32): bool {
  startScan(end)
  // So that everything that runs on past the end meets what fits nowhere.
  v128.store(end, i8x16.splat(0))
  v128.store(end, i8x16.splat(0), 16)
  if (++generation == 0) {
    memory.fill(located, 0, nodeCount << Located.Shift)
    generation = 1
  }
  depth = 0
  names = room
  resolved = room + ((end - start) >> 2 << 4) + 16
  let at = start
  // A byte order mark, which decoders drop.
  if (load<u8>(at) == 0xef && load<u16>(at, 1) == 0xbfbb) at += 3
  at = skipSpace(at)
  if (load<u8>(at) != 0x7b) return refuse(BodyFault.Syntax, at) != 0
  at = objectEnd(at, PathNode.Root)
  if (at == 0) return false
  at = skipSpace(at)
  return at == end || refuse(BodyFault.Syntax, at) != 0
}

function valueEnd(at: u32, node: u32): u32 {
  const byte = <u32>load<u8>(at)
  if (byte == 0x22) {
    const end = stringEnd(at + 1)
    return end == 0 ? 0 : end + 1
  }
  if (byte == 0x7b) return objectEnd(at, node)
  if (byte == 0x5b) return listEnd(at, node)
  return scalarEnd(at, byte)
}

/** A number or a word. */
function scalarEnd(at: u32, byte: u32): u32 {
  if (byte - 0x30 < 10 || byte == 0x2d) return numberEnd(at, false)
  const word = load<u32>(at)
  // "true", "null", "alse", least byte first.
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4
  if (byte == 0x66 && load<u32>(at, 1) == 0x65736c61) return at + 5
  return refuse(BodyFault.Syntax, at)
}

function objectEnd(start: u32, node: u32): u32 {
  if (++depth > <u32>BodyLimit.Depth) return refuse(BodyFault.Depth, start)
  const first = names
  const children: u64 = node == NO_NODE ? 0 : load<u64>(childMasks + (node << 3))
  let seen: u64 = 0
  let at = skipSpace(start + 1)
  if (load<u8>(at) == 0x7d) {
    depth--
    return at + 1
  }
  while (true) {
    if (load<u8>(at) != 0x22) return refuse(BodyFault.Syntax, at)
    let name = at + 1
    at = stringEnd(name)
    if (at == 0) return 0
    let length = at - name
    if (escaped) {
      const end = unescape(name, at, resolved)
      name = resolved
      length = end - name
      resolved = end
    }
    const hash = hashText(name, length)
    const bit = maskBit(hash)
    const count = (names - first) >> Entry.Shift
    if ((seen & bit) != 0 && count < FEW && isAmong(first, hash, name, length)) return refuse(BodyFault.Duplicate, at)
    seen |= bit
    store<u32>(names, hash, Entry.Rank)
    store<u32>(names, name, Entry.Start)
    store<u32>(names, length, Entry.Length)
    names += 1 << Entry.Shift
    at = skipSpace(at + 1)
    if (load<u8>(at) != 0x3a) return refuse(BodyFault.Syntax, at)
    at = skipSpace(at + 1)
    if ((children & bit) != 0) {
      const child = childOf(node, hash, name, length)
      at = child == NO_NODE ? valueEnd(at, NO_NODE) : locate(at, child)
    } else at = valueEnd(at, NO_NODE)
    if (at == 0) return 0
    at = skipSpace(at)
    const byte = <u32>load<u8>(at)
    if (byte == 0x7d) break
    if (byte != 0x2c) return refuse(BodyFault.Syntax, at)
    at = skipSpace(at + 1)
  }
  if ((names - first) >> Entry.Shift > FEW && hasTwice(first)) return refuse(BodyFault.Duplicate, start)
  names = first
  depth--
  return at + 1
}

/** Parses the value of a node, and notes where it is. */
function locate(start: u32, node: u32): u32 {
  const entry = located + (node << Located.Shift)
  const end = valueEnd(start, node)
  if (end == 0) return 0
  store<u32>(entry, generation, Located.Generation)
  store<u32>(entry, start, Located.Start)
  store<u32>(entry, end, Located.End)
  store<u32>(entry, load<u8>(start) == 0x22 ? <u32>escaped : listed, Located.Extra)
  return end
}

function isAmong(first: u32, hash: u32, name: u32, length: u32): bool {
  store<u32>(names, hash, Entry.Rank)
  store<u32>(names, name, Entry.Start)
  store<u32>(names, length, Entry.Length)
  for (let entry = first; entry < names; entry += 1 << Entry.Shift) {
    if (load<u32>(entry, Entry.Rank) == hash && compareEntries(entry, names) == 0) return true
  }
  return false
}

/** Whether two of the names from `first` on are equal. */
function hasTwice(first: u32): bool {
  sortEntries(first, (names - first) >> Entry.Shift)
  const step: u32 = 1 << Entry.Shift
  for (let entry = first + step; entry < names; entry += step) if (compareEntries(entry - step, entry) == 0) return true
  return false
}

function listEnd(start: u32, node: u32): u32 {
  if (++depth > <u32>BodyLimit.Depth) return refuse(BodyFault.Depth, start)
  const hasItems = node != NO_NODE && load<u64>(childMasks + (node << 3)) != 0
  let count: u32 = 0
  let at = skipSpace(start + 1)
  if (load<u8>(at) != 0x5d) {
    while (true) {
      const child = hasItems ? itemOf(node, count) : NO_NODE
      at = child == NO_NODE ? valueEnd(at, NO_NODE) : locate(at, child)
      if (at == 0) return 0
      count++
      at = skipSpace(at)
      const byte = <u32>load<u8>(at)
      if (byte == 0x5d) break
      if (byte != 0x2c) return refuse(BodyFault.Syntax, at)
      at = skipSpace(at + 1)
    }
  }
  listed = count
  depth--
  return at + 1
}
