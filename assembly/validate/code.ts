/** Checks of condition nodes: known operations, operands that exist, children inside their parent, bounded nesting. */
import { Cidr, Comparison, Op, Operand } from '../abi/condition'
import { Id, Tag } from '../abi/frame'
import { Header, Section } from '../abi/image'
import { Layout, Limit } from '../abi/memory'
import { RelatedNode } from '../abi/relations'
import { TrustNode } from '../abi/trust'
import { isMarked, mark } from './marks'
import { sectionLength, sectionStart } from '../state'
import { areBelow, validCells } from './data'
import { readsItemPart } from './item-parts'
import { inTupleCondition, validRelated } from './relations'
import { validTimeTest } from './time'
import { validTrust } from './trust'

let slotBytes: u32 = 0
let stringCount: u32 = 0
let roleCount: u32 = 0
/** Where in the frame the list is whose items the node is about. */
let listOffset: u32 = 0

/** What nodes may refer to; the roles have been checked. */
export function prepareCodeChecks(): void {
  slotBytes = load<u32>(Layout.ImageBase + (Header.SlotCount << 2)) * Layout.CellSize
  stringCount = (sectionLength(Section.StringOffsets) >> 2) - 1
  roleCount = load<u32>(sectionStart(Section.Roles))
}

/** The comparisons that others may refer to. They have no children, so that nothing reaches itself. */
export function validateComparisons(): bool {
  let at = sectionStart(Section.Comparisons)
  const end = at + sectionLength(Section.Comparisons)
  while (at < end) {
    mark(at)
    const size = nodeSize(at, end, 0, false)
    if (size - 1 >= <u32>Comparison.MostShared << 2 || !isComparison(load<u32>(at) & 0xff)) return false
    at += size
  }
  return true
}

/** Bytes of the comparisons that all must hold at `at`, or 0. */
export function joinedSize(at: u32, end: u32): u32 {
  const word = load<u32>(at)
  const size = (word >> 8) << 2
  if ((word & 0xff) != Op.AllShared || size > end - at) return 0
  for (let child = at + 4; child < at + size; child += 4) {
    if (!isMarked(Section.Comparisons, load<u32>(child))) return 0
  }
  return size
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
  const isValid = isComparison(op)
    ? validComparison(at, op, words, at + size, inItem)
    : validNode(at, op, words, at + size, depth, inItem)
  return isValid ? size : 0
}

// @ts-ignore: decorator
@inline
function isComparison(op: u32): bool {
  return op < 64 && ((COMPARISONS >> <u64>op) & 1) != 0
}

/** The operations that compare an attribute: a bit each. */
const COMPARISONS: u64 = ((<u64>1 << (Op.EndsWith + 1)) - (<u64>1 << Op.Eq)) | ((<u64>1 << (Op.InStrings + 1)) - (<u64>1 << Op.EqString))

/** Most nodes are comparisons: they are told apart by what is cheaper than a jump that no processor can foresee. */
function validComparison(at: u32, op: u32, words: u32, end: u32, inItem: bool): bool {
  if (words < 2 || !validAttribute(load<u32>(at, 4), inItem)) return false
  if (op <= <u32>Op.EndsWith) return words > 2 && validOperand(at, end, inItem)
  if (op - Op.GtNumber <= <u32>(Op.LteNumber - Op.GtNumber)) return words == 4
  return (op == Op.InStrings || words == 3) && areBelow(at + 8, end, stringCount)
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
      return words > 1 && areBelow(at + 4, end, roleCount)
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

/** A test of the attribute that is its first operand, which has been checked. */
function validTest(at: u32, op: u32, words: u32, end: u32, depth: u32, inItem: bool): bool {
  switch (op) {
    case Op.Exists:
      return words == 2
    case Op.Glob:
      return words == 3 && isMarked(Section.GlobPrograms, load<u32>(at, 8))
    case Op.Regex:
      return words == 3 && isMarked(Section.RegexPrograms, load<u32>(at, 8))
    case Op.Cidr:
      return words == 4 && validCidrs(load<u32>(at, 8), load<u32>(at, 12))
    case Op.SemverEq:
    case Op.SemverGt:
    case Op.SemverGte:
    case Op.SemverLt:
    case Op.SemverLte:
      return words > 6 && load<u32>(at, 8) == Operand.Inline && validOperand(at, end, inItem) && load<u32>(at, 12) == Tag.String
    case Op.BeforeAttribute:
    case Op.AfterAttribute:
      return words == 3 && validAttribute(load<u32>(at, 8), inItem)
    case Op.During:
    case Op.Before:
    case Op.After:
    case Op.Within:
    case Op.OlderThan:
      return validTimeTest(at, op, words)
    case Op.Trust:
      return words == TrustNode.Words && validTrust(at, slotBytes)
    case Op.Items:
      if (words < 4 || inItem || load<u32>(at, 8) > 2) return false
      listOffset = load<u32>(at, 4) & ~15
      return onlyChild(at + 12, end, depth, true)
    default:
      return false
  }
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
  if ((word & 15) == Operand.Frame) return base < slotBytes
  if ((word & 15) != Operand.Item || !inItem || base >= <u32>Limit.ItemParts * Layout.CellSize) return false
  readsItemPart(listOffset, base)
  return true
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
  return word >> 4 < stringCount
}

function validCidrs(address: u32, count: u32): bool {
  const start = sectionStart(Section.Cidrs)
  const end = start + sectionLength(Section.Cidrs)
  if (address < start || address > end || (address - start) % Cidr.Size != 0) return false
  return count <= (end - address) / Cidr.Size
}
