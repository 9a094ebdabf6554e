/**
 * How many parts of its items a slot's list must have. Conditions and expressions go from the start of an item to the part that
 * they read without asking; so whatever fills the slot (the paths of JSON, entities, the host) must write as many.
 */
import { CelLimit } from '../abi/cel'
import { Layout } from '../abi/memory'

/** Bytes per variable of an expression that stands for items: where in the frame their list is. */
const RANGE_SIZE: u32 = 4

let ranges: u32 = 0
/** A byte per slot: the last part that something reads. The first is the item itself, which every item has. */
let lastParts: u32 = 0

/** How many bytes it takes to note what is read of so many slots. */
export function itemPartsSize(slots: u32): u32 {
  return CelLimit.Locals * RANGE_SIZE + slots
}

/** Begins with nothing read; there are zeros from `at` on. */
export function startItemParts(at: u32): void {
  ranges = at
  lastParts = at + CelLimit.Locals * RANGE_SIZE
}

/** Notes what reads the items of a slot; both are offsets in bytes, of the slot in the frame and of the part in the item. */
export function readsItemPart(slotOffset: u32, partOffset: u32): void {
  const at = lastParts + slotOffset / Layout.CellSize
  store<u8>(at, <u8>max(<u32>load<u8>(at), partOffset / Layout.CellSize))
}

/** Notes that a variable stands for the items of a slot from here on. */
export function bindItems(local: u32, slotOffset: u32): void {
  store<u32>(ranges + local * RANGE_SIZE, slotOffset)
}

/** Notes what reads the items that a variable stands for. */
export function readsLocalPart(local: u32, partOffset: u32): void {
  readsItemPart(load<u32>(ranges + local * RANGE_SIZE), partOffset)
}

/** Whether items with so many parts have all that is read of them. */
export function hasItemParts(slot: u32, count: u32): bool {
  return count > <u32>load<u8>(lastParts + slot)
}
