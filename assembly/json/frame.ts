/** From a parsed body to the frame: only what decides it, as src/engine/projection.ts does with objects. */
import { RolesInput, SessionInput, Slot, Tag } from '../abi/frame'
import { Layout } from '../abi/memory'
import { Dimension } from '../abi/rules'
import { BodyFault, PathFlag, PathNode, PathPart, PathSlot, PathSource } from '../abi/json'
import { delegatorCount, writeChain } from './chain'
import { find, Located } from './located'
import { writeRoleList, writeRoles } from './roles'
import { fault } from './scan'
import { pathParts, pathSlots, slotField } from './state'
import { writeNumber, writeToken, writeValue } from './value'
import { entityMask, frame, rolesInput, routes, routesEnd, sessionInput, usedDimensions } from '../state'

/** Writes what `match` reads; false with a fault. */
export function writeKeys(): bool {
  const used = usedDimensions
  const entities = entityMask != 0xffffffff
  if (used & Dimension.Action || routes != routesEnd) writeSlot(Slot.ActionName, NaN)
  if (used & Dimension.ResourceType || entities) writeSlot(Slot.ResourceType, NaN)
  if (used & Dimension.ResourceId || entities) writeSlot(Slot.ResourceId, NaN)
  if (entities) writeSlot(Slot.SubjectType, NaN)
  if (used & Dimension.SubjectId || entities) writeSlot(Slot.SubjectId, NaN)
  store<u32>(sessionInput, SessionInput.None)
  return writeRoles() && writeManyRoles()
}

/** More roles than are listed go to their slot before the rule index is asked. */
function writeManyRoles(): bool {
  const entry = find(PathNode.SubjectRoles)
  if (entry == 0 || load<u32>(rolesInput) != RolesInput.InSlot) return true
  if (load<u8>(load<u32>(entry, Located.Start)) != 0x5b) return true
  writeSlotAt(Slot.SubjectRoles, NaN)
  return fault == BodyFault.None
}

/** Writes the `count` slots of a list at `needed`. */
export function writeNeeds(needed: u32, count: u32, now: f64): void {
  for (let i: u32 = 0; i < count; i++) writeSlot(load<u32>(needed + (i << 2)), now)
}

// @ts-ignore: decorator
@inline
function writeSlot(slot: u32, now: f64): void {
  // Where the roles are in their slot already, they stay: the core may have put those of an entity there.
  if (slot == Slot.SubjectRoles && load<u32>(rolesInput) == RolesInput.InSlot) return
  writeSlotAt(slot, now)
}

function writeSlotAt(slot: u32, now: f64): void {
  const spec = pathSlots + slot * (PathSlot.Words << 2)
  const cell = frame + slot * Layout.CellSize
  const word = load<u32>(spec, PathSlot.Source << 2)
  const source = word & 0xff
  if (source == PathSource.Node || (source == PathSource.ChainRoot && delegatorCount == 0)) return writeNode(spec, cell, word >> 8)
  switch (source) {
    case PathSource.LeftOut:
      store<u32>(cell, Tag.LeftOut)
      return
    case PathSource.Missing:
      store<u32>(cell, Tag.Missing)
      return
    case PathSource.Now:
      if (isNaN(now)) store<u32>(cell, Tag.Missing)
      else writeNumber(cell, now)
      return
    default:
      writeChain(spec, source, cell, word >> 8, partsOf(spec), load<u32>(spec, PathSlot.PartCount << 2))
  }
}

// @ts-ignore: decorator
@inline
function partsOf(spec: u32): u32 {
  return pathParts + load<u32>(spec, PathSlot.FirstPart << 2) * (PathPart.Words << 2)
}

function writeNode(spec: u32, cell: u32, flags: u32): void {
  const entry = find(load<u32>(spec, PathSlot.Node << 2))
  if (entry == 0) {
    // An entity may supply a property that is left out, but nothing below one that is there.
    const property = find(load<u32>(spec, PathSlot.Property << 2))
    store<u32>(cell, property == 0 ? Tag.LeftOut : Tag.Missing)
    return
  }
  const start = load<u32>(entry, Located.Start)
  const byte = load<u8>(start)
  const partCount = load<u32>(spec, PathSlot.PartCount << 2)
  const isRoles = (flags & PathFlag.Roles) != 0
  if (byte == 0x22 && !isRoles) {
    return writeToken(cell, start + 1, load<u32>(entry, Located.End) - 1, load<u32>(entry, Located.Extra) != 0, flags)
  }
  if (isRoles && (byte == 0x22 || byte == 0x5b)) writeRoleList(start, cell, flags, partsOf(spec), partCount)
  else writeValue(start, cell, flags, partsOf(spec), partCount, 0)
}
