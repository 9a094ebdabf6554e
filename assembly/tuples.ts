/**
 * Tuples: an object has a relation to a subject, which is an object, all of its type (the id `*`), or all who have a
 * relation to it (a userset). Two trees hold them, by object and by subject; a third the conditions of those that have one.
 */
import { Tree, TupleArea, TupleContext } from './abi'
import { areaWord, blockSize, release, roomLeft, setAreaWord, startArea } from './tuple-area'
import { dropNode, findNode, internNode, nodeRoom, tableGrowth } from './tuple-nodes'
import { find, hasPrefix, insert, mostPages, remove } from './tuple-tree'

/** Bit 0 of a subject in Tree.Forward: the tuple has a condition. Nodes are 4-aligned, so it is free. */
export const CONDITIONAL: u32 = 1

// @ts-ignore: decorator
@inline
export function keyOf(node: u32, relation: u32, other: u32): u64 {
  return (<u64>node << 32) | (relation << 16) | other
}

/** Sets where the area ends; an area that has none yet starts empty. */
export function limitTuples(limit: u32): void {
  if (areaWord(TupleArea.Limit) == 0) startArea(limit)
  else setAreaWord(TupleArea.Limit, limit)
}

/** Bytes that the area lacks to add a tuple with ids of these lengths, and a context of this size; 0 when there is room. */
export function lackingFor(objectLength: u32, subjectLength: u32, contextSize: u32): u32 {
  const pages = mostPages(Tree.Forward) + mostPages(Tree.Reverse) + (contextSize == 0 ? 0 : mostPages(Tree.Contexts) + 1)
  const needed = pages * TupleArea.PageSize + nodeRoom(objectLength, subjectLength) + tableGrowth() + blockSize(contextSize)
  const left = roomLeft()
  return needed > left ? needed - left : 0
}

/** Which way a change went. */
export const UNCHANGED: u32 = 0
export const CHANGED: u32 = 1

/**
 * Adds a tuple; there must be room. A tuple that is there already gets this context in place of its own.
 * `context` is a block of the area, which then belongs to the tuple, or 0.
 */
export function addTuple(types: u32, relations: u32, objectText: u32, objectLength: u32, subjectText: u32, subjectLength: u32, context: u32): u32 {
  const object = internNode(types >> 16, objectText, objectLength)
  const subject = internNode(types & 0xffff, subjectText, subjectLength)
  const relation = relations >> 16
  const subjectRelation = relations & 0xffff
  const forward = keyOf(object, relation, subjectRelation)
  const flag: u32 = context == 0 ? 0 : CONDITIONAL
  const old = existing(forward, subject)
  let outcome = UNCHANGED
  if (old == 0) {
    insert(Tree.Forward, forward, subject | flag, 0)
    insert(Tree.Reverse, keyOf(subject, subjectRelation, relation), object, 0)
    setAreaWord(TupleArea.TupleCount, areaWord(TupleArea.TupleCount) + 1)
    outcome = CHANGED
  } else {
    const before = load<u32>(old, 8)
    if (before & CONDITIONAL) dropContext(forward, subject)
    if (before != (subject | flag)) {
      // Not in place: a page above may have the old key as its border.
      remove(Tree.Forward, forward, before)
      insert(Tree.Forward, forward, subject | flag, 0)
    }
  }
  if (context != 0) insert(Tree.Contexts, forward, subject, context)
  return outcome
}

/** Address of the tuple's entry in Tree.Forward, or 0. */
function existing(forward: u64, subject: u32): u32 {
  const entry = find(Tree.Forward, forward, subject)
  return entry != 0 ? entry : find(Tree.Forward, forward, subject | CONDITIONAL)
}

function dropContext(forward: u64, subject: u32): void {
  const context = contextOf(forward, subject)
  remove(Tree.Contexts, forward, subject)
  release(context, load<u32>(context, TupleContext.Size << 2))
}

/** The condition and context of a tuple whose subject is marked CONDITIONAL. */
export function contextOf(forward: u64, subject: u32): u32 {
  return load<u32>(find(Tree.Contexts, forward, subject & ~CONDITIONAL), 12)
}

/** Address of the tuple's entry in Tree.Forward, or 0 when there is no such tuple. */
export function locateTuple(types: u32, relations: u32, objectText: u32, objectLength: u32, subjectText: u32, subjectLength: u32): u32 {
  const object = findNode(types >> 16, objectText, objectLength)
  const subject = findNode(types & 0xffff, subjectText, subjectLength)
  if (object == 0 || subject == 0) return 0
  return existing(keyOf(object, relations >> 16, relations & 0xffff), subject)
}

/** Removes the tuple of an entry in Tree.Forward, and the nodes that no other tuple names. */
export function removeTuple(entry: u32): void {
  const forward = load<u64>(entry)
  const marked = load<u32>(entry, 8)
  const subject = marked & ~CONDITIONAL
  const object = <u32>(forward >> 32)
  const relation = (<u32>forward) >> 16
  const subjectRelation = <u32>forward & 0xffff
  if (marked & CONDITIONAL) dropContext(forward, subject)
  remove(Tree.Forward, forward, marked)
  remove(Tree.Reverse, keyOf(subject, subjectRelation, relation), object)
  setAreaWord(TupleArea.TupleCount, areaWord(TupleArea.TupleCount) - 1)
  if (!isNamed(object)) dropNode(object)
  if (subject != object && !isNamed(subject)) dropNode(subject)
}

function isNamed(node: u32): bool {
  return hasPrefix(Tree.Forward, node) || hasPrefix(Tree.Reverse, node)
}
