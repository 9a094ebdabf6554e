/** Values of a body into cells: what src/engine/frame-writer.ts does with objects. The body is known to be well-formed. */
import { Id, Tag } from '../abi/frame'
import { Layout, Limit } from '../abi/memory'
import { TimeLimit } from '../abi/time'
import { CelTag } from '../abi/cel'
import { PathFlag, PathPart } from '../abi/json'
import { countItems, countMembers, firstItem, firstMember, nameEnd, nameEscaped, nameIndex, nameStart, nextAfter, NO_INDEX, readName, valueAt } from './members'
import { numberEnd, numberValue } from './number'
import { take } from './room'
import { escaped, skipSpace, skipValue, stringEnd } from './scan'
import { Entry, sortEntries } from './sort'
import { partField } from './state'
import { idOf, ownId } from './strings'
import { foldText, madeLength, resolveEscapes, utf16Length } from './text'
import { parseTime } from '../time/read'

/** Cells of lists and maps, and UTF-16 units of text that the core looks into, so far in this request. */
let items: u32 = 0
let units: u64 = 0
/** The request passed a limit: it is denied, and what is in the frame counts for nothing. */
export let overLimit: bool = false

export function startValues(): void {
  items = 0
  units = 0
  overLimit = false
}

/** Writes a string of the body, from its first byte to its closing quote. */
export function writeToken(cell: u32, start: u32, end: u32, hasEscapes: bool, flags: u32): void {
  if (hasEscapes) {
    const text = resolveEscapes(start, end)
    writeText(cell, text, madeLength, flags)
  } else writeText(cell, start, end - start, flags)
}

/** Writes a string that stays where it is until the request is answered. */
export function writeText(cell: u32, given: u32, givenLength: u32, flags: u32): void {
  let start = given
  let length = givenLength
  if (flags & PathFlag.Fold) {
    start = foldText(start, length)
    length = madeLength
  }
  if ((flags & PathFlag.Time) != 0 && length <= <u32>TimeLimit.TextBytes) {
    const time = parseTime(start, length)
    if (!isNaN(time)) return writeNumber(cell, time)
  }
  store<u32>(cell, Tag.String)
  const id: u32 = flags & PathFlag.ByText ? Id.UnknownString : idOf(start, length)
  if (id != Id.UnknownString) {
    store<u32>(cell, id, 4)
    return
  }
  store<u32>(cell, flags & PathFlag.Identity ? ownId(start, length) : Id.UnknownString, 4)
  // Address 0 says that there are no bytes.
  store<u64>(cell, 0, 8)
  if ((flags & PathFlag.Text) == 0) return
  units += utf16Length(start, length)
  if (units > <u64>Limit.TextBytes) overLimit = true
  store<u32>(cell, start, 8)
  store<u32>(cell, length, 12)
}

export function writeNumber(cell: u32, value: f64): void {
  store<u32>(cell, Tag.Number)
  store<f64>(cell, value, 8)
}

/**
 * Writes the value at `at` into a cell; returns the place after it. `parts` are what is read of a list's items: the address of
 * the first PathPart and their number; without any, the items themselves.
 */
export function writeValue(at: u32, cell: u32, flags: u32, parts: u32, partCount: u32, depth: u32): u32 {
  const byte = <u32>load<u8>(at)
  switch (byte) {
    case 0x22: {
      const end = stringEnd(at + 1)
      writeToken(cell, at + 1, end, escaped, flags)
      return end + 1
    }
    case 0x7b:
      if (flags & PathFlag.Whole) return writeMap(at, cell, flags, depth)
      if (flags & PathFlag.Range) return writeNames(at, cell, flags, parts, partCount, depth)
      store<u32>(cell, Tag.Map)
      return skipValue(at)
    case 0x5b:
      return writeList(at, cell, flags, parts, partCount, depth)
    case 0x74:
    case 0x66:
      store<u32>(cell, Tag.Boolean)
      store<u32>(cell, <u32>(byte == 0x74), 4)
      return at + (byte == 0x74 ? 4 : 5)
    case 0x6e:
      store<u32>(cell, Tag.Null)
      return at + 4
    default: {
      const end = numberEnd(at)
      writeNumber(cell, numberValue)
      return end
    }
  }
}

/** How what is inside a list is written. */
export function flagsInside(flags: u32): u32 {
  if (flags & PathFlag.Whole) {
    const alike = (flags & (PathFlag.Whole | PathFlag.Identity | PathFlag.Fold)) | PathFlag.Text
    return flags & PathFlag.Identity ? alike : alike | PathFlag.ByText
  }
  // What is compared as it is, at any depth, needs its text only beside what a tuple says; see reading.ts.
  return flags & PathFlag.Identity ? flags & (PathFlag.Identity | PathFlag.Text | PathFlag.Fold) : flags & PathFlag.Fold
}

/** Begins a list of so many items; returns the address of its first cell, or 0 when it passes a limit. */
export function startList(cell: u32, count: u32, partCount: u32, depth: u32): u32 {
  items += count
  if (items > <u32>Limit.ListItems || depth >= <u32>Limit.ListDepth) {
    overLimit = true
    store<u32>(cell, Tag.Invalid)
    return 0
  }
  const stride = partCount * Layout.CellSize
  const first = take(<u64>count * stride)
  store<u32>(cell, Tag.List)
  store<u32>(cell, count, 4)
  store<u32>(cell, first, 8)
  store<u32>(cell, stride, 12)
  return first
}

