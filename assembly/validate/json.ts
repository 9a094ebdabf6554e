/** Checks of what requests as JSON are read by: the tree of keys, how slots are read, the texts of answers. */
import { Slot } from '../abi/frame'
import { Header, Section } from '../abi/image'
import { Layout, Limit } from '../abi/memory'
import { FoldRun, PathFlag, PathKey, PathNode, PathPart, PathSlot, PathSource, PathTable } from '../abi/json'
import { sectionLength, sectionStart } from '../state'
import { hasItemParts } from './item-parts'

const LAST_POINT: u32 = 0x10ffff

let stringCount: u32 = 0

function isKey(key: u32): bool {
  return (key & PathKey.Index) != 0 || key < stringCount
}

/** Whether `count` things from `first` on are among `all`. */
function lies(first: u32, count: u32, all: u32): bool {
  return first <= all && count <= all - first
}

export function validatePaths(): bool {
  const start = sectionStart(Section.Paths)
  const size = sectionLength(Section.Paths)
  const slots = load<u32>(Layout.ImageBase + (Header.SlotCount << 2))
  if (size < <u32>PathTable.HeaderWords << 2) return false
  stringCount = (sectionLength(Section.StringOffsets) >> 2) - 1
  const tenant = load<u32>(start, PathTable.Tenant << 2)
  const role = load<u32>(start, PathTable.RoleKey << 2)
  const on = load<u32>(start, PathTable.OnKey << 2)
  const nodes = load<u32>(start, PathTable.NodeCount << 2)
  const parts = load<u32>(start, PathTable.PartCount << 2)
  const keys = load<u32>(start, PathTable.KeyCount << 2)
  const folds = load<u32>(start, PathTable.FoldCount << 2)
  if (tenant >= stringCount || role >= stringCount || on >= stringCount || nodes < <u32>PathNode.FixedCount) return false
  const words =
    <u64>PathTable.HeaderWords +
    <u64>nodes * PathTable.NodeWords +
    <u64>slots * PathSlot.Words +
    <u64>parts * PathPart.Words +
    <u64>keys +
    <u64>folds * FoldRun.Words
  if (words << 2 != <u64>size) return false
  const firstNode = start + (PathTable.HeaderWords << 2)
  const firstSlot = firstNode + (nodes << 3)
  const firstPart = firstSlot + slots * (PathSlot.Words << 2)
  const firstKey = firstPart + parts * (PathPart.Words << 2)
  const firstFold = firstKey + (keys << 2)
  for (let node: u32 = 1; node < nodes; node++) {
    const at = firstNode + (node << 3)
    const key = load<u32>(at, 4)
    // Parents first: the tree has no circles. The parts of a request have names.
    if (load<u32>(at) >= node || !isKey(key) || (node < <u32>PathNode.FixedCount && key >= stringCount)) return false
  }
  if (!partsStay(firstSlot)) return false
  for (let slot: u32 = 0; slot < slots; slot++) {
    if (!validSlot(slot, firstSlot + slot * (PathSlot.Words << 2), nodes, parts, keys)) return false
  }
  for (let at = firstPart; at < firstKey; at += PathPart.Words << 2) {
    if (!lies(load<u32>(at, PathPart.FirstKey << 2), load<u32>(at, PathPart.KeyCount << 2), keys)) return false
  }
  for (let at = firstKey; at < firstFold; at += 4) if (!isKey(load<u32>(at))) return false
  return validFolds(firstFold, folds)
}

/** Whether the fixed slots read the parts of a request: the core takes them for strings without asking. */
function partsStay(slots: u32): bool {
  return (
    isPart(slots, Slot.ActionName, PathNode.ActionName) &&
    isPart(slots, Slot.ResourceType, PathNode.ResourceType) &&
    isPart(slots, Slot.ResourceId, PathNode.ResourceId) &&
    isPart(slots, Slot.SubjectType, PathNode.SubjectType) &&
    isPart(slots, Slot.SubjectId, PathNode.SubjectId)
  )
}

function isPart(slots: u32, slot: u32, node: u32): bool {
  const at = slots + slot * (PathSlot.Words << 2)
  const word = load<u32>(at, PathSlot.Source << 2)
  const isText = ((word >> 8) & ~(PathFlag.Text | PathFlag.Identity)) == 0
  return (word & 0xff) == PathSource.Node && isText && load<u32>(at, PathSlot.Node << 2) == node
}

function validSlot(slot: u32, at: u32, nodes: u32, parts: u32, keys: u32): bool {
  const count = load<u32>(at, PathSlot.PartCount << 2)
  return (
    (load<u32>(at, PathSlot.Source << 2) & 0xff) < <u32>PathSource.Count &&
    load<u32>(at, PathSlot.Node << 2) < nodes &&
    load<u32>(at, PathSlot.Property << 2) < nodes &&
    count <= <u32>Limit.ItemParts &&
    // Without parts, the items themselves are written.
    hasItemParts(slot, max(count, 1)) &&
    // A map as the list of its names has at least these.
    (count > 0 || ((load<u32>(at, PathSlot.Source << 2) >> 8) & PathFlag.Range) == 0) &&
    lies(load<u32>(at, PathSlot.FirstPart << 2), count, parts) &&
    lies(load<u32>(at, PathSlot.FirstKey << 2), load<u32>(at, PathSlot.KeyCount << 2), keys)
  )
}

/** In order, and from code points to code points. */
function validFolds(start: u32, count: u32): bool {
  let next: u32 = 0
  for (let at = start; at < start + count * (FoldRun.Words << 2); at += FoldRun.Words << 2) {
    const first = load<u32>(at, FoldRun.First << 2)
    const last = load<u32>(at, FoldRun.Last << 2)
    const delta = load<u32>(at, FoldRun.Delta << 2)
    if (first < next || last < first || last > LAST_POINT || load<u32>(at, FoldRun.Step << 2) - 1 > 1) return false
    if (first + delta > LAST_POINT || last + delta > LAST_POINT || first + delta > last + delta) return false
    // Surrogates are no characters.
    if (first + delta < 0xe000 && last + delta >= 0xd800) return false
    next = last + 1
  }
  return true
}

export function validateReplies(): bool {
  const size = sectionLength(Section.Replies)
  if (size < 8) return false
  const start = sectionStart(Section.Replies)
  const count = load<u32>(start)
  if (count > (size - 8) >> 2) return false
  return validOffsets(start + 4, count, size - 8 - (count << 2), 0)
}

export function validateRuleTexts(): bool {
  const rules = load<u32>(Layout.ImageBase + (Header.RuleCount << 2))
  if (sectionLength(Section.RuleTextOffsets) != (rules + 1) << 2) return false
  // What goes into answers begins after `{"id":`, and something has to be there.
  return validOffsets(sectionStart(Section.RuleTextOffsets), rules, sectionLength(Section.RuleTexts), 7)
}

/** One more than there are texts, in order, within `size` bytes; each text has so many bytes at least. */
export function validOffsets(start: u32, count: u32, size: u32, least: u32): bool {
  let previous = load<u32>(start)
  if (previous > size) return false
  for (let at = start + 4; at <= start + (count << 2); at += 4) {
    const offset = load<u32>(at)
    if (offset < previous + least || offset > size) return false
    previous = offset
  }
  return true
}
