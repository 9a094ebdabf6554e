/** The steps of a check that read tuples: those that name the subject, those that name usersets, and those that lead elsewhere. */
import { Truth } from '../abi/decision'
import { RewriteFlags } from '../abi/relations'
import { Edges, Tree } from '../abi/tuples'
import { everyone, has, least, subject, subjectRelation } from './check'
import { isMember, knowsMember } from './members'
import { spend } from '../steps'
import { holdsContext } from '../tuple/condition'
import { CONDITIONAL, edgesOf, IN_TREE, keyOf, runEnd, runStart } from '../tuple/edges'
import { contextOf } from '../tuple/tuples'
import { foundIndex, seek } from '../tuple/tree'
import { entryAt, entryCount, highOf, lowOf, nextLeaf } from '../tuple/tree-page'

/** By tuples: one that names the subject, one that names all of its type, or one with a userset that the subject is in. */
export function direct(object: u32, relation: u32, flags: u32, depth: u32): Truth {
  const edges = edgesOf(object, Tree.Forward)
  if (edges == 0) return Truth.False
  return edges == IN_TREE ? directInTree(object, relation, flags, depth) : directInRun(object, edges, relation, flags, depth)
}

/** By relations of what is related to the object in turn. */
export function arrow(object: u32, link: u32, relation: u32, depth: u32): Truth {
  const edges = edgesOf(object, Tree.Forward)
  if (edges == 0) return Truth.False
  const first = link << 16
  if (edges == IN_TREE) return throughTree(object, first, first + 1, relation, 0, depth)
  const end = runEnd(edges)
  return throughRun(object, firstIn(edges, end, first), end, first + 1, relation, 0, depth)
}

/** Where in a run the edges from this one on begin. */
// @ts-ignore: decorator
@inline
function firstIn(run: u32, end: u32, first: u32): u32 {
  let at = runStart(run)
  while (at < end && load<u32>(at) < first) at += Edges.Size
  return at
}

function directInRun(object: u32, run: u32, relation: u32, flags: u32, depth: u32): Truth {
  const end = runEnd(run)
  const first = relation << 16
  let at = firstIn(run, end, first)
  let result: Truth = Truth.False
  // Plain subjects come before usersets. One that is a userset is found among those.
  for (; at < end && load<u32>(at) == first; at += Edges.Size) {
    if (subjectRelation != 0) continue
    const marked = load<u32>(at, 4)
    const node = marked & ~CONDITIONAL
    if (node != subject && node != everyone) continue
    const one = valid(object, first, marked)
    if (one == Truth.True) return one
    if (one == Truth.NotEvaluable) result = one
  }
  const others = throughRun(object, at, end, first + 0x10000, OWN, flags, depth)
  return others == Truth.False ? result : others
}

function directInTree(object: u32, relation: u32, flags: u32, depth: u32): Truth {
  const first = relation << 16
  const result: Truth = subjectRelation != 0 ? Truth.False : named(object, first)
  if (result == Truth.True || (flags & RewriteFlags.Usersets) == 0) return result
  const others = throughTree(object, first + 1, first + 0x10000, OWN, flags, depth)
  return others == Truth.False ? result : others
}

/** In place of a relation: that of the userset which a tuple names. */
const OWN: u32 = 0

/** By the relation that the subject has to what the edges of a run lead to, from one place in it up to an edge that counts no more. */
function throughRun(object: u32, from: u32, end: u32, next: u32, relation: u32, flags: u32, depth: u32): Truth {
  let result: Truth = Truth.False
  for (let at = from; at < end && load<u32>(at) < next; at += Edges.Size) {
    const one = through(object, load<u32>(at), load<u32>(at, 4), relation, flags, depth)
    if (one == Truth.True) return one
    if (one == Truth.NotEvaluable) result = one
  }
  return result
}

/** The same for edges in the tree, from the first of them on. */
function throughTree(object: u32, first: u32, next: u32, relation: u32, flags: u32, depth: u32): Truth {
  let page = seek(Tree.Forward, keyOf(object, first), 0)
  let index = foundIndex
  const nextKey = keyOf(object, next)
  let result: Truth = Truth.False
  while (page != 0) {
    if (index >= entryCount(page)) {
      page = nextLeaf(page)
      index = 0
      continue
    }
    const entry = entryAt(page, index++)
    if (highOf(entry) >= nextKey) break
    const one = through(object, <u32>highOf(entry), lowOf(entry), relation, flags, depth)
    if (one == Truth.True) return one
    if (one == Truth.NotEvaluable) result = one
  }
  return result
}

// @ts-ignore: decorator
@inline
function through(object: u32, edge: u32, marked: u32, relation: u32, flags: u32, depth: u32): Truth {
  return relation == OWN ? userset(object, edge, marked, flags, depth) : reached(object, edge, marked, relation, depth)
}

/** By a tuple that names the subject, or all of its type. */
function named(object: u32, first: u32): Truth {
  const itself = subject == 0 ? Truth.False : holds(object, first, subject)
  if (itself == Truth.True || everyone == 0 || everyone == subject) return itself
  const all = holds(object, first, everyone)
  return all == Truth.False ? itself : all
}

/** Whether there is a tuple with this subject in the tree, and its condition, if it has one, is true. */
function holds(object: u32, first: u32, node: u32): Truth {
  const page = seek(Tree.Forward, keyOf(object, first), node)
  if (page == 0) return Truth.False
  const entry = entryAt(page, foundIndex)
  if (highOf(entry) != keyOf(object, first) || (lowOf(entry) & ~CONDITIONAL) != node) return Truth.False
  return valid(object, first, lowOf(entry))
}

/** Whether the condition of a tuple, if it has one, is true. */
// @ts-ignore: decorator
@inline
function valid(object: u32, first: u32, marked: u32): Truth {
  return marked & CONDITIONAL ? holdsContext(contextOf(keyOf(object, first), marked)) : Truth.True
}

/** Whether a tuple with a userset holds, and the subject is in the userset. */
// @ts-ignore: decorator
@inline
function userset(object: u32, first: u32, marked: u32, flags: u32, depth: u32): Truth {
  const relation = first & 0xffff
  if ((flags & RewriteFlags.OfMembers) == 0 || !knowsMember()) return reached(object, first, marked, relation, depth)
  if (!spend(1)) return Truth.NotEvaluable
  return isMember(marked & ~CONDITIONAL, relation) ? valid(object, first, marked) : Truth.False
}

/** Whether the tuple holds, and the subject has the relation to the tuple's subject. */
function reached(object: u32, first: u32, marked: u32, relation: u32, depth: u32): Truth {
  if (!spend(1)) return Truth.NotEvaluable
  const holding = valid(object, first, marked)
  return holding == Truth.False ? Truth.False : least(holding, has(marked & ~CONDITIONAL, relation, depth + 1))
}
