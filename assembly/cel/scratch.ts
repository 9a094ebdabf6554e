/**
 * Where an expression keeps what it makes: a stack of bytes that starts afresh with each expression. A call gives back what
 * its arguments took, unless its result lies among it, so that loops over scalars need no more room for more items.
 */
import { Tag } from '../abi/frame'
import { CelFault, CelLimit, CelTag } from '../abi/cel'
import { celScratch } from '../state'
import { exhaust } from '../steps'

/** The first free byte. */
export let top: u32 = 0

export function startScratch(): void {
  top = celScratch + CelLimit.Locals * 16
}

/** The cell of a macro's variable. */
// @ts-ignore: decorator
@inline
export function localCell(index: u32): u32 {
  return celScratch + (index << 4)
}

/**
 * A variable that stands for an item's cells has their address in place of a value. It looks like an error, so that nothing
 * could take it for one.
 */
// @ts-ignore: decorator
@inline
export function setItem(index: u32, cells: u32): void {
  const cell = localCell(index)
  store<u32>(cell, CelTag.Error)
  store<u32>(cell, CelFault.Invalid, 4)
  store<u32>(cell, cells, 8)
}

// @ts-ignore: decorator
@inline
export function itemCells(index: u32): u32 {
  return load<u32>(localCell(index), 8)
}

/** So many bytes, 16-aligned; 0 when there is no room, and then the decision is over. */
export function allocate(bytes: u64): u32 {
  const end = <u64>top + ((bytes + 15) & ~15)
  if (end > <u64>(celScratch + CelLimit.ScratchBytes)) {
    exhaust()
    return 0
  }
  const at = top
  top = <u32>end
  return at
}

/** Gives back what was allocated since `mark`, but for the value in the cell `out`. */
// @ts-ignore: decorator
@inline
export function release(mark: u32, out: u32): void {
  // What lies below the mark was whole when the mark was taken, so that it refers to nothing above it.
  if (((REFERRING >> load<u32>(out)) & 1) == 0 || load<u32>(out, 8) < mark) top = mark
}

/** A bit for each tag of values that are elsewhere. All tags are below 32. */
const REFERRING: u32 =
  (1 << Tag.String) | (1 << Tag.List) | (1 << CelTag.Map) | (1 << CelTag.Bytes) | (1 << CelTag.Optional) | (1 << CelTag.IpAddress)

/** Gives back everything since `mark`. */
// @ts-ignore: decorator
@inline
export function releaseAll(mark: u32): void {
  top = mark
}

/** Shortens the last allocation. */
export function shrinkTo(end: u32): void {
  top = (end + 15) & ~15
}
