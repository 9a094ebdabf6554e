/** Comprehensions: macros over the items of a list or the keys of a map. Each round is paid for by what it evaluates. */
import { Tag } from '../abi/frame'
import { CelFault, CelFold, CelFoldRange, CelTag } from '../abi/cel'
import { after, isKey, value } from './evaluate'
import { findEntry } from './equality'
import { allocate, itemCells, localCell, release, releaseAll, setItem, top } from './scratch'
import { copyCell, countAt, fail, loadCell, setBoolean, setCurrentNode, setInt, setList, setMap, tagAt } from './value'
import { spend } from '../steps'
import { itemAt } from '../value'

export function fold(node: u32, out: u32): void {
  const kind = load<u32>(node, 4) & 0xff
  const two = ((load<u32>(node, 4) >> 8) & 0xff) == 2
  const range = allocate(16)
  setCurrentNode(node)
  if (range == 0) return fail(out, CelFault.Limit)
  const rangeNode = node + 16
  value(rangeNode, range)
  if (tagAt(range) == CelTag.Error) return copyCell(range, out)
  setCurrentNode(rangeNode)
  if (tagAt(range) != Tag.List && (ofCells(node) || tagAt(range) != CelTag.Map)) return fail(out, CelFault.NoOverload)
  if (kind <= <u32>CelFold.ExistsOne) count(node, kind, two, range, out)
  else gather(node, kind, two, range, out)
}

/** Whether the variable stands for the cells of an item; it is the only one then. */
// @ts-ignore: decorator
@inline
function ofCells(node: u32): bool {
  return load<u32>(node, 4) >> 16 == <u32>CelFoldRange.Cells
}

/** Sets the variables to the item at an index. */
function bind(node: u32, two: bool, range: u32, index: u32): void {
  if (ofCells(node)) return setItem(load<u32>(node, 8), itemAt(range, index))
  const local = localCell(load<u32>(node, 8))
  if (tagAt(range) == Tag.List) {
    if (two) setInt(local, index)
    loadCell(itemAt(range, index), two ? local + 16 : local)
    return
  }
  const entry = load<u32>(range, 8) + (index << 5)
  loadCell(entry, local)
  if (two) loadCell(entry + 16, local + 16)
}

/** All, exists, exists_one. */
function count(node: u32, kind: u32, two: bool, range: u32, out: u32): void {
  const body = after(node + 16)
  const price = load<u32>(node, 12)
  const settling: u32 = kind == CelFold.All ? 0 : 1
  const size = countAt(range)
  const mark = top
  let held: u32 = 0
  let fault: u32 = 0
  let failed: u32 = 0
  for (let i: u32 = 0; i < size; i++) {
    setCurrentNode(node)
    if (!spend(price)) return fail(out, CelFault.Limit)
    bind(node, two, range, i)
    value(body, out)
    releaseAll(mark)
    if (tagAt(out) != Tag.Boolean) {
      setCurrentNode(body)
      if (tagAt(out) != CelTag.Error) fail(out, CelFault.NoOverload)
      if (kind == CelFold.ExistsOne) return
      if (fault == 0) {
        fault = load<u32>(out, 4)
        failed = load<u32>(out, 8)
      }
    } else if (kind == CelFold.ExistsOne) held += load<u32>(out, 4)
    else if (load<u32>(out, 4) == settling) return
  }
  if (fault != 0) {
    setCurrentNode(failed)
    return fail(out, fault)
  }
  setBoolean(out, kind == CelFold.ExistsOne ? held == 1 : settling == 0)
}

function isFiltered(kind: u32): bool {
  return (
    kind == CelFold.Filter ||
    kind == CelFold.MapFiltered ||
    kind == CelFold.TransformMapFiltered ||
    kind == CelFold.TransformEntriesFiltered
  )
}

/** Filter, map and what makes maps: a cell for each item, or two, at once; then those that are wanted are written one after the other. */
function gather(node: u32, kind: u32, two: bool, range: u32, out: u32): void {
  const first = after(node + 16)
  const filtered = isFiltered(kind)
  const body = filtered && kind != CelFold.Filter ? after(first) : first
  const price = load<u32>(node, 12)
  const size = countAt(range)
  const toMap = kind == CelFold.TransformMap || kind == CelFold.TransformMapFiltered
  const width: u32 = toMap ? 32 : 16
  const cells = allocate(<u64>size * width)
  setCurrentNode(node)
  if (cells == 0) return fail(out, CelFault.Limit)
  const local = localCell(load<u32>(node, 8))
  let at = cells
  for (let i: u32 = 0; i < size; i++) {
    setCurrentNode(node)
    if (!spend(price)) return fail(out, CelFault.Limit)
    const mark = top
    bind(node, two, range, i)
    if (filtered) {
      value(first, out)
      if (tagAt(out) == CelTag.Error) return
      setCurrentNode(first)
      if (tagAt(out) != Tag.Boolean) return fail(out, CelFault.NoOverload)
      releaseAll(mark)
      if (load<u32>(out, 4) == 0) continue
    }
    if (kind == CelFold.Filter) loadCell(ofCells(node) ? itemCells(load<u32>(node, 8)) : local, at)
    else {
      // The key first: macros inside may not, but the body may fail.
      if (toMap) copyCell(local, at)
      value(body, toMap ? at + 16 : at)
      release(mark, toMap ? at + 16 : at)
    }
    const made = toMap ? at + 16 : at
    if (tagAt(made) == CelTag.Error) return copyCell(made, out)
    at += width
  }
  const made = (at - cells) / width
  if (toMap) setMap(out, cells, made)
  else if (kind >= <u32>CelFold.TransformEntries) unite(cells, made, out)
  else setList(out, cells, made)
}

/** The entries of maps in one map; a key that occurs twice is an error. */
function unite(maps: u32, size: u32, out: u32): void {
  let total: u64 = 0
  for (let i: u32 = 0; i < size; i++) {
    if (tagAt(maps + (i << 4)) != CelTag.Map) return fail(out, CelFault.NoOverload)
    total += countAt(maps + (i << 4))
  }
  const entries = spend(total) ? allocate(total << 5) : 0
  if (entries == 0) return fail(out, CelFault.Limit)
  setMap(out, entries, 0)
  let written: u32 = 0
  for (let i: u32 = 0; i < size; i++) {
    const map = maps + (i << 4)
    for (let j: u32 = 0; j < countAt(map); j++) {
      const entry = load<u32>(map, 8) + (j << 5)
      if (!isKey(tagAt(entry)) || findEntry(out, entry) != 0) return fail(out, CelFault.Key)
      memory.copy(entries + (written << 5), entry, 32)
      setMap(out, entries, ++written)
    }
  }
}