function writeList(list: u32, cell: u32, flags: u32, parts: u32, partCount: u32, depth: u32): u32 {
  const count = countItems(list)
  const cells = max(partCount, 1)
  let to = startList(cell, count, cells, depth)
  if (to == 0) return skipValue(list)
  const inside = flagsInside(flags)
  let end = skipSpace(list + 1)
  for (let item = firstItem(list); item != 0; item = nextAfter(end)) {
    if (partCount == 0) end = writeInside(item, to, inside, depth)
    else end = writeParts(item, to, flags, parts, partCount, depth)
    to += cells * Layout.CellSize
  }
  return skipSpace(end) + 1
}

/** Writes what is read of one item: first the item itself. Returns the place after it. */
export function writeParts(item: u32, to: u32, flags: u32, parts: u32, partCount: u32, depth: u32): u32 {
  // A folded list has folded items.
  const own = partField(parts, PathPart.Flags) | (flags & PathFlag.Fold)
  const end = writeInside(item, to, own, depth)
  for (let i: u32 = 1; i < partCount; i++) {
    const part = parts + i * (PathPart.Words << 2)
    const found = valueAt(item, partField(part, PathPart.FirstKey), partField(part, PathPart.KeyCount))
    const cell = to + i * Layout.CellSize
    if (found == 0) store<u32>(cell, Tag.Missing)
    else writeInside(found, cell, partField(part, PathPart.Flags), depth)
  }
  return end
}

/** A value inside a list, whose own items are never looked into. */
export function writeInside(at: u32, cell: u32, flags: u32, depth: u32): u32 {
  return writeValue(at, cell, flags, 0, 0, depth + 1)
}

/** A map with its entries: a key cell and a value cell each, in the order in which JavaScript has them. */
function writeMap(map: u32, cell: u32, flags: u32, depth: u32): u32 {
  const count = countMembers(map)
  const to = startMap(cell, count, depth)
  if (to == 0) return skipValue(map)
  const order = orderOf(map, count)
  const inside = flagsInside(flags) & ~PathFlag.Fold
  let end = skipSpace(map + 1)
  let at = firstMember(map)
  for (let i: u32 = 0; at != 0; i++) {
    const value = readName(at)
    const place = order == 0 ? i : load<u32>(order + (i << 2))
    const entry = to + place * 2 * Layout.CellSize
    writeToken(entry, nameStart, nameEnd, nameEscaped, inside)
    end = writeInside(value, entry + Layout.CellSize, inside, depth)
    at = nextAfter(end)
  }
  return skipSpace(end) + 1
}

/** A map as the list of its names, in the order in which JavaScript has them. */
function writeNames(map: u32, cell: u32, flags: u32, parts: u32, partCount: u32, depth: u32): u32 {
  const count = countMembers(map)
  const to = startList(cell, count, partCount, depth)
  if (to == 0) return skipValue(map)
  const order = orderOf(map, count)
  let end = skipSpace(map + 1)
  let at = firstMember(map)
  for (let i: u32 = 0; at != 0; i++) {
    const value = readName(at)
    const place = order == 0 ? i : load<u32>(order + (i << 2))
    writeParts(at, to + place * partCount * Layout.CellSize, flags & PathFlag.Fold, parts, partCount, depth)
    end = skipValue(value)
    at = nextAfter(end)
  }
  return skipSpace(end) + 1
}

/** Begins a map of so many entries; returns the address of its first cell, or 0 when it passes a limit. */
export function startMap(cell: u32, count: u32, depth: u32): u32 {
  items += count * 2
  if (items > <u32>Limit.ListItems || depth >= <u32>Limit.ListDepth) {
    overLimit = true
    store<u32>(cell, Tag.Invalid)
    return 0
  }
  const first = take(<u64>count * 2 * Layout.CellSize)
  store<u32>(cell, CelTag.Map)
  store<u32>(cell, count, 4)
  store<u32>(cell, first, 8)
  return first
}

/** The place of each member when those named like indexes come first, u32 each; 0 when there are none such. */
function orderOf(map: u32, count: u32): u32 {
  let indexes: u32 = 0
  for (let at = firstMember(map); at != 0; ) {
    const value = readName(at)
    if (nameIndex() != NO_INDEX) indexes++
    at = nextAfter(skipValue(value))
  }
  if (indexes == 0) return 0
  const entries = take(<u64>indexes << Entry.Shift)
  const order = take(<u64>count << 2)
  let found: u32 = 0
  let others = indexes
  let at = firstMember(map)
  for (let i: u32 = 0; at != 0; i++) {
    const value = readName(at)
    const index = nameIndex()
    if (index == NO_INDEX) store<u32>(order + (i << 2), others++)
    else {
      const entry = entries + (found++ << Entry.Shift)
      store<u32>(entry, <u32>index, Entry.Rank)
      store<u64>(entry, 0, Entry.Start)
      store<u32>(entry, i, Entry.Extra)
    }
    at = nextAfter(skipValue(value))
  }
  sortEntries(entries, indexes)
  for (let i: u32 = 0; i < indexes; i++) {
    store<u32>(order + (load<u32>(entries + (i << Entry.Shift), Entry.Extra) << 2), i)
  }
  return order
}
