/** Checks of condition nodes: known operations, operands that exist, children inside their parent, bounded nesting. */
import { Cidr, Op, Operand } from '../abi/condition'
import { Id, Tag } from '../abi/frame'
import { Header, Section } from '../abi/image'
import { Layout, Limit } from '../abi/memory'
import { RelatedNode } from '../abi/relations'
import { TrustNode } from '../abi/trust'
import { isMarked, mark } from '../image'
import { sectionLength, sectionStart } from '../state'
import { validCells } from './data'
import { readsItemPart } from './item-parts'
import { inTupleCondition, validRelated } from './relations'
import { validTimeTest } from './time'
import { validTrust } from './trust'

let slotBytes: u32 = 0
let roleCount: u32 = 0
/** Where in the frame the list is whose items the node is about. */
let listOffset: u32 = 0

/** What nodes may refer to; the roles have been checked. */
export function prepareCodeChecks(): void {
  slotBytes = load<u32>(Layout.ImageBase + (Header.SlotCount << 2)) * Layout.CellSize
  roleCount = load<u32>(sectionStart(Section.Roles))
}

/** Whether nodes stand back to back from `at` to `end`; marks them. */
export function validateNodes(at: u32, end: u32): bool {
  while (at < end) {
    mark(at)
    const size = nodeSize(at, end, 0, false)
    if (size == 0) return false
    at += size
  }
  return true
}

/** Bytes of a valid node, or 0. */
function nodeSize(at: u32, end: u32, depth: u32, inItem: bool): u32 {
  if (depth > <u32>Limit.ConditionDepth || end - at < 4) return 0
  const word = load<u32>(at)
  const op = word & 0xff
  const words = word >> 8
  if (words == 0 || words > (end - at) >> 2) return 0
  const size = words << 2
  return validNode(at, op, words, at + size, depth, inItem) ? size : 0
}

function validNode(at: u32, op: u32, words: u32, end: u32, depth: u32, inItem: bool): bool {
  switch (op) {
    case Op.All:
    case Op.Any:
      return children(at + 4, end, depth, inItem)
    case Op.Not:
      return onlyChild(at + 4, end, depth, inItem)
    case Op.Otherwise:
      return words > 2 && load<u32>(at, 4) <= 1 && onlyChild(at + 8, end, depth, inItem)
    case Op.HasRole:
      return words > 1 && validRoles(at + 4, end)
    case Op.Related:
      return validRelated(at, words) && validTerms(at, inItem)
    case Op.EqualAttributes:
      return words == 3 && validAttribute(load<u32>(at, 4), false) && validAttribute(load<u32>(at, 8), false)
    case Op.Expression:
      return words == 2 && !inItem && isMarked(Section.Expressions, load<u32>(at, 4))
    default:
      return words > 1 && validAttribute(load<u32>(at, 4), inItem) && validTest(at, op, words, end, depth, inItem)
  }
}

function validTest(at: u32, op: u32, words: u32, end: u32, depth: u32, inItem: bool): bool {
  if (op == Op.Exists) return words == 2
  if (op >= <u32>Op.Eq && op <= <u32>Op.EndsWith) return words > 2 && validOperand(at, end, inItem)
  if (op == Op.Glob) return words == 3 && isMarked(Section.GlobPrograms, load<u32>(at, 8))
  if (op == Op.Regex) return words == 3 && isMarked(Section.RegexPrograms, load<u32>(at, 8))
  if (op == Op.Cidr) return words == 4 && validCidrs(load<u32>(at, 8), load<u32>(at, 12))
  if (op >= <u32>Op.SemverEq && op <= <u32>Op.SemverLte) {
    return words > 6 && load<u32>(at, 8) == Operand.Inline && validOperand(at, end, inItem) && load<u32>(at, 12) == Tag.String
  }
  if (op == Op.EqString) return words == 3 && validStrings(at + 8, end)
  if (op == Op.InStrings) return validStrings(at + 8, end)
  if (op >= <u32>Op.GtNumber && op <= <u32>Op.LteNumber) return words == 4
  if (op == Op.BeforeAttribute || op == Op.AfterAttribute) {
    return words == 3 && validAttribute(load<u32>(at, 8), inItem)
  }
  if (op >= <u32>Op.During && op <= <u32>Op.OlderThan) return validTimeTest(at, op, words)
  if (op == Op.Trust) return words == TrustNode.Words && validTrust(at, slotBytes)
  if (op != Op.Items || words < 4 || inItem || load<u32>(at, 8) > 2) return false
  listOffset = load<u32>(at, 4) & ~15
  return onlyChild(at + 12, end, depth, true)
}

function children(at: u32, end: u32, depth: u32, inItem: bool): bool {
  while (at < end) {
    const size = nodeSize(at, end, depth + 1, inItem)
    if (size == 0) return false
    at += size
  }
  return true
}

function onlyChild(at: u32, end: u32, depth: u32, inItem: bool): bool {
  return at < end && nodeSize(at, end, depth + 1, inItem) == end - at
}

function validAttribute(word: u32, inItem: bool): bool {
  const base = word & ~15
  switch (word & 15) {
    case Operand.Frame:
      return base < slotBytes
    case Operand.Item:
      if (!inItem || base >= <u32>Limit.ItemParts * Layout.CellSize) return false
      readsItemPart(listOffset, base)
      return true
    default:
      return false
  }
}

/** The second operand: an attribute and nothing after it, or cells up to the node's end. */
function validOperand(at: u32, end: u32, inItem: bool): bool {
  const word = load<u32>(at, 8)
  const first = at + 12
  if (word == Operand.Inline) return end > first && validCells(first, end - first)
  return end == first && validAttribute(word, inItem)
}

/** The subject and the object of Op.Related. */
function validTerms(at: u32, inItem: bool): bool {
  return (
    validTerm(load<u32>(at, RelatedNode.SubjectType << 2), true, inItem) &&
    validTerm(load<u32>(at, RelatedNode.SubjectId << 2), false, inItem) &&
    validTerm(load<u32>(at, RelatedNode.ObjectType << 2), true, inItem) &&
    validTerm(load<u32>(at, RelatedNode.ObjectId << 2), false, inItem)
  )
}

function validTerm(word: u32, isType: bool, inItem: bool): bool {
  if (isType && word == Id.NoKey) return true
  if ((word & 15) != Operand.Text) return validAttribute(word, inItem)
  return word >> 4 < (sectionLength(Section.StringOffsets) >> 2) - 1
}

function validStrings(at: u32, end: u32): bool {
  const strings = (sectionLength(Section.StringOffsets) >> 2) - 1
  for (; at < end; at += 4) if (load<u32>(at) >= strings) return false
  return true
}

function validRoles(at: u32, end: u32): bool {
  for (; at < end; at += 4) if (load<u32>(at) >= roleCount) return false
  return true
}

function validCidrs(address: u32, count: u32): bool {
  const start = sectionStart(Section.Cidrs)
  const end = start + sectionLength(Section.Cidrs)
  if (address < start || address > end || (address - start) % Cidr.Size != 0) return false
  return count <= (end - address) / Cidr.Size
}
