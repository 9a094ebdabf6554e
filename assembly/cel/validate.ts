/** Checks of expressions: known nodes whose children fill them, operands that exist, variables inside what binds them. */
import { Tag } from '../abi/frame'
import { Header, Section } from '../abi/image'
import { Layout, Limit } from '../abi/memory'
import { CelCall, CelFold, CelFoldRange, CelLimit, CelNode, CelOp, CelParameter, CelPart, CelTag, CelType } from '../abi/cel'
import { isMarked, mark } from '../validate/marks'
import { sectionLength, sectionStart } from '../state'
import { bindItems, readsLocalPart } from '../validate/item-parts'

let slotBytes: u32 = 0
let strings: u32 = 0

export function validateExpressions(): bool {
  slotBytes = load<u32>(Layout.ImageBase + (Header.SlotCount << 2)) * Layout.CellSize
  cells = 0
  strings = (sectionLength(Section.StringOffsets) >> 2) - 1
  let at = sectionStart(Section.Expressions)
  const end = at + sectionLength(Section.Expressions)
  if ((end - at) & 3) return false
  while (at < end) {
    mark(at)
    const size = nodeSize(at, end, 0, 0)
    if (size == 0) return false
    at += size
  }
  return true
}

/** Bytes of a valid node, or 0. `locals` is the number of variables that are bound around it. */
function nodeSize(at: u32, end: u32, depth: u32, locals: u32): u32 {
  if (depth > <u32>CelLimit.Depth || end - at < 4) return 0
  const words = load<u32>(at) >> 8
  if (words == 0 || words > (end - at) >> 2) return 0
  if (!validNode(at, load<u32>(at) & 0xff, words, depth, locals)) return 0
  nodes++
  return words << 2
}

/** How many nodes were found valid. */
let nodes: u32 = 0

function validNode(at: u32, op: u32, words: u32, depth: u32, locals: u32): bool {
  const end = at + (words << 2)
  switch (op) {
    case CelOp.Constant:
      return validConstant(at, words)
    case CelOp.Now:
    case CelOp.OptionalNone:
      return words == 1
    case CelOp.Bytes:
      return words >= 2 && (<u64>load<u32>(at, 4) + 3) >> 2 == words - 2
    case CelOp.Slot:
    case CelOp.OptionalSlot:
      return words == 2 && validSlot(load<u32>(at, 4))
    case CelOp.Local:
      return words == 2 && load<u32>(at, 4) < locals && !isCells(load<u32>(at, 4))
    case CelOp.ItemPart:
      return words == 3 && validItem(at, locals) && validPart(at, load<u32>(at, 8))
    case CelOp.HasItemPart:
      return words == 4 && validItem(at, locals) && validPart(at, load<u32>(at, 8)) && validPart(at, load<u32>(at, 12))
    case CelOp.Select:
    case CelOp.Has:
    case CelOp.OptionalSelect:
      return words > 2 && load<u32>(at, 4) < strings && children(at + 8, end, depth, locals) == 1
    case CelOp.HasSlot:
      return words == 3 && (load<u32>(at, 4) == CelNode.NoParent || validSlot(load<u32>(at, 4))) && validSlot(load<u32>(at, 8))
    case CelOp.And:
    case CelOp.Or:
    case CelOp.List:
      return children(at + 4, end, depth, locals) >= 0
    case CelOp.Map:
      return (children(at + 4, end, depth, locals) & 1) == 0
    case CelOp.Not:
    case CelOp.OptionalElement:
      return children(at + 4, end, depth, locals) == 1
    case CelOp.Conditional:
      return children(at + 4, end, depth, locals) == 3
    case CelOp.Call:
      return words > 2 && isCall(load<u32>(at, 4)) && children(at + 8, end, depth, locals) == (load<u32>(at, 4) >> 6) + 1
    case CelOp.OptionalOr:
      return words > 2 && load<u32>(at, 4) <= 1 && children(at + 8, end, depth, locals) == 2
    case CelOp.PartInZone:
      return words > 3 && load<u32>(at, 4) < <u32>CelPart.Count && validZone(load<u32>(at, 8)) && children(at + 12, end, depth, locals) == 1
    case CelOp.Matches:
      return words > 2 && isMarked(Section.RegexPrograms, load<u32>(at, 4)) && children(at + 8, end, depth, locals) == 1
    default:
      return validBinder(at, op, words, end, depth, locals)
  }
}

