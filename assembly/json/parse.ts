/**
 * One pass over a body: that it is JSON as I-JSON (RFC 7493) wants it, and where the values are that policies read. What
 * nobody reads is looked at, too, since two readers of one body must not see two different requests; nothing is made of it.
 */
import { BodyFault, BodyLimit, PathNode } from '../abi/json'
import { expect, wayFrom, wayLength, wayRecord } from './expected'
import { isOfForm, refusePart, startForm } from './form'
import { hashText } from './hash'
import { isFound, Located, NO_NODE, note, recordOf, startLocating } from './located'
import { hasTwice, isAmong } from './names'
import { checkedNumberEnd } from './number'
import { childOf, itemOf, maskBit } from './paths'
import { escaped, refuse, skipSpace, startScan, stringEnd } from './scan'
import { Entry } from './sort'
import { located } from './state'
import { unescape } from './text'

/** Where names without their escapes go. */
let resolved: u32 = 0
/** Items of the last list. */
let listed: u32 = 0

/** Bytes of memory that a body of this length needs while it is parsed, behind itself. */
export function parseRoom(length: u32): u64 {
  // A name takes four bytes of a body at least (`"":0`), and an entry. Names without escapes are no longer than with them.
  return (<u64>length >> 2) * 16 + <u64>length + 64
}

/** Parses the body from `start` to `end`, using memory from `room` on; false with a fault. */
export function parseBody(start: u32, end: u32, room: u32): bool {
  startScan(end)
  // So that everything that runs on past the end meets what fits nowhere.
  v128.store(end, i8x16.splat(0))
  v128.store(end, i8x16.splat(0), 16)
  startLocating()
  startForm()
  resolved = room + ((end - start) >> 2 << 4) + 16
  let at = start
  // A byte order mark, which decoders drop.
  if (load<u8>(at) == 0xef && load<u16>(at, 1) == 0xbfbb) at += 3
  at = skipSpace(at)
  if (load<u8>(at) != 0x7b) return refuse(BodyFault.Syntax, at) != 0
  at = objectEnd(at, recordOf(PathNode.Root), room, 1)
  if (at == 0) return false
  at = skipSpace(at)
  return at == end || refuse(BodyFault.Syntax, at) != 0
}

/** Past a value that lies in `depth` objects and lists; `names` is where names of its own go. 0 with a fault. */
function valueEnd(at: u32, record: u32, names: u32, depth: u32): u32 {
  const byte = <u32>load<u8>(at)
  if (byte == 0x22) {
    const end = stringEnd(at + 1)
    return end == 0 ? 0 : end + 1
  }
  if (byte == 0x7b) return objectEnd(at, record, names, depth + 1)
  if (byte == 0x5b) return listEnd(at, record, names, depth + 1)
  return scalarEnd(at, byte)
}

/** A number or a word. */
function scalarEnd(at: u32, byte: u32): u32 {
  if (byte - 0x30 < 10 || byte == 0x2d) return checkedNumberEnd(at)
  const word = load<u32>(at)
  // "true", "null", "alse", least byte first.
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4
  if (byte == 0x66 && load<u32>(at, 1) == 0x65736c61) return at + 5
  return refuse(BodyFault.Syntax, at)
}

/** A link that leads nowhere: after the whole request comes no member. */
// @ts-ignore: decorator
@inline
function nothing(): u32 {
  return located + Located.After
}

function objectEnd(start: u32, record: u32, first: u32, depth: u32): u32 {
  if (depth > <u32>BodyLimit.Depth) return refuse(BodyFault.Depth, start)
  let link = record == NO_NODE ? nothing() : record + Located.Inside
  let seen: u64 = 0
  let names = first
  // Before what leads to the next member: the brace, or where the value before ends.
  let from = start
  let at: u32 = 0
  while (true) {
    let child: u32
    // Most objects end where their last value does.
    if (load<u8>(from) == 0x7d) {
      at = from
      break
    }
    const way = wayFrom(link, from)
    if (way != 0) {
      at = skipSpace(from + wayLength(way))
      child = wayRecord(way)
    } else {
      at = skipSpace(from)
      const byte = <u32>load<u8>(at)
      if (byte == 0x7d) break
      if (byte != (from == start ? 0x7b : 0x2c)) return refuse(BodyFault.Syntax, at)
      at = skipSpace(at + 1)
      if (load<u8>(at) != 0x22) {
        if (load<u8>(at) == 0x7d && from == start) return at + 1
        return refuse(BodyFault.Syntax, at)
      }
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
      at = skipSpace(at + 1)
      if (load<u8>(at) != 0x3a) return refuse(BodyFault.Syntax, at)
      at = skipSpace(at + 1)
      const hash = hashText(name, length)
      const bit = maskBit(hash)
      child = record != NO_NODE && (load<u64>(record, Located.Children) & bit) != 0 ? childOf(record, hash, name, length) : NO_NODE
      if (child != NO_NODE) {
        if (link != nothing()) expect(link, from, at, child)
      } else {
        // What came first once is not what comes later: no brace may stand there.
        if (from == start) link = nothing()
        store<u32>(names, hash, Entry.Rank)
        store<u32>(names, name, Entry.Start)
        store<u32>(names, length, Entry.Length)
        if ((seen & bit) != 0 && isAmong(first, names)) return refuse(BodyFault.Duplicate, at)
        seen |= bit
        names += 1 << Entry.Shift
      }
    }
    if (child == NO_NODE) from = valueEnd(at, NO_NODE, names, depth)
    else {
      if (isFound(child)) return refuse(BodyFault.Duplicate, at)
      from = locate(at, child, names, depth)
      link = child + Located.After
    }
    if (from == 0) return 0
  }
  return hasTwice(first, names) ? refuse(BodyFault.Duplicate, start) : at + 1
}

/** Parses the value of a node, and notes where it is. */
function locate(start: u32, record: u32, names: u32, depth: u32): u32 {
  const byte = <u32>load<u8>(start)
  if (!isOfForm(record, byte)) return refusePart((record - located) / Located.Size, start)
  let end: u32
  let extra: u32
  if (byte == 0x22) {
    end = stringEnd(start + 1)
    if (end == 0) return 0
    end++
    extra = <u32>escaped
  } else {
    end = valueEnd(start, record, names, depth)
    if (end == 0) return 0
    extra = listed
  }
  note(record, start, end, extra)
  return end
}

function listEnd(start: u32, record: u32, names: u32, depth: u32): u32 {
  if (depth > <u32>BodyLimit.Depth) return refuse(BodyFault.Depth, start)
  const hasItems = record != NO_NODE && load<u64>(record, Located.Children) != 0
  let count: u32 = 0
  let at = skipSpace(start + 1)
  if (load<u8>(at) != 0x5d) {
    while (true) {
      const child = hasItems ? itemOf(record, count) : NO_NODE
      at = child == NO_NODE ? valueEnd(at, NO_NODE, names, depth) : locate(at, child, names, depth)
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
