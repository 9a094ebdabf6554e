/** Checks of an image's strings, cells and programs. Each function walks its section once. */
import { Cidr, GlobOp } from '../abi/condition'
import { Tag } from '../abi/frame'
import { Section } from '../abi/image'
import { Layout, Limit } from '../abi/memory'
import { CelTag } from '../abi/cel'
import { mark } from './marks'
import { sectionLength, sectionStart } from '../state'

const MOST_ITEM_BYTES: u32 = Limit.ItemParts * Layout.CellSize

export function validateStrings(): bool {
  const offsets = sectionStart(Section.StringOffsets)
  const words = sectionLength(Section.StringOffsets)
  const bytes = sectionStart(Section.StringBytes)
  const size = sectionLength(Section.StringBytes)
  if (words < 4 || words & 3 || load<u32>(offsets) != 0 || load<u32>(offsets + words - 4) != size) return false
  let at: u32 = 0
  for (let entry = offsets + 4; entry < offsets + words; entry += 4) {
    const end = load<u32>(entry)
    if (end < at || end > size) return false
    while (at < end) {
      const length = utf8Length(bytes + at, end - at)
      if (length == 0) return false
      at += length
    }
  }
  return true
}

/** Bytes of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7), or 0. */
export function utf8Length(at: u32, left: u32): u32 {
  const b0 = <u32>load<u8>(at)
  if (b0 < 0x80) return 1
  if (b0 < 0xc2 || b0 > 0xf4) return 0
  const length: u32 = b0 < 0xe0 ? 2 : b0 < 0xf0 ? 3 : 4
  if (left < length) return 0
  const b1 = <u32>load<u8>(at, 1)
  const low: u32 = b0 == 0xe0 ? 0xa0 : b0 == 0xf0 ? 0x90 : 0x80
  const high: u32 = b0 == 0xed ? 0x9f : b0 == 0xf4 ? 0x8f : 0xbf
  if (b1 < low || b1 > high) return 0
  for (let i: u32 = 2; i < length; i++) if ((load<u8>(at + i) & 0xc0) != 0x80) return 0
  return length
}

export function validateCells(): bool {
  return validCells(sectionStart(Section.Cells), sectionLength(Section.Cells))
}

/** Whether `size` bytes from `start` are valid cells whose lists stay among them. */
export function validCells(start: u32, size: u32): bool {
  const strings = (sectionLength(Section.StringOffsets) >> 2) - 1
  if (size & 15) return false
  for (let cell = start; cell < start + size; cell += 16) {
    const aux = load<u32>(cell, 4)
    switch (load<u32>(cell)) {
      case Tag.Missing:
      case Tag.Null:
      case Tag.Map:
      case Tag.Number:
        break
      case Tag.Boolean:
        if (aux > 1) return false
        break
      case Tag.String:
        if (aux >= strings) return false
        break
      case Tag.List:
        if (aux != 0 && !itemsFollow(cell, load<u32>(cell, 12), 16, start, size)) return false
        break
      case Tag.ScopedRoles:
        // As a list, with two cells more to an item.
        if (!itemsFollow(cell, load<u32>(cell, 12), 48, start, size)) return false
        break
      case CelTag.Map:
        if (aux != 0 && !itemsFollow(cell, 32, 32, start, size)) return false
        break
      default:
        return false
    }
  }
  return true
}

/** Whether the items of a cell, each of `stride` bytes, `least` of them at least, come after it: no cell can reach itself. */
function itemsFollow(cell: u32, stride: u32, least: u32, start: u32, size: u32): bool {
  const items = load<u32>(cell, 8)
  if (stride < least || stride & 15 || stride - least > MOST_ITEM_BYTES - 16) return false
  if (items <= cell || items >= start + size || (items - start) & 15) return false
  return load<u32>(cell, 4) <= (start + size - items) / stride
}

/** Whether the words from `at` to `end` are all below a bound. */
export function areBelow(at: u32, end: u32, bound: u32): bool {
  for (; at < end; at += 4) if (load<u32>(at) >= bound) return false
  return true
}

export function isCell(address: u32): bool {
  const start = sectionStart(Section.Cells)
  return address >= start && address < start + sectionLength(Section.Cells) && (address & 15) == 0
}

export function validateGlobs(): bool {
  let at = sectionStart(Section.GlobPrograms)
  const end = at + sectionLength(Section.GlobPrograms)
  while (at < end) {
    mark(at)
    while (true) {
      if (end - at < 4) return false
      const word = load<u32>(at)
      const op = word & 0xff
      at += 4
      if (op == GlobOp.End) break
      if (op > <u32>GlobOp.Class) return false
      const size = op == GlobOp.Literal ? ((word >> 8) + 3) & ~3 : op == GlobOp.Class ? (word >> 9) << 3 : 0
      if (size > end - at) return false
      at += size
    }
  }
  return true
}

export function validateCidrs(): bool {
  const start = sectionStart(Section.Cidrs)
  const size = sectionLength(Section.Cidrs)
  if (size % Cidr.Size != 0) return false
  for (let at = start; at < start + size; at += Cidr.Size) {
    const family = load<u8>(at)
    if (!(family == 4 && load<u8>(at, 1) <= 32) && !(family == 6 && load<u8>(at, 1) <= 128)) return false
  }
  return true
}
