/**
 * The tuples of one node, by object (Tree.Forward) or by subject (Tree.Reverse), sorted. Most nodes have few: those lie one after the
 * other in a block of the node's own, its *run*, so that whoever has the node reads them with one more access to memory. A node with more than
 * Edges.Most has all of them in the tree. An edge is two words: those of a tuple's key that follow the node; see Tree.
 *
 * A run: word 0: edges | room for edges << 16; then the edges. Most runs have one or two: those have no word 0, and the address
 * that the node has says how many they are, in the bits that an address leaves free.
 */
import { Edges, Tree, TupleNode } from '../abi/tuples'
import { allocate, blockSize, release } from './area'
import { find, hasPrefix } from './tree'
import { insert, mostPages } from './tree-insert'
import { remove } from './tree-remove'

/** Bit 0 of a subject in Tree.Forward: the tuple has a condition. Nodes are 4-aligned, so it is free. */
export const CONDITIONAL: u32 = 1

/** What the node has in place of a run's address when its edges are in the tree. */
export const IN_TREE: u32 = 1

/** In the address of a run of one edge; of two, together with bit 0. */
const SHORT: u32 = 2

/** What the node has of its edges: 0 for none, IN_TREE, or the address of a run. */
// @ts-ignore: decorator
@inline
export function edgesOf(node: u32, tree: u32): u32 {
  return load<u32>(node + (tree << 2), TupleNode.Forward)
}

// @ts-ignore: decorator
@inline
function setEdges(node: u32, tree: u32, edges: u32): void {
  store<u32>(node + (tree << 2), edges, TupleNode.Forward)
}

// @ts-ignore: decorator
@inline
function blockOf(run: u32): u32 {
  return run & ~3
}

/** Address of a run's first edge. */
// @ts-ignore: decorator
@inline
export function runStart(run: u32): u32 {
  return blockOf(run) + Edges.HeaderSize - ((run & SHORT) << 1)
}

/** Address behind its last edge. Without a branch: nothing predicts which runs are short, and the word is next to the edges. */
// @ts-ignore: decorator
@inline
export function runEnd(run: u32): u32 {
  return runStart(run) + select<u32>((run & 1) + 1, load<u16>(blockOf(run)), run & SHORT) * Edges.Size
}

/** How many edges a run has room for; none when there is no run. */
function roomOf(run: u32): u32 {
  if (run & SHORT) return (run & 1) + 1
  return run == 0 ? 0 : <u32>load<u16>(run, 2)
}

// @ts-ignore: decorator
@inline
function isShort(edges: u32): bool {
  return edges <= 2
}

function runBytes(edges: u32): u32 {
  return (isShort(edges) ? 0 : <u32>Edges.HeaderSize) + edges * Edges.Size
}

/** The node and the first word of an edge, as a key of a tree. */
// @ts-ignore: decorator
@inline
export function keyOf(node: u32, first: u32): u64 {
  return (<u64>node << 32) | first
}

/** Address of the first edge of a run that is not before this one. */
function placeOf(run: u32, first: u32, second: u32): u32 {
  let at = runStart(run)
  let left = (runEnd(run) - at) / Edges.Size
  while (left > 0) {
    const half = left >> 1
    const middle = at + half * Edges.Size
    const isBefore = load<u32>(middle) < first || (load<u32>(middle) == first && load<u32>(middle, 4) < second)
    if (isBefore) at = middle + Edges.Size
    left = isBefore ? left - half - 1 : half
  }
  return at
}

/** Address of the second word of an edge, with or without CONDITIONAL in it; 0 when there is none. */
export function findEdge(node: u32, tree: u32, first: u32, second: u32): u32 {
  const edges = edgesOf(node, tree)
  if (edges == 0) return 0
  if (edges == IN_TREE) {
    const plain = find(tree, keyOf(node, first), second)
    const entry = plain != 0 ? plain : find(tree, keyOf(node, first), second | CONDITIONAL)
    return entry == 0 ? 0 : entry + 8
  }
  const at = placeOf(edges, first, second)
  if (at == runEnd(edges) || load<u32>(at) != first) return 0
  return (load<u32>(at, 4) & ~CONDITIONAL) == second ? at + 4 : 0
}

/** Adds an edge that is not there; there must be room for it: see edgeRoom. */
export function addEdge(node: u32, tree: u32, first: u32, second: u32): void {
  const run = edgesOf(node, tree)
  if (run == IN_TREE) return insert(tree, keyOf(node, first), second, 0)
  const start = runStart(run)
  const bytes = run == 0 ? 0 : runEnd(run) - start
  const count = bytes / Edges.Size
  if (count == Edges.Most) {
    moveToTree(node, tree, run)
    return insert(tree, keyOf(node, first), second, 0)
  }
  const room = roomOf(run)
  const before = run == 0 ? 0 : placeOf(run, first, second) - start
  let grown = run
  if (count == room) {
    grown = allocate(runBytes(count + 1))
    if (isShort(count + 1)) grown |= SHORT + count
    else store<u16>(grown, <u16>(count + 1), 2)
    setEdges(node, tree, grown)
    memory.copy(runStart(grown), start, before)
  }
  const at = runStart(grown) + before
  memory.copy(at + Edges.Size, start + before, bytes - before)
  store<u32>(at, first)
  store<u32>(at, second, 4)
  if ((grown & SHORT) == 0) store<u16>(grown, <u16>(count + 1))
  if (grown != run && run != 0) release(blockOf(run), runBytes(room))
}

function moveToTree(node: u32, tree: u32, run: u32): void {
  const end = runEnd(run)
  for (let at = runStart(run); at < end; at += Edges.Size) {
    insert(tree, keyOf(node, load<u32>(at)), load<u32>(at, 4), 0)
  }
  release(blockOf(run), runBytes(roomOf(run)))
  setEdges(node, tree, IN_TREE)
}

/**
 * Removes an edge that is there. Removing must not need memory: a run of two gives back what it no longer needs, a longer one
 * keeps its room until it is empty.
 */
export function removeEdge(node: u32, tree: u32, first: u32, second: u32): void {
  const run = edgesOf(node, tree)
  if (run == IN_TREE) {
    remove(tree, keyOf(node, first), second)
    if (!hasPrefix(tree, node)) setEdges(node, tree, 0)
    return
  }
  const start = runStart(run)
  const end = runEnd(run) - Edges.Size
  if (end == start) {
    release(blockOf(run), runBytes(roomOf(run)))
    return setEdges(node, tree, 0)
  }
  const at = placeOf(run, first, second)
  memory.copy(at, at + Edges.Size, end - at)
  if (run & SHORT) {
    release(end, runBytes(1))
    setEdges(node, tree, start | SHORT)
  } else store<u16>(run, <u16>((end - start) / Edges.Size))
}

/** Marks the edge whose second word is at an address, or takes the mark away. */
export function markEdge(node: u32, first: u32, at: u32, marked: u32): void {
  const before = load<u32>(at)
  if (before == marked) return
  if (edgesOf(node, Tree.Forward) != IN_TREE) return store<u32>(at, marked)
  // Not in place: a page above may have the old key as its border.
  remove(Tree.Forward, keyOf(node, first), before)
  insert(Tree.Forward, keyOf(node, first), marked, 0)
}

/** Pages of the tree that an edge takes at most: when a run moves there, its edges may end up in two more leaves. */
export function edgePages(tree: u32): u32 {
  return 3 * mostPages(tree)
}

/** Bytes that runs take for one more edge on either side, at most. */
export function edgeRoom(): u32 {
  return 2 * blockSize(runBytes(Edges.Most))
}
