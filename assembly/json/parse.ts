/**
 * One pass over a body: that it is JSON as I-JSON (RFC 7493) wants it, and where the values are that policies read. What
 * nobody reads is looked at, too, since two readers of one body must not see two different requests; nothing is made of it.
 */
import { BodyFault, BodyLimit, PathNode } from '../abi/json'
import { hashText } from './hash'
import { plainNumberEnd } from './number'
import { childOf, itemOf, maskBit, NO_NODE } from './paths'
import { escaped, refuse, shortEnd, skipSpace, startScan, stringEnd } from './scan'
import { compareEntries, Entry, sortEntries } from './sort'
import { childMasks, located, nodeCount, partStarts } from './state'
import { unescape } from './text'

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
/** Where names without their escapes go. */
let resolved: u32 = 0
/** Items of the last list. */
let listed: u32 = 0

/** Names in bytes of entries: an object with more has them sorted at its end, in place of looking at each beside all others. */
const FEW: u32 = 24 << Entry.Shift

/** The part that is not of the form: a PathNode. */
export let faultPart: u32 = 0
/** A bit for each of the parts that a request may have. */
let partsFound: u32 = 0

/** Those that it must have. */
const REQUIRED: u32 =
  (1 << PathNode.Subject) |
  (1 << PathNode.SubjectType) |
  (1 << PathNode.SubjectId) |
  (1 << PathNode.Action) |
  (1 << PathNode.ActionName) |
  (1 << PathNode.Resource) |
  (1 << PathNode.ResourceType) |
  (1 << PathNode.ResourceId)

/** Fills the table of the bytes with which the parts start: what AuthZEN 1.0, section 5, says of their types. */
export function prepareParts(): void {
  setStart(PathNode.Subject, 0x7b)
  setStart(PathNode.SubjectType, 0x22)
  setStart(PathNode.SubjectId, 0x22)
  setStart(PathNode.SubjectProperties, 0x7b)
  setStart(PathNode.OnBehalfOf, 0x7b)
  setStart(PathNode.DelegationChain, 0x5b)
  setStart(PathNode.Action, 0x7b)
  setStart(PathNode.ActionName, 0x22)
  setStart(PathNode.ActionProperties, 0x7b)
  setStart(PathNode.Resource, 0x7b)
  setStart(PathNode.ResourceType, 0x22)
  setStart(PathNode.ResourceId, 0x22)
  setStart(PathNode.ResourceProperties, 0x7b)
  setStart(PathNode.Context, 0x7b)
  setStart(PathNode.Tenant, 0x22)
}

function setStart(node: u32, byte: u32): void {
  store<u8>(partStarts + node, <u8>byte)
}

/** Notes that a part is missing or of another type; returns 0. */
export function refusePart(node: u32, at: u32): u32 {
  faultPart = node
  return refuse(BodyFault.Form, at)
}

/** Whether the body has the parts that every request has; those that it has are of the right type. */
export function hasParts(): bool {
  const missing = REQUIRED & ~partsFound
  return missing == 0 || refusePart(ctz(missing), 0) != 0
}

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
  partsFound = 0
  resolved = room + ((end - start) >> 2 << 4) + 16
  let at = start
  // A byte order mark, which decoders drop.
  if (load<u8>(at) == 0xef && load<u16>(at, 1) == 0xbfbb) at += 3
  at = skipSpace(at)
  if (load<u8>(at) != 0x7b) return refuse(BodyFault.Syntax, at) != 0
  // Names of the objects that are open are entries as in json/sort.ts.
  at = objectEnd(at, PathNode.Root, room, 1)
  if (at == 0) return false
  at = skipSpace(at)
  return at == end || refuse(BodyFault.Syntax, at) != 0
}

/** Past a value that nobody reads into. */
// @ts-ignore: decorator
@inline
function plainEnd(at: u32, names: u32, depth: u32): u32 {
  const end = load<u8>(at) == 0x22 ? shortEnd(at + 1) : 0
  return end == 0 ? valueEnd(at, NO_NODE, names, depth) : end + 1
}

/** Past a value that lies in `depth` objects and lists; `names` is where names of its own go. 0 with a fault. */
function valueEnd(at: u32, node: u32, names: u32, depth: u32): u32 {
  const byte = <u32>load<u8>(at)
  if (byte == 0x22) {
    const end = stringEnd(at + 1)
    return end == 0 ? 0 : end + 1
  }
  if (byte == 0x7b) return objectEnd(at, node, names, depth + 1)
  if (byte == 0x5b) return listEnd(at, node, names, depth + 1)
  return scalarEnd(at, byte)
}

