/**
 * Checks: whether a subject has a relation to an object, by the tuples and the model's rewrites, in three-valued logic. The
 * way is that of Zanzibar (Pang et al., USENIX ATC 2019, section 3.2.3): down from the object, depth first.
 *
 * A check that comes back to itself is false there: the value is the least that the tuples support. Where an exclusion lies
 * between the two, what is excluded would depend on itself: that is not evaluable, so that it can grant nothing. Beyond
 * the model's depth a check is not evaluable either, and `passedDepth` says so.
 */
import { Truth } from '../abi/decision'
import { Rewrite, RewriteFlags } from '../abi/relations'
import { MemoEntry, MemoState, TupleNode } from '../abi/tuples'
import { everyoneOf, forgetMembers, knowsMember, setMember } from './members'
import { forgetMemo, confirmSince, dropSince, recall, rememberFinal, rememberProvisional, trailEnd } from './memo'
import { depthLimit, prepareModel, rewriteOf } from './model'
import { arrow, direct } from './tuples'
import { relationStack } from '../state'
import { spend } from '../steps'
import { typeOf } from '../tuple/nodes'

/** Whether something came back to a check that is being worked out; and from inside an exclusion. */
const CAME_BACK: u32 = 1
const CAME_BACK_ACROSS: u32 = 2

/** No check. */
const NOBODY: u32 = 0xff

/** Who is asked about: a node, or 0 for one that no tuple names; its relation when it is a userset; the node of all of its type. */
export let subject: u32 = 0
export let subjectRelation: u32 = 0
export let everyone: u32 = 0
/** What the memo is about: nothing, at the start of a decision. */
let remembers: bool = false

/** A check was cut off at the model's depth; or is for somebody else to make, who has not. */
export let passedDepth: bool = false

export function cutShort(): void {
  passedDepth = true
}

/** Checks that are being worked out, outermost first. */
let top: u32 = 0
/** The stack's height, and the trail's, where the innermost exclusion began to look at what it excludes. */
let excludedFrom: u32 = 0
let excludedTrail: u32 = 0
/** Of the check at the top: the outermost check it depends on, by index; how deep it has gone; whether it was cut off. */
let lowest: u32 = NOBODY
let deepest: u32 = 0
let wasCut: bool = false

/** Stands for a thing that no tuple names: the start of a node, at a multiple of 4. */
const UNNAMED: u32 = 712

export function prepareChecks(): void {
  prepareModel()
  // It has no edges.
  store<u64>(UNNAMED, 0, TupleNode.Forward)
  forgetMembers()
  forgetMemo()
  forgetChecks()
}

/** At the start of a decision: tuples and attributes may be others than before. */
// @ts-ignore: decorator
@inline
export function forgetChecks(): void {
  remembers = false
  passedDepth = false
}

/**
 * Checks one relation.
 *
 * @param asked The subject's node, or 0 when no tuple names it.
 * @param asSubject Number of the subject's relation, when it is a userset, or 0.
 * @param object A node, or 0 when no tuple names it: then nobody has a relation to it, but who has one by definition.
 * @param same Whether the subject and the object are one thing.
 */
export function check(asked: u32, type: u32, asSubject: u32, object: u32, relation: u32, same: bool): Truth {
  if (object == 0) {
    if (asSubject == 0 || !same) return Truth.False
    // Who has a relation to something has it, and what follows from it, whether or not a tuple names the thing.
    store<u32>(UNNAMED, type)
    object = UNNAMED
    asked = UNNAMED
  }
  const star = asSubject == 0 ? everyoneOf(type) : 0
  if (asked == 0 && star == 0) return Truth.False
  setMember(asked, asSubject, star)
  if (!remembers || asked != subject || asSubject != subjectRelation || star != everyone) {
    forgetMemo()
    remembers = true
    subject = asked
    subjectRelation = asSubject
    everyone = star
  }
  top = 0
  excludedFrom = 0
  excludedTrail = trailEnd()
  lowest = NOBODY
  deepest = 0
  wasCut = false
  return has(object, relation, 0)
}

// @ts-ignore: decorator
@inline
export function least(a: Truth, b: Truth): Truth {
  if (a == Truth.False || b == Truth.False) return Truth.False
  return a == Truth.NotEvaluable || b == Truth.NotEvaluable ? Truth.NotEvaluable : Truth.True
}

/** Whether the subject has the relation to the object, so many steps from where the check began. */
export function has(object: u32, relation: u32, depth: u32): Truth {
  if (object == subject && subjectRelation != 0 && relation == subjectRelation) return Truth.True
  const rewrite = rewriteOf(typeOf(object), relation)
  if (rewrite == 0) return Truth.False
  if (isLeaf(rewrite)) return leaf(object, relation, rewrite, depth)
  for (let i: u32 = 0; i < top; i++) {
    const frame = relationStack + (i << 4)
    if (load<u32>(frame) != object || load<u32>(frame, 4) != relation) continue
    lowest = min(lowest, i)
    const across = i < excludedFrom
    store<u32>(frame, load<u32>(frame, 8) | (across ? CAME_BACK_ACROSS : CAME_BACK), 8)
    return across ? Truth.NotEvaluable : Truth.False
  }
  const known = recalled(object, relation, depth)
  if (known != NOTHING) return known
  if (depth >= depthLimit()) {
    passedDepth = true
    wasCut = true
    deepest = max(deepest, depth)
    return Truth.NotEvaluable
  }
  if (!spend(8)) return Truth.NotEvaluable
  return workOut(object, relation, rewrite, depth)
}

