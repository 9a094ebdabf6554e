/**
 * What a check has found out on its way: a value per object and relation. Most checks find out little, so entries are looked for one after the
 * other, in a few lines of the cache; from MemoSize.Few on there is a hash table. A value is *final*, or *provisional* while something below it was cut short because it is being worked
 * out further up (a cycle): then it holds only as long as that is still the case. Provisional entries are also on a trail,
 * in the order in which they were made, to be confirmed or dropped together.
 */
import { MemoEntry, MemoSize, MemoState } from '../abi/tuples'
import { memo, memoTrail } from '../state'

let count: u32 = 0
let trailLength: u32 = 0

// @ts-ignore: decorator
@inline
export function forgetMemo(): void {
  count = 0
  trailLength = 0
}

// @ts-ignore: decorator
@inline
function entryOf(number: u32): u32 {
  return memo + number * MemoSize.EntryBytes
}

/** The place of the table for the number of an entry, plus one: the one where it is, or the first that is free. */
function slotOf(object: u32, relation: u32): u32 {
  let index = (object >>> 2) * 0x9e3779b1 + relation * 0x85ebca77
  index ^= index >>> 15
  while (true) {
    const slot = entryOf(MemoSize.Most) + ((index & (MemoSize.Table - 1)) << 1)
    const number = <u32>load<u16>(slot)
    if (number == 0 || isOf(entryOf(number - 1), object, relation)) return slot
    index++
  }
}

// @ts-ignore: decorator
@inline
function isOf(entry: u32, object: u32, relation: u32): bool {
  return load<u32>(entry, MemoEntry.Object) == object && load<u16>(entry, MemoEntry.Relation) == relation
}

function find(object: u32, relation: u32): u32 {
  if (count <= <u32>MemoSize.Few) {
    const end = entryOf(count)
    for (let entry = memo; entry < end; entry += MemoSize.EntryBytes) if (isOf(entry, object, relation)) return entry
    return 0
  }
  const number = <u32>load<u16>(slotOf(object, relation))
  return number == 0 ? 0 : entryOf(number - 1)
}

/** The entry of an object and relation, or 0 when nothing is known. */
export function recall(object: u32, relation: u32): u32 {
  const entry = find(object, relation)
  return entry == 0 || load<u8>(entry, MemoEntry.State) == MemoState.Nothing ? 0 : entry
}

/** The entry to write to: the one there is, or a fresh one; 0 when there is no more room, which only costs time. */
function place(object: u32, relation: u32): u32 {
  const known = find(object, relation)
  if (known != 0 || count == MemoSize.Most) return known
  const entry = entryOf(count++)
  store<u32>(entry, object, MemoEntry.Object)
  store<u16>(entry, <u16>relation, MemoEntry.Relation)
  if (count > <u32>MemoSize.Few) tabulate()
  return entry
}

/** Enters the last entry into the table; all of them when there were few before. */
function tabulate(): void {
  let number = count
  if (number == MemoSize.Few + 1) {
    memory.fill(entryOf(MemoSize.Most), 0, MemoSize.Table * 2)
    number = 1
  }
  for (; number <= count; number++) {
    const entry = entryOf(number - 1)
    store<u16>(slotOf(load<u32>(entry, MemoEntry.Object), load<u16>(entry, MemoEntry.Relation)), <u16>number)
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
    const entry = entryOf(load<u16>(memoTrail + (i << 1)))
    if (load<u8>(entry, MemoEntry.State) == MemoState.Provisional) store<u8>(entry, <u8>state, MemoEntry.State)
  }
  trailLength = mark
}