/** Nodes that bind variables: the next ones that are free, for the nodes after the first. */
function validBinder(at: u32, op: u32, words: u32, end: u32, depth: u32, locals: u32): bool {
  if (words < 4) return false
  if (op == CelOp.Bind) {
    return load<u32>(at, 4) == locals && locals < <u32>CelLimit.Locals && bodies(at + 8, end, depth, locals, 1) == 1
  }
  if (op == CelOp.OptionalMap) {
    const fits = load<u32>(at, 4) == locals && locals < <u32>CelLimit.Locals && load<u32>(at, 8) <= 1
    return fits && bodies(at + 12, end, depth, locals, 1) == 1
  }
  if (op == CelOp.Parameters) return validParameters(at, words, end, depth, locals)
  if (op != CelOp.Fold || words < 5) return false
  const kind = load<u32>(at, 4) & 0xff
  const variables = (load<u32>(at, 4) >> 8) & 0xff
  const range = load<u32>(at, 4) >> 16
  if (range > <u32>CelFoldRange.Cells) return false
  if (kind >= <u32>CelFold.Count || variables < 1 || variables > 2) return false
  if (load<u32>(at, 8) != locals || locals + variables > <u32>CelLimit.Locals) return false
  const filtered = kind == CelFold.MapFiltered || kind == CelFold.TransformMapFiltered || kind == CelFold.TransformEntriesFiltered
  const count = filtered ? 2 : 1
  const around = cells
  if (range == CelFoldRange.Cells) {
    // Only what the host writes has such cells.
    if (variables != 1 || (load<u32>(at, 16) & 0xff) != CelOp.Slot) return false
    cells |= <u64>1 << locals
    bindItems(locals, load<u32>(at, 20))
  }
  const fits = bodies(at + 16, end, depth, locals, variables) == count
  cells = around
  return fits && load<u32>(at, 12) == bodyNodes + 1
}

/** Which of the variables stand for the cells of an item. */
let cells: u64 = 0

function isCells(local: u32): bool {
  return ((cells >> local) & 1) != 0
}

function validItem(at: u32, locals: u32): bool {
  return load<u32>(at, 4) < locals && isCells(load<u32>(at, 4))
}

/** A part of the items that the node's variable stands for. */
function validPart(at: u32, offset: u32): bool {
  if (offset >= <u32>Limit.ItemParts * Layout.CellSize || (offset & 15) != 0) return false
  readsLocalPart(load<u32>(at, 4), offset)
  return true
}

function validConstant(at: u32, words: u32): bool {
  if (words < 5) return false
  if (load<u32>(at, 4) != Tag.List) return words == 5 && validScalar(at + 4)
  const count = load<u32>(at, 8)
  if (count != (words - 5) >> 2 || ((words - 5) & 3) != 0) return false
  if (load<u32>(at, 12) != at + 20 || load<u32>(at, 16) != Layout.CellSize) return false
  for (let i: u32 = 0; i < count; i++) if (!validScalar(at + 20 + i * Layout.CellSize)) return false
  return true
}

function validScalar(cell: u32): bool {
  switch (load<u32>(cell)) {
    case Tag.Null:
    case Tag.Number:
    case CelTag.Int:
    case CelTag.Uint:
      return true
    case Tag.Boolean:
      return load<u32>(cell, 4) <= 1
    case Tag.String:
      return load<u32>(cell, 4) < strings
    case CelTag.Type:
      return load<u32>(cell, 4) < <u32>CelType.Count
    default:
      return false
  }
}

/** Parameters are the outermost variables. */
function validParameters(at: u32, words: u32, end: u32, depth: u32, locals: u32): bool {
  const count = load<u32>(at, 4) & 0xff
  if (locals != 0 || count > <u32>CelLimit.Parameters || load<u32>(at, 4) >> 8 > 1) return false
  const body = at + 8 + count * 12
  if (words <= 2 + count * 3) return false
  for (let one = at + 8; one < body; one += 12) {
    if (!validParameter(load<u32>(one)) || !validSlot(load<u32>(one, 4)) || !validSlot(load<u32>(one, 8))) return false
  }
  return children(body, end, depth, count) == 1
}

/** Lists and maps of something, and at their end a type that holds nothing. */
function validParameter(type: u32): bool {
  while ((type & 15) == CelParameter.List || (type & 15) == CelParameter.Map) type >>= 4
  return type >= <u32>CelParameter.Any && type < <u32>CelParameter.List
}

/** One node without the variables, then those with them: how many, or -1. */
function bodies(at: u32, end: u32, depth: u32, locals: u32, variables: u32): i32 {
  if (at >= end) return -1
  const size = nodeSize(at, end, depth + 1, locals)
  if (size == 0) return -1
  const before = nodes
  const count = children(at + size, end, depth, locals + variables)
  bodyNodes = nodes - before
  return count
}

/** Nodes of the bodies that were looked at last, with all below them. */
let bodyNodes: u32 = 0

/** How many nodes stand back to back up to the end, or -1. */
function children(at: u32, end: u32, depth: u32, locals: u32): i32 {
  let count = 0
  while (at < end) {
    const size = nodeSize(at, end, depth + 1, locals)
    if (size == 0) return -1
    at += size
    count++
  }
  return count
}

function isCall(call: u32): bool {
  if (call < 64) return call < <u32>CelCall.UnaryEnd
  if (call < 128) return call < <u32>CelCall.BinaryEnd
  return call < 192 ? call < <u32>CelCall.TernaryEnd : call < <u32>CelCall.End
}

function validZone(address: u32): bool {
  return address == 0 || isMarked(Section.Zones, address)
}

function validSlot(offset: u32): bool {
  return offset < slotBytes && (offset & 15) == 0
}