/** Whether the relation is come by with tuples that lead to no other check: nothing is to be remembered, and nothing comes back. */
// @ts-ignore: decorator
@inline
function isLeaf(rewrite: u32): bool {
  if ((load<u32>(rewrite) & 0xff) != Rewrite.Direct) return false
  const flags = load<u32>(rewrite, 4)
  return (flags & RewriteFlags.Usersets) == 0 || ((flags & RewriteFlags.OfMembers) != 0 && knowsMember())
}

function leaf(object: u32, relation: u32, rewrite: u32, depth: u32): Truth {
  deepest = max(deepest, depth)
  if (depth >= depthLimit()) {
    passedDepth = true
    wasCut = true
    return Truth.NotEvaluable
  }
  if (!spend(2)) return Truth.NotEvaluable
  return direct(object, relation, load<u32>(rewrite, 4), depth)
}

const NOTHING: u32 = 3

/** What the memo says, where it may be used: what would be cut off from here, or was from elsewhere, is looked at again. */
function recalled(object: u32, relation: u32, depth: u32): u32 {
  const entry = recall(object, relation)
  if (entry == 0) return NOTHING
  const cut = load<u8>(entry, MemoEntry.Value) & MemoEntry.Cut
  const value: u32 = load<u8>(entry, MemoEntry.Value) & 3
  const bottom = depth + load<u8>(entry, MemoEntry.Height)
  if (cut != 0) {
    if (bottom < depthLimit()) return NOTHING
    passedDepth = true
    wasCut = true
  } else if (bottom >= depthLimit()) return NOTHING
  if (load<u8>(entry, MemoEntry.State) == MemoState.Provisional) {
    if (load<u16>(entry, MemoEntry.Trail) < excludedTrail) return NOTHING
    lowest = min(lowest, load<u8>(entry, MemoEntry.Lowest))
  }
  deepest = max(deepest, min(bottom, depthLimit()))
  return value
}

function workOut(object: u32, relation: u32, rewrite: u32, depth: u32): Truth {
  const outerLowest = lowest
  const outerDeepest = deepest
  const outerCut = wasCut
  const mark = trailEnd()
  const index = top
  const frame = relationStack + (index << 4)
  store<u32>(frame, object)
  store<u32>(frame, relation, 4)
  store<u32>(frame, 0, 8)
  top++
  lowest = NOBODY
  deepest = depth
  wasCut = false
  const value = apply(rewrite, object, relation, depth)
  top = index
  const stored = value == Truth.NotEvaluable && wasCut ? value | MemoEntry.Cut : value
  const height = deepest - depth
  const cameBack = load<u32>(frame, 8)
  // What came back to this check took it for false, which holds when it is; or for not evaluable, which holds no longer.
  const mistaken = (cameBack & CAME_BACK_ACROSS) != 0 || (cameBack != 0 && value != Truth.False)
  if (lowest >= index) {
    if (mistaken || value != Truth.False) dropSince(mark)
    else confirmSince(mark)
    rememberFinal(object, relation, stored, height)
    lowest = outerLowest
  } else {
    if (mistaken) dropSince(mark)
    rememberProvisional(object, relation, stored, height, lowest)
    lowest = min(lowest, outerLowest)
  }
  deepest = max(deepest, outerDeepest)
  wasCut = wasCut || outerCut
  return value
}

function apply(rewrite: u32, object: u32, relation: u32, depth: u32): Truth {
  const word = load<u32>(rewrite)
  switch (word & 0xff) {
    case Rewrite.Direct:
      return direct(object, relation, load<u32>(rewrite, 4), depth)
    case Rewrite.Computed:
      return has(object, load<u32>(rewrite, 4), depth + 1)
    case Rewrite.Arrow:
      return arrow(object, load<u32>(rewrite, 4), load<u32>(rewrite, 8), depth)
    case Rewrite.Exclusion:
      return exclusion(rewrite + 4, object, relation, depth)
    default:
      return group(rewrite, word, object, relation, depth)
  }
}

/** Union and intersection. */
function group(rewrite: u32, word: u32, object: u32, relation: u32, depth: u32): Truth {
  const settled: Truth = (word & 0xff) == Rewrite.Intersection ? Truth.False : Truth.True
  const end = rewrite + ((word >> 8) << 2)
  let result: Truth = 1 - settled
  for (let part = rewrite + 4; part < end; part += (load<u32>(part) >> 8) << 2) {
    const one = apply(part, object, relation, depth)
    if (one == settled) return settled
    if (one == Truth.NotEvaluable) result = Truth.NotEvaluable
  }
  return result
}

function exclusion(base: u32, object: u32, relation: u32, depth: u32): Truth {
  const held = apply(base, object, relation, depth)
  if (held == Truth.False) return Truth.False
  const outerFrom = excludedFrom
  const outerTrail = excludedTrail
  excludedFrom = top
  excludedTrail = trailEnd()
  const excluded = apply(base + ((load<u32>(base) >> 8) << 2), object, relation, depth)
  dropSince(excludedTrail)
  excludedFrom = outerFrom
  excludedTrail = outerTrail
  return least(held, excluded == Truth.NotEvaluable ? excluded : 1 - excluded)
}
