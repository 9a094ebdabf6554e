/**
 * Reading ahead. With many tuples, most of a check is waiting for memory, one node after the other: the next one's address is in the
 * last. So while the subject's groups are looked up, the way up from the object, which hangs on nothing of that, is read alongside, and is
 * in the cache when the check gets there. Nothing is done with what is read.
 */
import { Edges, Tree } from '../abi/tuples'
import { edgesOf, IN_TREE, runEnd, runStart } from '../tuple/edges'

/** The next node on the way; 0 at its end. */
let next: u32 = 0
/** The first word of the edges that lead on: those of the last arrow that was followed. */
let link: u32 = 0

/** Begins at a node. */
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

/** Reads a node and its edges, as far as the one that leads on. */
export function readAhead(): void {
  if (next == 0) return
  const edges = edgesOf(next, Tree.Forward)
  next = 0
  if (edges == 0 || edges == IN_TREE) return
  const end = runEnd(edges)
  for (let at = runStart(edges); at < end; at += Edges.Size) {
    if (load<u32>(at) != link) continue
    next = load<u32>(at, 4) & ~3
    return
  }
}
