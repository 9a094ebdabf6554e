/** Checks of the rule index, routes and entities. */
import { Id, Tag } from '../abi/frame'
import { Header, Section } from '../abi/image'
import { Layout } from '../abi/memory'
import { Block, Dimension, EntityKind, Group } from '../abi/rules'
import { isMarked, mark } from './marks'
import { bitsForNeeds, blockBytes, sectionLength, sectionStart } from '../state'
import { areBelow, isCell } from './data'
import { hasItemParts } from './item-parts'

function isPowerOfTwo(n: u32): bool {
  return n != 0 && (n & (n - 1)) == 0
}

export function validateIndex(): bool {
  return validateGroups() && validateSignatures() && validateGlobKeys()
}

/** Lists of slots: each slot exists, so that the list of all that are asked for, each once, has room for them. */
export function validateNeeds(): bool {
  let at = sectionStart(Section.Needs)
  const end = at + sectionLength(Section.Needs)
  const slots = load<u32>(Layout.ImageBase + (Header.SlotCount << 2))
  while (at < end) {
    if (end - at < 4) return false
    mark(at)
    const count = load<u32>(at)
    at += 4
    if (count > (end - at) >> 2) return false
    if (!areBelow(at, at + (count << 2), slots)) return false
    at += count << 2
  }
  return true
}

/** A key has a block of its own, so the log that holds a candidate per logged entry cannot overflow; one place at least is empty. */
function validateGroups(): bool {
  const start = sectionStart(Section.Groups)
  const size = sectionLength(Section.Groups)
  if (size & (Group.Size - 1)) return false
  const lists = sectionStart(Section.Needs) - 4
  const mask = ((<u32>1) << bitsForNeeds()) - 1
  const blocks = sectionStart(Section.Blocks)
  const blocksSize = sectionLength(Section.Blocks)
  const blockSize = blockBytes()
  /** How many keys the groups up to here have. */
  let taken: u32 = 0
  for (let group = start; group < start + size; group += Group.Size) {
    if (load<u32>(group, Group.First << 2) != taken) return false
    let isOpen = false
    for (let at = group + (Group.Keys << 2); at < group + Group.Size; at += 4) {
      const word = load<u32>(at)
      if (word == 0) {
        isOpen = true
        continue
      }
      // Where the list is has been checked of the block.
      const block = taken++ * blockSize
      if (isOpen || block == blocksSize) return false
      if (lists + ((word & mask) << 2) != load<u32>(blocks + block, Block.Needs << 2)) return false
    }
  }
  return taken * blockSize == blocksSize && taken < (size / Group.Size) * Group.Most
}

function validateSignatures(): bool {
  const start = sectionStart(Section.Signatures)
  const size = sectionLength(Section.Signatures)
  if (size & 3 || size > <u32>((Dimension.All + 1) << 2)) return false
  /** A bit for each that was met. */
  let met: u32 = 0
  for (let at = start; at < start + size; at += 4) {
    const mask = load<u32>(at)
    if (mask > <u32>Dimension.All || (met >> mask) & 1) return false
    met |= (<u32>1) << mask
  }
  return true
}

function validateGlobKeys(): bool {
  const start = sectionStart(Section.GlobKeys)
  const size = sectionLength(Section.GlobKeys)
  if (size < 32 || size & 3) return false
  const total = (size - 32) >> 2
  for (let at = start; at < start + 32; at += 8) {
    if (load<u32>(at) > total || load<u32>(at, 4) > total - load<u32>(at)) return false
  }
  for (let at = start + 32; at < start + size; at += 4) if (!isMarked(Section.GlobPrograms, load<u32>(at))) return false
  return true
}

export function validateRoutes(): bool {
  let at = sectionStart(Section.Routes)
  const end = at + sectionLength(Section.Routes)
  while (at < end) {
    if (end - at < 16) return false
    const count = load<u32>(at, 8)
    at += 16
    if (count == Id.AnyAction) continue
    if (count > (end - at) >> 2) return false
    const size = ((count + 1) & ~1) << 2
    if (size > end - at) return false
    at += size
  }
  return true
}

export function validateEntities(): bool {
  return validateAttributeLists() && validateEntityBuckets()
}

/** Bytes of all lists of scoped roles that one entity has, at most. */
export let largestScopedRoles: u32 = 0
/** More in one entity than any that is not made on purpose; sums stay far from what an u32 holds. */
const MOST_SCOPED_BYTES: u32 = 0x4000000

function validateAttributeLists(): bool {
  largestScopedRoles = 0
  let at = sectionStart(Section.EntityAttributes)
  const end = at + sectionLength(Section.EntityAttributes)
  const slots = load<u32>(Layout.ImageBase + (Header.SlotCount << 2))
  while (at < end) {
    if (end - at < 4) return false
    mark(at)
    const count = load<u32>(at)
    at += 4
    if (count > (end - at) >> 3) return false
    let scoped: u32 = 0
    for (const last = at + (count << 3); at < last; at += 8) {
      const slot = load<u32>(at)
      const cell = load<u32>(at, 4)
      if (slot >= slots || !isCell(cell) || !fitsSlot(cell, slot)) return false
      if (load<u32>(cell) != Tag.ScopedRoles) continue
      const bytes = load<u32>(cell, 4) * load<u32>(cell, 12)
      if (bytes > MOST_SCOPED_BYTES - scoped) return false
      scoped += bytes
    }
    largestScopedRoles = max(largestScopedRoles, scoped)
  }
  return true
}

/** Whether the items of a list have the parts that are read in the slot. */
function fitsSlot(cell: u32, slot: u32): bool {
  const tag = load<u32>(cell)
  if ((tag != Tag.List && tag != Tag.ScopedRoles) || load<u32>(cell, 4) == 0) return true
  const cells = load<u32>(cell, 12) / Layout.CellSize
  // The last two cells of a scoped role say where it is held.
  return hasItemParts(slot, tag == Tag.List ? cells : cells - 2)
}

function validateEntityBuckets(): bool {
  const start = sectionStart(Section.EntityBuckets)
  const size = sectionLength(Section.EntityBuckets)
  if (size == 0) return true
  if (size & 15 || !isPowerOfTwo(size >> 4)) return false
  let empty: u32 = 0
  for (let at = start; at < start + size; at += 16) {
    const kind = load<u32>(at)
    if (kind == 0) empty++
    else if (kind > <u32>EntityKind.Resource || !isMarked(Section.EntityAttributes, load<u32>(at, 12))) return false
  }
  return empty != 0
}
