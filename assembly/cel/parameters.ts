/**
 * Parameters of named conditions: what the tuple says, or else the request's context, as the type that was declared. JSON has
 * fewer types than CEL: numbers are taken for ints when they are whole, texts for times and the like when they are written so.
 */
import { Tag } from '../abi/frame'
import { Layout } from '../abi/memory'
import { CelCall, CelFault, CelParameter, CelTag } from '../abi/cel'
import { convert } from './convert'
import { toIpAddress } from './ip-address'
import { allocate, localCell } from './scratch'
import { copyCell, countAt, doubleAt, fail, loadCell, setCurrentNode, setList, setMap, tagAt } from './value'
import { frame } from '../state'
import { spend } from '../steps'
import { itemAt } from '../value'

/** Reads the parameters into the first variables; the address of the body, or 0 with an error in `out`. */
export function readParameters(node: u32, out: u32): u32 {
  const count = load<u32>(node, 4) & 0xff
  const allNeeded = load<u32>(node, 4) >> 8 != 0
  setCurrentNode(node)
  for (let i: u32 = 0; i < count; i++) {
    const parameter = node + 8 + i * 12
    const local = localCell(i)
    let cell = frame + load<u32>(parameter, 4)
    if (tagAt(cell) <= <u32>Tag.Missing) cell = frame + load<u32>(parameter, 8)
    if (tagAt(cell) <= <u32>Tag.Missing) {
      fail(local, CelFault.NoSuchKey)
      if (!allNeeded) continue
    } else typed(cell, load<u32>(parameter), local)
    if (tagAt(local) != CelTag.Error) continue
    copyCell(local, out)
    return 0
  }
  return node + 8 + count * 12
}

/** A value of JSON as one of the type, or an error. */
function typed(cell: u32, type: u32, out: u32): void {
  loadCell(cell, out)
  const tag = tagAt(out)
  if (tag == CelTag.Error) return
  const isText = tag == Tag.String
  switch (type & 15) {
    case CelParameter.Any:
      return
    case CelParameter.Bool:
      return only(tag == Tag.Boolean, out)
    case CelParameter.String:
      return only(isText, out)
    case CelParameter.Int:
      return whole(CelCall.ToInt, out)
    case CelParameter.Uint:
      return whole(CelCall.ToUint, out)
    case CelParameter.Double:
      if (isText) convert(CelCall.ToDouble, out, out)
      return only(tagAt(out) == Tag.Number, out)
    case CelParameter.Duration:
      if (isText) return convert(CelCall.ToDuration, out, out)
      return only(false, out)
    case CelParameter.Timestamp:
      if (isText) return convert(CelCall.ToTimestamp, out, out)
      return only(false, out)
    case CelParameter.IpAddress:
      if (isText) return toIpAddress(out, out)
      return only(false, out)
    case CelParameter.List:
      return list(cell, type >> 4, out)
    default:
      map(cell, type >> 4, out)
  }
}

/** The value in `out` stays, or becomes an error; an error stays. */
function only(fits: bool, out: u32): void {
  if (!fits && tagAt(out) != CelTag.Error) fail(out, CelFault.Conversion)
}

/** A whole number: not 1.5, which the functions int and uint would cut off. Texts may be written as 10 or as 1e1. */
function whole(call: u32, out: u32): void {
  if (tagAt(out) == Tag.String) {
    const text = load<u64>(out)
    const bytes = load<u64>(out, 8)
    convert(call, out, out)
    if (tagAt(out) != CelTag.Error) return
    store<u64>(out, text)
    store<u64>(out, bytes, 8)
    convert(CelCall.ToDouble, out, out)
  }
  if (tagAt(out) == CelTag.Error) return
  if (tagAt(out) != Tag.Number || Math.floor(doubleAt(out)) != doubleAt(out)) return fail(out, CelFault.Conversion)
  convert(call, out, out)
}

function list(cell: u32, type: u32, out: u32): void {
  if (tagAt(cell) != Tag.List) return fail(out, CelFault.Conversion)
  const count = countAt(cell)
  const items = allocate(<u64>count << 4)
  if (items == 0 || !spend(count)) return fail(out, CelFault.Limit)
  for (let i: u32 = 0; i < count; i++) {
    const item = items + i * Layout.CellSize
    typed(itemAt(cell, i), type, item)
    if (tagAt(item) == CelTag.Error) return copyCell(item, out)
  }
  setList(out, items, count)
}

function map(cell: u32, type: u32, out: u32): void {
  if (tagAt(cell) != CelTag.Map) return fail(out, CelFault.Conversion)
  const count = countAt(cell)
  const entries = allocate(<u64>count << 5)
  if (entries == 0 || !spend(count)) return fail(out, CelFault.Limit)
  let from = load<u32>(cell, 8)
  for (let i: u32 = 0; i < count; i++, from += 32) {
    const entry = entries + (i << 5)
    loadCell(from, entry)
    if (tagAt(entry) != CelTag.Error) typed(from + 16, type, entry + 16)
    if (tagAt(entry) == CelTag.Error) return copyCell(entry, out)
    if (tagAt(entry + 16) == CelTag.Error) return copyCell(entry + 16, out)
  }
  setMap(out, entries, count)
}
