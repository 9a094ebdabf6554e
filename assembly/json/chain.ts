/** The actor chain of a body, and the slots that read it. As src/engine/chain.ts and derived.ts. */
import { Tag } from '../abi/frame'
import { Layout } from '../abi/memory'
import { BodyFault, PathFlag, PathNode, PathPart, PathSlot, PathSource, PathTable } from '../abi/json'
import { sameText } from './hash'
import { countItems, firstItem, firstMember, name, nameLength, nextAfter, readName, valueAt } from './members'
import { refusePart } from './form'
import { find, Located } from './located'
import { partLength, partText } from './parts'
import { isString } from './paths'
import { take } from './room'
import { escaped, refuse, skipValue, stringEnd } from './scan'
import { nodeKey, partField, pathField, pathKeys } from './state'
import { madeLength, resolveEscapes } from './text'
import { flagsInside, startList, startMap, writeInside, writeNumber, writeText, writeValue } from './value'

/** Byte offsets in a delegator: where its type, id (each with its length) and properties (or 0) are. */
const enum Delegator {
  Type = 0,
  Id = 8,
  Properties = 16,
  Size = 32,
}

/** The nearest first. */
let delegators: u32 = 0
export let delegatorCount: u32 = 0
/** The `on_behalf_of` of the actor that was read last, or 0. */
let behind: u32 = 0

/** Reads both forms of the chain; false with a fault. How many there may be is looked at later. */
export function readChain(): bool {
  delegatorCount = 0
  const nested = find(PathNode.OnBehalfOf)
  const listed = find(PathNode.DelegationChain)
  if (nested != 0 && !readNested(load<u32>(nested, Located.Start))) return false
  return listed == 0 || readListed(load<u32>(listed, Located.Start))
}

function readNested(first: u32): bool {
  // Bodies are not nested deeper than this.
  delegators = take(64 * Delegator.Size)
  for (let at = first; at != 0; at = behind) {
    if (!readActor(at, delegators + delegatorCount * Delegator.Size, PathNode.OnBehalfOf)) return false
    delegatorCount++
  }
  return true
}

function readListed(list: u32): bool {
  const count = countItems(list)
  delegators = take(<u64>count * Delegator.Size)
  delegatorCount = count
  let to = delegators + count * Delegator.Size
  for (let item = firstItem(list); item != 0; item = nextAfter(skipValue(item))) {
    to -= Delegator.Size
    if (!readActor(item, to, PathNode.DelegationChain)) return false
    if (behind != 0) return refuse(BodyFault.Chain, behind) != 0
  }
  return true
}

/** Only the subject may have a chain of its own, and only a nested actor somebody behind it. */
function readActor(object: u32, to: u32, part: u32): bool {
  behind = 0
  store<u32>(to, 0, Delegator.Type)
  store<u32>(to, 0, Delegator.Id)
  store<u32>(to, 0, Delegator.Properties)
  if (load<u8>(object) != 0x7b) return refusePart(part, object) != 0
  for (let at = firstMember(object); at != 0; ) {
    const value = readName(at)
    if (isString(nodeKey(PathNode.SubjectType), name, nameLength)) readText(value, to + Delegator.Type)
    else if (isString(nodeKey(PathNode.SubjectId), name, nameLength)) readText(value, to + Delegator.Id)
    else if (isString(nodeKey(PathNode.OnBehalfOf), name, nameLength)) behind = value
    else if (isString(nodeKey(PathNode.DelegationChain), name, nameLength)) return refuse(BodyFault.Chain, value) != 0
    else if (isString(nodeKey(PathNode.SubjectProperties), name, nameLength)) {
      if (load<u8>(value) != 0x7b) return refusePart(part, value) != 0
      store<u32>(to, value, Delegator.Properties)
    }
    at = nextAfter(skipValue(value))
  }
  const whole = load<u32>(to, Delegator.Type) != 0 && load<u32>(to, Delegator.Id) != 0
  return whole || refusePart(part, object) != 0
}

/** Notes where a string is, without escapes; what is no string is not noted. */
function readText(token: u32, to: u32): void {
  if (load<u8>(token) != 0x22) return
  const end = stringEnd(token + 1)
  let start = token + 1
  let length = end - start
  if (escaped) {
    start = resolveEscapes(start, end)
    length = madeLength
  }
  store<u32>(to, start)
  store<u32>(to, length, 4)
}