/** A number or a word. */
function scalarEnd(at: u32, byte: u32): u32 {
  if (byte - 0x30 < 10 || byte == 0x2d) return plainNumberEnd(at)
  const word = load<u32>(at)
  // "true", "null", "alse", least byte first.
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4
  if (byte == 0x66 && load<u32>(at, 1) == 0x65736c61) return at + 5
  return refuse(BodyFault.Syntax, at)
}

function objectEnd(start: u32, node: u32, first: u32, depth: u32): u32 {
  if (depth > <u32>BodyLimit.Depth) return refuse(BodyFault.Depth, start)
  const children: u64 = node == NO_NODE ? 0 : load<u64>(childMasks + (node << 3))
  let seen: u64 = 0
  let names = first
  let at = skipSpace(start + 1)
  if (load<u8>(at) == 0x7d) return at + 1
  while (true) {
    if (load<u8>(at) != 0x22) return refuse(BodyFault.Syntax, at)
    let name = at + 1
    at = shortEnd(name)
    let length = at - name
    if (at == 0) {
      at = stringEnd(name)
      if (at == 0) return 0
      length = at - name
      if (escaped) {
        const end = unescape(name, at, resolved)
        name = resolved
        length = end - name
        resolved = end
      }
    }
    const hash = hashText(name, length)
    const bit = maskBit(hash)
    store<u32>(names, hash, Entry.Rank)
    store<u32>(names, name, Entry.Start)
    store<u32>(names, length, Entry.Length)
    if ((seen & bit) != 0 && isAmong(first, names)) return refuse(BodyFault.Duplicate, at)
    seen |= bit
    names += 1 << Entry.Shift
    at = skipSpace(at + 1)
    if (load<u8>(at) != 0x3a) return refuse(BodyFault.Syntax, at)
    at = skipSpace(at + 1)
    const child = (children & bit) == 0 ? NO_NODE : childOf(node, hash, name, length)
    at = child == NO_NODE ? plainEnd(at, names, depth) : locate(at, child, names, depth)
    if (at == 0) return 0
    at = skipSpace(at)
    const byte = <u32>load<u8>(at)
    if (byte == 0x7d) break
    if (byte != 0x2c) return refuse(BodyFault.Syntax, at)
    at = skipSpace(at + 1)
  }
  return names - first > FEW && hasTwice(first, names) ? refuse(BodyFault.Duplicate, start) : at + 1
}

/** Parses the value of a node, and notes where it is. */
function locate(start: u32, node: u32, names: u32, depth: u32): u32 {
  const entry = located + (node << Located.Shift)
  const byte = <u32>load<u8>(start)
  if (node < <u32>PathNode.FixedCount) {
    const wanted = <u32>load<u8>(partStarts + node)
    if (wanted != byte && wanted != 0) return refusePart(node, start)
    partsFound |= 1 << node
  }
  let end: u32 = byte == 0x22 ? shortEnd(start + 1) : 0
  let extra: u32 = 0
  if (end != 0) end++
  else {
    end = valueEnd(start, node, names, depth)
    if (end == 0) return 0
    extra = byte == 0x22 ? <u32>escaped : listed
  }
  store<u32>(entry, generation, Located.Generation)
  store<u32>(entry, start, Located.Start)
  store<u32>(entry, end, Located.End)
  store<u32>(entry, extra, Located.Extra)
  return end
}

/** Whether the name at `last` is among those from `first` on; with many it is left to `hasTwice`. */
function isAmong(first: u32, last: u32): bool {
  if (last - first >= FEW) return false
  for (let entry = first; entry < last; entry += 1 << Entry.Shift) {
    if (load<u32>(entry, Entry.Rank) == load<u32>(last, Entry.Rank) && compareEntries(entry, last) == 0) return true
  }
  return false
}

/** Whether two of the names are equal. */
function hasTwice(first: u32, end: u32): bool {
  sortEntries(first, (end - first) >> Entry.Shift)
  const step: u32 = 1 << Entry.Shift
  for (let entry = first + step; entry < end; entry += step) if (compareEntries(entry - step, entry) == 0) return true
  return false
}

function listEnd(start: u32, node: u32, names: u32, depth: u32): u32 {
  if (depth > <u32>BodyLimit.Depth) return refuse(BodyFault.Depth, start)
  const hasItems = node != NO_NODE && load<u64>(childMasks + (node << 3)) != 0
  let count: u32 = 0
  let at = skipSpace(start + 1)
  if (load<u8>(at) != 0x5d) {
    while (true) {
      const child = hasItems ? itemOf(node, count) : NO_NODE
      at = child == NO_NODE ? plainEnd(at, names, depth) : locate(at, child, names, depth)
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
  return at + 1
}
