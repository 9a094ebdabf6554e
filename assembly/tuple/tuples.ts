/**
 * Tuples: an object has a relation to a subject, which is an object, all of its type (the id `*`), or all who have a
 * relation to it (a userset). Each is an edge of its object and one of its subject; a tree holds the conditions of those that have one.
 */
import { Tree, TupleArea, TupleContext } from '../abi/tuples'
import { areaWord, blockSize, release, roomLeft, setAreaWord, startArea } from './area'
import { addEdge, CONDITIONAL, edgePages, edgeRoom, edgesOf, findEdge, keyOf, markEdge, removeEdge } from './edges'
import { dropNode, findNode, internNode, nodeRoom, tableGrowth } from './nodes'
import { find } from './tree'
import { insert, mostPages } from './tree-insert'
import { remove } from './tree-remove'

/** Sets where the area ends; an area that has none yet starts empty. */
export function limitTuples(limit: u32): void {
  if (areaWord(TupleArea.Limit) == 0) startArea(limit)
  else setAreaWord(TupleArea.Limit, limit)
}

/** Bytes that the area lacks to add a tuple with ids of these lengths, and a context of this size; 0 when there is room. */
export function lackingFor(objectLength: u32, subjectLength: u32, contextSize: u32): u32 {
  // Blocks are cut from pages: each of the two runs may need another one.
  const pages = edgePages(Tree.Forward) + edgePages(Tree.Reverse) + 2 + (contextSize == 0 ? 0 : mostPages(Tree.Contexts) + 1)
  const blocks = nodeRoom(objectLength, subjectLength) + tableGrowth() + edgeRoom() + blockSize(contextSize)
  const needed = pages * TupleArea.PageSize + blocks
  const left = roomLeft()
  return needed > left ? needed - left : 0
}

/** Which way a change went. */
const UNCHANGED: u32 = 0
const CHANGED: u32 = 1

/**
 * Adds a tuple; there must be room. A tuple that is there already gets this context in place of its own.
 * `context` is a block of the area, which then belongs to the tuple, or 0.
 */
export function addTuple(types: u32, relations: u32, objectText: u32, objectLength: u32, subjectText: u32, subjectLength: u32, context: u32): u32 {
  const object = internNode(types >> 16, objectText, objectLength)
  const subject = internNode(types & 0xffff, subjectText, subjectLength)
  const marked = context == 0 ? subject : subject | CONDITIONAL
  const old = findEdge(object, Tree.Forward, relations, subject)
  let outcome = UNCHANGED
  if (old == 0) {
    addEdge(object, Tree.Forward, relations, marked)
    addEdge(subject, Tree.Reverse, turned(relations), object)
    setAreaWord(TupleArea.TupleCount, areaWord(TupleArea.TupleCount) + 1)
    outcome = CHANGED
  } else {
    if (load<u32>(old) & CONDITIONAL) dropContext(keyOf(object, relations), subject)
    markEdge(object, relations, old, marked)
  }
  if (context != 0) insert(Tree.Contexts, keyOf(object, relations), subject, context)
  return outcome
}

/** The first word of the subject's edge, which has the two relations the other way round. */
// @ts-ignore: decorator
@inline
function turned(relations: u32): u32 {
  return rotl<u32>(relations, 16)
}

function dropContext(key: u64, subject: u32): void {
  const context = contextOf(key, subject)
  remove(Tree.Contexts, key, subject)
  release(context, load<u32>(context, TupleContext.Size << 2))
}

/** The condition and context of a tuple whose subject is marked CONDITIONAL. */
export function contextOf(key: u64, subject: u32): u32 {
  return load<u32>(find(Tree.Contexts, key, subject & ~CONDITIONAL), 12)
}

/** The nodes of a tuple that is there; see `locateTuple`. */
let object: u32 = 0
let subject: u32 = 0

/** Address of the second word of the tuple's edge, or 0 when there is no such tuple. */
export function locateTuple(types: u32, relations: u32, objectText: u32, objectLength: u32, subjectText: u32, subjectLength: u32): u32 {
  object = findNode(types >> 16, objectText, objectLength)
  subject = findNode(types & 0xffff, subjectText, subjectLength)
  return object == 0 || subject == 0 ? 0 : findEdge(object, Tree.Forward, relations, subject)
}

/** Removes the tuple that was located last, at this address, and the nodes that no other tuple names. */
export function removeTuple(relations: u32, edge: u32): void {
  const marked = load<u32>(edge)
  if (marked & CONDITIONAL) dropContext(keyOf(object, relations), subject)
  removeEdge(object, Tree.Forward, relations, marked)
  removeEdge(subject, Tree.Reverse, turned(relations), object)
  setAreaWord(TupleArea.TupleCount, areaWord(TupleArea.TupleCount) - 1)
  if (!isNamed(object)) dropNode(object)
  if (subject != object && !isNamed(subject)) dropNode(subject)
}

// @ts-ignore: decorator
@inline
function isNamed(node: u32): bool {
  return (edgesOf(node, Tree.Forward) | edgesOf(node, Tree.Reverse)) != 0
}
