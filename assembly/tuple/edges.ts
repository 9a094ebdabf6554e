/**
 * The tuples of one node, by object (Tree.Forward) or by subject (Tree.Reverse), sorted. Most nodes have few: those lie one after the
 * other in a block of the node's own, its *run*, so that whoever has the node reads them with one more access to memory. A node with more than
 * Edges.Most has all of them in the tree. An edge is two words: those of a tuple's key that follow the node; see Tree.
 *
 * A run: word 0: edges | room for edges << 16; then the edges.
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

/** How many edges a run has. */
// @ts-ignore: decorator
@inline
export function edgeCount(run: u32): u32 {
  return load<u16>(run)
}

// @ts-ignore: decorator
@inline
function runBytes(edges: u32): u32 {
  return Edges.HeaderSize + edges * Edges.Size
}

/** The node and the first word of an edge, as a key of a tree. */
// @ts-ignore: decorator
@inline
export function keyOf(node: u32, first: u32): u64 {
  return (<u64>node << 32) | first
}

/** Address of the first edge of a run that is not before this one. */
function placeOf(run: u32, first: u32, second: u32): u32 {
  let at = run + Edges.HeaderSize
  let left = edgeCount(run)
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
  if (at == edges + runBytes(edgeCount(edges)) || load<u32>(at) != first) return 0
  return (load<u32>(at, 4) & ~CONDITIONAL) == second ? at + 4 : 0
}

/** Adds an edge that is not there; there must be room for it: see edgeRoom. */
export function addEdge(node: u32, tree: u32, first: u32, second: u32): void {
  const run = edgesOf(node, tree)
  if (run == IN_TREE) return insert(tree, keyOf(node, first), second, 0)
  const count = run == 0 ? 0 : edgeCount(run)
  if (count == Edges.Most) {
    moveToTree(node, tree, run)
    return insert(tree, keyOf(node, first), second, 0)
  }
  const room = run == 0 ? 0 : <u32>load<u16>(run, 2)
  const before = run == 0 ? 0 : placeOf(run, first, second) - run - Edges.HeaderSize
  let to = run
  if (count == room) {
    to = allocate(runBytes(count + 1))
    store<u16>(to, <u16>(count + 1), 2)
    setEdges(node, tree, to)
    if (run != 0) memory.copy(to + Edges.HeaderSize, run + Edges.HeaderSize, before)
  }
  const at = to + Edges.HeaderSize + before
  if (run != 0) memory.copy(at + Edges.Size, run + Edges.HeaderSize + before, count * Edges.Size - before)
  store<u32>(at, first)
  store<u32>(at, second, 4)
  store<u16>(to, <u16>(count + 1))
  if (run != 0 && to != run) release(run, runBytes(room))
}

function moveToTree(node: u32, tree: u32, run: u32): void {
  const end = run + runBytes(edgeCount(run))
  for (let at = run + Edges.HeaderSize; at < end; at += Edges.Size) {
    insert(tree, keyOf(node, load<u32>(at)), load<u32>(at, 4), 0)
  }
  release(run, runBytes(load<u16>(run, 2)))
  setEdges(node, tree, IN_TREE)
}

/** Removes an edge that is there. A run keeps its room until it is empty: removing must not need memory. */
export function removeEdge(node: u32, tree: u32, first: u32, second: u32): void {
  const run = edgesOf(node, tree)
  if (run == IN_TREE) {
    remove(tree, keyOf(node, first), second)
    if (!hasPrefix(tree, node)) setEdges(node, tree, 0)
    return
  }
  const count = edgeCount(run) - 1
  if (count == 0) {
    release(run, runBytes(load<u16>(run, 2)))
    return setEdges(node, tree, 0)
  }
  const at = placeOf(run, first, second)
  memory.copy(at, at + Edges.Size, run + runBytes(count) - at)
  store<u16>(run, <u16>count)
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
