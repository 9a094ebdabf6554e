/** The test `related` of a condition: who and what, from attributes, to nodes of tuples. */
import { Operand } from '../abi/condition'
import { Truth } from '../abi/decision'
import { Id, Tag } from '../abi/frame'
import { Layout } from '../abi/memory'
import { RelatedNode, RelationTable } from '../abi/relations'
import { elsewhere, known } from './answers'
import { check } from './check'
import { rewriteOf } from './model'
import { relations, stringBytes, stringCount, stringOffsets } from '../state'
import { hasText, sameBytes, textLength, textStart } from '../text'
import { findNode } from '../tuple/nodes'

/** Where the last operand's text is. */
let start: u32 = 0
let length: u32 = 0
let id: u32 = 0

/** A type's number that no type has. */
const NO_TYPE: u32 = 0xffffffff
const COLON: u8 = 0x3a

/** `frame` and `item` are where the two kinds of attributes are. */
export function related(node: u32, frame: u32, item: u32): Truth {
  const subjectRelation = load<u32>(node, RelatedNode.SubjectRelation << 2)
  if (!locate(node, RelatedNode.SubjectType, RelatedNode.SubjectId, frame, item)) return Truth.NotEvaluable
  const subjectType = type
  const subjectStart = start
  const subjectLength = length
  if (!locate(node, RelatedNode.ObjectType, RelatedNode.ObjectId, frame, item)) return Truth.NotEvaluable
  if (subjectType == NO_TYPE || type == NO_TYPE) return Truth.False
  const relation = load<u32>(node, RelatedNode.Relation << 2)
  if (elsewhere) {
    if (rewriteOf(type, relation) == 0) return Truth.False
    const types = (type << 16) | subjectType
    return known(types, (relation << 16) | subjectRelation, start, length, subjectStart, subjectLength)
  }
  const same = subjectType == type && subjectLength == length && sameBytes(subjectStart, start, length)
  const subject = findNode(subjectType, subjectStart, subjectLength)
  return check(subject, subjectType, subjectRelation, findNode(type, start, length), relation, same)
}

let type: u32 = 0

/** Reads a type and an id; false when an attribute is not there, or is no text. */
function locate(node: u32, typeField: u32, idField: u32, frame: u32, item: u32): bool {
  const typeWord = load<u32>(node + (typeField << 2))
  if (typeWord == Id.NoKey) {
    if (!read(load<u32>(node + (idField << 2)), frame, item)) return false
    return splitReference()
  }
  if (!read(typeWord, frame, item)) return false
  type = typeOfText()
  return read(load<u32>(node + (idField << 2)), frame, item)
}

function read(word: u32, frame: u32, item: u32): bool {
  if ((word & 15) == Operand.Text) {
    id = word >> 4
    const entry = stringOffsets + (id << 2)
    start = stringBytes + load<u32>(entry)
    length = load<u32>(entry, 4) - load<u32>(entry)
    return true
  }
  const cell = ((word & 15) == Operand.Frame ? frame : item) + (word & ~15)
  if (load<u32>(cell) != Tag.String || !hasText(cell)) return false
  id = load<u32>(cell, 4)
  start = textStart(cell)
  length = textLength(cell)
  return true
}

/** `type:id`, at the first colon. */
function splitReference(): bool {
  let colon: u32 = 0
  while (colon < length && load<u8>(start + colon) != COLON) colon++
  if (colon == 0 || colon + 1 >= length) return false
  const whole = length
  id = stringCount
  length = colon
  type = typeOfText()
  start += colon + 1
  length = whole - colon - 1
  return true
}

/** The number of the type with the name that was read. */
function typeOfText(): u32 {
  const count = load<u32>(relations, RelationTable.TypeCount << 2)
  for (let i: u32 = 0; i < count; i++) {
    const name = load<u32>(relations + ((RelationTable.HeaderWords + i) << 2))
    if (id < stringCount) {
      if (name == id) return i
      continue
    }
    const entry = stringOffsets + (name << 2)
    const from = load<u32>(entry)
    if (load<u32>(entry, 4) - from == length && sameBytes(stringBytes + from, start, length)) return i
  }
  return NO_TYPE
}
