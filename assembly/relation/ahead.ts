/**
 * Reading ahead. With many tuples, most of a check is waiting for memory, one node after the other: the address of the next is in the
 * edges of the last. So the way up from the object and that from the subject, neither of which hangs on the other, are read side by side before they
 * are needed, and are in the cache when the check gets there. Nothing is done with what is read.
 */
import { Edges, Tree } from '../abi/tuples'
import { edgesOf, IN_TREE, runEnd, runStart } from '../tuple/edges'

/** Nodes that are read ahead on either side at first: as many as can be waited for at once. */
const FIRST: u32 = 3

/** The next node on the object's way; 0 at its end. */
let next: u32 = 0
/** The first word of the edges that lead on: those of the last arrow that was followed. */
let link: u32 = 0
/** Kept, so that reading counts for something. */
let seen: u32 = 0

/** Begins at a node, or at 0 for none. */
// @ts-ignore: decorator
@inline
export function aimAhead(node: u32): void {
  next = node
}

/** Says which relation arrows go by. */
// @ts-ignore: decorator
@inline
export function followAhead(first: u32): void {
  link = first
}

/** Reads the first steps from the object. */
export function readFromObject(node: u32): void {
  aimAhead(node)
  for (let i: u32 = 0; i < FIRST; i++) readAhead()
}

/** Reads a node and its edges, as far as the one that leads on. */
export function readAhead(): void {
  if (next == 0) return
  const edges = edgesOf(next, Tree.Forward)
  next = 0
  if (edges <= IN_TREE) return
  const end = runEnd(edges)
  for (let at = runStart(edges); at < end; at += Edges.Size) {
    if (load<u32>(at) != link) continue
    next = load<u32>(at, 4) & ~3
    return
  }
}

/** Reads the first steps from the subject, by the first edge of each node: the one to a group, mostly. */
export function readFromSubject(node: u32): void {
  for (let i: u32 = 0; i < FIRST && node != 0; i++) {
    const edges = edgesOf(node, Tree.Reverse)
    node = edges <= IN_TREE ? 0 : load<u32>(runStart(edges), 4)
  }
  seen = node
}
