/** What starts where in an image: noted while its parts are checked, so that references can be held against it. */
import { Layout } from '../abi/memory'
import { sectionLength, sectionStart } from '../state'
import { itemPartsSize, startItemParts } from './item-parts'

/** A bit per word of the image, in a map after it. */
let marks: u32 = 0

/** Starts anew for an image of so many bytes; false without memory for it. */
export function clearMarks(length: u32, slotCount: u32): bool {
  marks = Layout.ImageBase + length
  const mapSize = (length >> 5) + 4
  const size = mapSize + itemPartsSize(slotCount)
  const needed = (marks + size + 0xffff) >> 16
  const present = <u32>memory.size()
  if (needed > present && memory.grow(needed - present) < 0) return false
  memory.fill(marks, 0, size)
  startItemParts(marks + mapSize)
  return true
}

/** Notes that something whole starts at this address. */
export function mark(address: u32): void {
  const word = (address - Layout.ImageBase) >> 2
  const at = marks + (word >> 3)
  store<u8>(at, load<u8>(at) | <u8>((<u32>1) << (word & 7)))
}

/** Whether the address is inside the section and something whole starts there. */
export function isMarked(section: u32, address: u32): bool {
  if (address - sectionStart(section) >= sectionLength(section) || address & 3) return false
  const word = (address - Layout.ImageBase) >> 2
  return ((load<u8>(marks + (word >> 3)) >> (word & 7)) & 1) != 0
}
