/** Checks of the relation model, its rewrites and the conditions on tuples. */
import { Header, Section } from '../abi/image'
import { Layout, Limit } from '../abi/memory'
import { RelatedNode, RelationTable, Rewrite, RewriteFlags } from '../abi/relations'
import { isMarked, mark } from './marks'
import { sectionLength, sectionStart } from '../state'
import { validateNodes } from './code'
import { areBelow } from './data'

/** The highest number of a relation; 0 when the image has no model. */
let relationCount: u32 = 0
/** Conditions on tuples are being checked: they may not ask for relations in turn. */
export let inTupleCondition: bool = false

/** The model alone, which condition nodes refer to. */
export function validateRelations(): bool {
  const start = sectionStart(Section.Relations)
  const size = sectionLength(Section.Relations)
  relationCount = 0
  if (size == 0) return sectionLength(Section.Rewrites) == 0 && sectionLength(Section.TupleConditions) == 0
  if (size & 3 || size < <u32>RelationTable.HeaderWords << 2) return false
  const types = load<u32>(start, RelationTable.TypeCount << 2)
  const count = load<u32>(start, RelationTable.RelationCount << 2)
  const conditions = load<u32>(start, RelationTable.ConditionCount << 2)
  const words = (size >> 2) - RelationTable.HeaderWords
  if (types == 0 || types > 0xffff || count > 0xfffe || conditions > 0xffff) return false
  if (<u64>types * (count + 1) > <u64>Limit.RelationMatrix) return false
  const matrix = types * (count + 1)
  if (types + conditions + matrix > words) return false
  if (load<u32>(start, RelationTable.Depth << 2) - 1 >= <u32>Limit.RelationDepth) return false
  const tables = start + (RelationTable.HeaderWords << 2)
  const lists = tables + ((types + conditions + matrix) << 2)
  if (!validTypes(tables, types)) return false
  if (!validSlots(load<u32>(start, RelationTable.RequestSlots << 2), lists, start + size)) return false
  if (!validSlots(load<u32>(start, RelationTable.TupleSlots << 2), lists, start + size)) return false
  if (!validMembers(load<u32>(start, RelationTable.MemberRelations << 2), lists, start + size, count)) return false
  relationCount = count
  if (!validateRewrites()) return false
  for (let at = tables + ((types + conditions) << 2); at < lists; at += 4) {
    if (load<u32>(at) != 0 && !isMarked(Section.Rewrites, load<u32>(at))) return false
  }
  return true
}

/** The conditions, once what they refer to has been checked. */
export function validateTupleConditions(): bool {
  const size = sectionLength(Section.TupleConditions)
  const at = sectionStart(Section.TupleConditions)
  if (size & 3) return false
  inTupleCondition = true
  const valid = validateNodes(at, at + size)
  inTupleCondition = false
  if (!valid) return false
  if (relationCount == 0 && sectionLength(Section.Relations) == 0) return true
  const start = sectionStart(Section.Relations)
  const types = load<u32>(start, RelationTable.TypeCount << 2)
  const from = start + ((RelationTable.HeaderWords + types) << 2)
  const end = from + (load<u32>(start, RelationTable.ConditionCount << 2) << 2)
  for (let one = from; one < end; one += 4) if (!isMarked(Section.TupleConditions, load<u32>(one))) return false
  return true
}

function validTypes(at: u32, count: u32): bool {
  const strings = (sectionLength(Section.StringOffsets) >> 2) - 1
  return areBelow(at, at + (count << 2), strings)
}

function validSlots(list: u32, start: u32, end: u32): bool {
  if (list < start || list & 3 || list >= end) return false
  const count = load<u32>(list)
  if (count > (end - list - 4) >> 2) return false
  const slots = load<u32>(Layout.ImageBase + (Header.SlotCount << 2))
  return areBelow(list + 4, list + 4 + (count << 2), slots)
}

function validMembers(list: u32, start: u32, end: u32, relations: u32): bool {
  if (list < start || list & 3 || list >= end) return false
  const count = load<u32>(list)
  if (count > (end - list - 4) >> 2) return false
  for (let at = list + 4; at < list + 4 + (count << 2); at += 4) if (load<u32>(at) - 1 >= relations) return false
  return true
}

function validateRewrites(): bool {
  let at = sectionStart(Section.Rewrites)
  const end = at + sectionLength(Section.Rewrites)
  if ((end - at) & 3) return false
  while (at < end) {
    mark(at)
    const size = rewriteSize(at, end, 0)
    if (size == 0) return false
    at += size
  }
  return true
}

/** Bytes of a valid rewrite, or 0. */
function rewriteSize(at: u32, end: u32, depth: u32): u32 {
  if (depth > <u32>Limit.RewriteDepth || end - at < 4) return 0
  const word = load<u32>(at)
  const words = word >> 8
  if (words == 0 || words > (end - at) >> 2) return 0
  const size = words << 2
  return validRewrite(at, word & 0xff, words, at + size, depth) ? size : 0
}

function validRewrite(at: u32, op: u32, words: u32, end: u32, depth: u32): bool {
  switch (op) {
    case Rewrite.Direct:
      return words == 2 && load<u32>(at, 4) <= <u32>RewriteFlags.All
    case Rewrite.Computed:
      return words == 2 && isRelation(load<u32>(at, 4))
    case Rewrite.Arrow:
      return words == 3 && isRelation(load<u32>(at, 4)) && isRelation(load<u32>(at, 8))
    case Rewrite.Union:
    case Rewrite.Intersection:
      return countParts(at + 4, end, depth) > 0
    case Rewrite.Exclusion:
      return countParts(at + 4, end, depth) == 2
    default:
      return false
  }
}

/** How many valid parts there are; -1 when one is not valid. */
function countParts(at: u32, end: u32, depth: u32): i32 {
  let count = 0
  while (at < end) {
    const size = rewriteSize(at, end, depth + 1)
    if (size == 0) return -1
    at += size
    count++
  }
  return count
}

function isRelation(relation: u32): bool {
  return relation - 1 < relationCount
}

/** A node of Op.Related, but for its operands: `words` long. */
export function validRelated(at: u32, words: u32): bool {
  if (inTupleCondition || words != <u32>RelatedNode.Words || load<u32>(at, RelatedNode.Unused << 2) != 0) return false
  return isRelation(load<u32>(at, RelatedNode.Relation << 2)) && load<u32>(at, RelatedNode.SubjectRelation << 2) <= relationCount
}
