/** What is kept of each node of the tree of keys while bodies are read. Its record is its number in what follows. */
import { located, nodeCount } from './state'

/** Byte offsets in a node's record. */
export const enum Located {
  /** The request in which its value was found last. */
  Generation = 0,
  /** The value's first byte, and the one after its last. */
  Start = 4,
  End = 8,
  /** Of a string: whether it has escapes. Of a list: how many items. */
  Extra = 12,
  /** A bit for the hash of each child's key, u64. */
  Children = 16,
  /** Of a part of the request: with which byte it starts, 0 for any, and its bit among the parts. */
  FirstByte = 24,
  Part = 28,
  /** Links: the member that an object of this node begins with, and the one that comes after this node's value. */
  Inside = 32,
  After = 96,
  Size = 160,
}

/** Stands for the record of a value that no policy reads into. */
export const NO_NODE: u32 = 0

let generation: u32 = 0

export function forgetLocated(): void {
  generation = 0
}

/** Begins another body: no value is found yet. */
export function startLocating(): void {
  if (++generation != 0) return
  for (let node: u32 = 0; node < nodeCount; node++) store<u32>(recordOf(node), 0, Located.Generation)
  generation = 1
}

// @ts-ignore: decorator
@inline
export function recordOf(node: u32): u32 {
  return located + node * Located.Size
}

/** Whether the value of a record's node was found in this body. */
// @ts-ignore: decorator
@inline
export function isFound(record: u32): bool {
  return load<u32>(record, Located.Generation) == generation
}

// @ts-ignore: decorator
@inline
export function note(record: u32, start: u32, end: u32, extra: u32): void {
  store<u32>(record, generation, Located.Generation)
  store<u32>(record, start, Located.Start)
  store<u32>(record, end, Located.End)
  store<u32>(record, extra, Located.Extra)
}

/** The record of a node whose value the body has, or 0. */
// @ts-ignore: decorator
@inline
export function find(node: u32): u32 {
  const record = recordOf(node)
  return isFound(record) ? record : 0
}
