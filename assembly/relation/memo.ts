/**
 * What a check has found out on its way: a value per object and relation, in a hash table that is forgotten by counting up
 * its generation. A value is *final*, or *provisional* while something below it was cut short because it is being worked
 * out further up (a cycle): then it holds only as long as that is still the case. Provisional entries are also on a trail,
 * in the order in which they were made, to be confirmed or dropped together.
 */
import { MemoEntry, MemoSize, MemoState } from '../abi/tuples'
import { memo, memoTrail } from '../state'

const MASK: u32 = MemoSize.Entries - 1

let generation: u32 = 0
let count: u32 = 0
let trailLength: u32 = 0

export function forgetMemo(): void {
  count = 0
  trailLength = 0
  if (++generation != 0) return
  memory.fill(memo, 0, MemoSize.Entries * MemoSize.EntryBytes)
  generation = 1
}

// @ts-ignore: decorator
@inline
function indexOf(object: u32, relation: u32): u32 {
  let hash = (object >>> 2) * 0x9e3779b1 + relation * 0x85ebca77
  hash ^= hash >>> 15
  return hash & MASK
}

/** The entry of an object and relation, or 0 when nothing is known. */
export function recall(object: u32, relation: u32): u32 {
  let index = indexOf(object, relation)
  while (true) {
    const entry = memo + index * MemoSize.EntryBytes
    if (load<u32>(entry, MemoEntry.Generation) != generation) return 0
    if (load<u32>(entry, MemoEntry.Object) == object && load<u16>(entry, MemoEntry.Relation) == relation) {
      return load<u8>(entry, MemoEntry.State) == MemoState.Nothing ? 0 : entry
    }
    index = (index + 1) & MASK
  }
}

/** The entry to write to: the one there is, or a fresh one; 0 when the table is full, which only costs time. */
function place(object: u32, relation: u32): u32 {
  let index = indexOf(object, relation)
  while (true) {
    const entry = memo + index * MemoSize.EntryBytes
    if (load<u32>(entry, MemoEntry.Generation) != generation) {
      if (count >= <u32>MemoSize.Most) return 0
      count++
      store<u32>(entry, generation, MemoEntry.Generation)
      store<u32>(entry, object, MemoEntry.Object)
      store<u16>(entry, <u16>relation, MemoEntry.Relation)
      return entry
    }
    if (load<u32>(entry, MemoEntry.Object) == object && load<u16>(entry, MemoEntry.Relation) == relation) return entry
    index = (index + 1) & MASK
  }
}

export function rememberFinal(object: u32, relation: u32, value: u32, height: u32): void {
  const entry = place(object, relation)
  if (entry != 0) fill(entry, MemoState.Final, value, height)
}

/** `lowest`: index in the stack of the outermost check that the value depends on. */
export function rememberProvisional(object: u32, relation: u32, value: u32, height: u32, lowest: u32): void {
  if (trailLength >= <u32>MemoSize.Most) return
  const entry = place(object, relation)
  if (entry == 0) return
  fill(entry, MemoState.Provisional, value, height)
  store<u8>(entry, <u8>lowest, MemoEntry.Lowest)
  store<u16>(entry, <u16>trailLength, MemoEntry.Trail)
  store<u16>(memoTrail + (trailLength << 1), <u16>((entry - memo) / MemoSize.EntryBytes))
  trailLength++
}

// @ts-ignore: decorator
@inline
function fill(entry: u32, state: u32, value: u32, height: u32): void {
  store<u8>(entry, <u8>state, MemoEntry.State)
  store<u8>(entry, <u8>value, MemoEntry.Value)
  store<u8>(entry, <u8>height, MemoEntry.Height)
}

export function trailEnd(): u32 {
  return trailLength
}

/** What was provisional since `mark` is final now. */
export function confirmSince(mark: u32): void {
  settleSince(mark, MemoState.Final)
}

/** What was provisional since `mark` is unknown again. */
export function dropSince(mark: u32): void {
  settleSince(mark, MemoState.Nothing)
}

function settleSince(mark: u32, state: u32): void {
  for (let i = mark; i < trailLength; i++) {
    const entry = memo + <u32>load<u16>(memoTrail + (i << 1)) * MemoSize.EntryBytes
    if (load<u8>(entry, MemoEntry.State) == MemoState.Provisional) store<u8>(entry, <u8>state, MemoEntry.State)
  }
  trailLength = mark
}
