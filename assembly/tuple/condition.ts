/** Conditions on tuples: the named condition of the policies, with the tuple's own context in the frame. */
import { Truth } from '../abi/decision'
import { Tag } from '../abi/frame'
import { Layout } from '../abi/memory'
import { RelationTable } from '../abi/relations'
import { TupleContext } from '../abi/tuples'
import { evaluate } from '../condition'
import { frame, relations } from '../state'
import { mute, unmute } from '../trace'

/** @param context See TupleContext. */
export function holdsContext(context: u32): Truth {
  clearSlots()
  const end = context + TupleContext.HeaderSize + load<u32>(context, TupleContext.Pairs << 2) * TupleContext.PairSize
  for (let pair = context + TupleContext.HeaderSize; pair < end; pair += TupleContext.PairSize) {
    const cell = frame + load<u32>(pair) * Layout.CellSize
    store<u64>(cell, load<u64>(pair, 4))
    store<u64>(cell, load<u64>(pair, 12), 8)
  }
  const types = load<u32>(relations, RelationTable.TypeCount << 2)
  const condition = load<u32>(context, TupleContext.Condition << 2)
  mute()
  const truth = evaluate(load<u32>(relations + ((RelationTable.HeaderWords + types + condition - 1) << 2)))
  unmute()
  return truth
}

/** What the tuple says nothing about is missing. */
function clearSlots(): void {
  const list = load<u32>(relations, RelationTable.TupleSlots << 2)
  const end = list + (load<u32>(list) << 2)
  for (let at = list; at < end; at += 4) store<u32>(frame + load<u32>(at, 4) * Layout.CellSize, Tag.Missing)
}