/** Whether the policies permit the chain that was read; false with a fault. */
export function permitChain(): bool {
  const listed = find(PathNode.DelegationChain)
  if (listed != 0 && find(PathNode.OnBehalfOf) != 0) return refuse(BodyFault.Chain, load<u32>(listed, Located.Start)) != 0
  if (delegatorCount > pathField(PathTable.MaxDelegators)) return refuse(BodyFault.ChainDepth, 0) != 0
  if (delegatorCount == 0 || pathField(PathTable.Repeats) != 0) return true
  let type = partText(PathNode.SubjectType)
  let typeLength = partLength(PathNode.SubjectType)
  let id = partText(PathNode.SubjectId)
  let idLength = partLength(PathNode.SubjectId)
  for (let i: u32 = 0; i < delegatorCount; i++) {
    const one = delegators + i * Delegator.Size
    if (isText(one + Delegator.Type, type, typeLength) && isText(one + Delegator.Id, id, idLength)) {
      return refuse(BodyFault.Chain, type) != 0
    }
    type = load<u32>(one, Delegator.Type)
    typeLength = load<u32>(one, Delegator.Type + 4)
    id = load<u32>(one, Delegator.Id)
    idLength = load<u32>(one, Delegator.Id + 4)
  }
  return true
}

function isText(field: u32, start: u32, length: u32): bool {
  return load<u32>(field, 4) == length && sameText(load<u32>(field), start, length)
}

/** Writes a slot about delegators; for the root there is at least one. */
export function writeChain(slot: u32, source: u32, cell: u32, flags: u32, parts: u32, partCount: u32): void {
  const firstKey = load<u32>(slot, PathSlot.FirstKey << 2)
  const keyCount = load<u32>(slot, PathSlot.KeyCount << 2)
  if (source == PathSource.ChainDepth) writeNumber(cell, <f64>delegatorCount)
  else if (source == PathSource.ChainAncestors) writeAncestors(cell, flags, parts, partCount)
  else {
    const index = source == PathSource.ChainRoot ? delegatorCount - 1 : load<u32>(slot, PathSlot.Actor << 2)
    if (index >= delegatorCount) store<u32>(cell, Tag.Missing)
    else writeOf(delegators + index * Delegator.Size, firstKey, keyCount, cell, flags, parts, partCount, 0)
  }
}

function writeAncestors(cell: u32, flags: u32, parts: u32, partCount: u32): void {
  let to = startList(cell, delegatorCount, max(partCount, 1), 0)
  if (to == 0) return
  for (let i: u32 = 0; i < delegatorCount; i++) {
    const one = delegators + i * Delegator.Size
    writeActor(one, to, partCount == 0 ? flagsInside(flags) : partField(parts, PathPart.Flags), 1)
    for (let p: u32 = 1; p < partCount; p++) {
      const part = parts + p * (PathPart.Words << 2)
      const keyCount = partField(part, PathPart.KeyCount)
      const own = partField(part, PathPart.Flags)
      writeOf(one, partField(part, PathPart.FirstKey), keyCount, to + p * Layout.CellSize, own, 0, 0, 1)
    }
    to += max(partCount, 1) * Layout.CellSize
  }
}

/** Writes what is at a path below a delegator. */
function writeOf(
  one: u32,
  firstKey: u32,
  keyCount: u32,
  cell: u32,
  flags: u32,
  parts: u32,
  partCount: u32,
  depth: u32,
): void {
  if (keyCount == 0) return writeActor(one, cell, flags, depth)
  const key = load<u32>(pathKeys + (firstKey << 2))
  const properties = load<u32>(one, Delegator.Properties)
  if (keyCount == 1 && key == nodeKey(PathNode.SubjectType)) writeField(one + Delegator.Type, cell, flags)
  else if (keyCount == 1 && key == nodeKey(PathNode.SubjectId)) writeField(one + Delegator.Id, cell, flags)
  else if (key == nodeKey(PathNode.SubjectProperties) && properties != 0) {
    const found = valueAt(properties, firstKey + 1, keyCount - 1)
    if (found == 0) store<u32>(cell, Tag.Missing)
    else writeValue(found, cell, flags, parts, partCount, depth)
  } else store<u32>(cell, Tag.Missing)
}

function writeField(field: u32, cell: u32, flags: u32): void {
  writeText(cell, load<u32>(field), load<u32>(field, 4), flags)
}

/** A delegator as a map: type, id and, where it has them, properties. */
function writeActor(one: u32, cell: u32, flags: u32, depth: u32): void {
  if ((flags & PathFlag.Whole) == 0) {
    store<u32>(cell, Tag.Map)
    return
  }
  const properties = load<u32>(one, Delegator.Properties)
  const to = startMap(cell, properties == 0 ? 2 : 3, depth)
  if (to == 0) return
  const inside = flagsInside(flags) & ~PathFlag.Fold
  writeKey(to, PathNode.SubjectType)
  writeField(one + Delegator.Type, to + Layout.CellSize, inside)
  writeKey(to + 2 * Layout.CellSize, PathNode.SubjectId)
  writeField(one + Delegator.Id, to + 3 * Layout.CellSize, inside)
  if (properties == 0) return
  writeKey(to + 4 * Layout.CellSize, PathNode.SubjectProperties)
  writeInside(properties, to + 5 * Layout.CellSize, inside, depth)
}

/** Keys of the nodes are strings of the image. */
function writeKey(cell: u32, node: u32): void {
  store<u32>(cell, Tag.String)
  store<u32>(cell, nodeKey(node), 4)
}
