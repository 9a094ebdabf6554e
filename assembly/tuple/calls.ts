/**
 * The host's calls about tuples and single checks. Ids are passed as UTF-8 in the scratch area; `types` and `relations` are the
 * object's in the upper and the subject's in the lower half. None of these may be called during a decision, nor when the
 * image has no relations.
 */
import { Truth } from '../abi/decision'
import { Info, Layout } from '../abi/memory'
import { RelationTable } from '../abi/relations'
import { fillFromEntities, findEntities } from '../entities'
import { check, forgetChecks, passedDepth } from '../relation/check'
import { forgetMembers } from '../relation/members'
import { placeScratch, relations } from '../state'
import { exhausted, refill } from '../steps'
import { sameBytes } from '../text'
import { allocate } from './area'
import { findNode } from './nodes'
import { forgetFinger } from './tree'
import { addTuple, limitTuples, locateTuple, removeTuple } from './tuples'

export { lackingFor } from './tuples'

/** Gives the tuple area the memory up to `limit`, which the host has made sure of; the scratch area begins there. */
export function reserveTuples(limit: u32): void {
  limitTuples(limit)
  forgetFinger()
  forgetMembers()
  placeScratch(limit)
  store<u32>(Layout.InfoBase + (Info.Scratch << 2), limit)
}

/** Room for a tuple's condition and context; see TupleContext. There must be room for it and for its tuple. */
export function allocateContext(size: u32): u32 {
  return allocate(size)
}

/** Adds a tuple, or gives it this context; 1 when it was not there. There must be room: see lackingFor. */
export function putTuple(
  types: u32,
  relations: u32,
  object: u32,
  objectLength: u32,
  subject: u32,
  subjectLength: u32,
  context: u32,
): u32 {
  forgetMembers()
  return addTuple(types, relations, object, objectLength, subject, subjectLength, context)
}

/** Removes a tuple; 1 when it was there. */
export function takeTuple(types: u32, relations: u32, object: u32, objectLength: u32, subject: u32, subjectLength: u32): u32 {
  const edge = locateTuple(types, relations, object, objectLength, subject, subjectLength)
  if (edge == 0) return 0
  forgetMembers()
  removeTuple(relations, edge)
  return 1
}

/** Whether there is the tuple: 0 when there is not. */
export function hasTuple(types: u32, relations: u32, object: u32, objectLength: u32, subject: u32, subjectLength: u32): u32 {
  return locateTuple(types, relations, object, objectLength, subject, subjectLength)
}

/** Address of the slots of the request that conditions on tuples read: a count, then slots. */
export function listTupleConditionSlots(): u32 {
  return load<u32>(relations, RelationTable.RequestSlots << 2)
}

/** The node of a type and id, or 0 when no tuple names it. */
export function nodeOf(type: u32, id: u32, length: u32): u32 {
  return findNode(type, id, length)
}

/**
 * Checks a relation by itself; what conditions read is in the frame. Returns a Truth, plus 4 when a check was cut off
 * at the model's depth, plus 8 when it took more steps than a decision may.
 */
export function checkRelation(types: u32, relations: u32, object: u32, objectLength: u32, subject: u32, subjectLength: u32): u32 {
  refill()
  forgetChecks()
  // What the question leaves out, the policies may know.
  findEntities()
  fillFromEntities()
  const objectType = types >> 16
  const subjectType = types & 0xffff
  const relation = relations >> 16
  const asSubject = relations & 0xffff
  const objectNode = findNode(objectType, object, objectLength)
  const subjectNode = findNode(subjectType, subject, subjectLength)
  const same = objectType == subjectType && objectLength == subjectLength && sameBytes(object, subject, objectLength)
  const truth: u32 = check(subjectNode, subjectType, asSubject, objectNode, relation, same)
  const limits: u32 = (passedDepth ? 4 : 0) | (exhausted() ? 8 : 0)
  return truth == Truth.NotEvaluable ? truth | limits : exhausted() ? Truth.NotEvaluable | limits : truth
}
