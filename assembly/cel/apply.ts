/** Calls of strict functions: their arguments first, which are not copied where they lie somewhere already. */
import { Tag } from '../abi/frame'
import { CelCall, CelFault, CelOp, CelTag } from '../abi/cel'
import { after, value } from './evaluate'
import { callMore, callOne, callTwo } from './call'
import { allocate, itemCells, localCell, release, top } from './scratch'
import { copyCell, fail, loadCell, setBoolean, setCurrentNode, tagAt } from './value'
import { frame } from '../state'

/** The cell of a value that lies somewhere already; 0 for a node that has to be evaluated. */
export function cellOf(node: u32): u32 {
  switch (load<u32>(node) & 0xff) {
    case CelOp.Constant:
      return node + 4
    case CelOp.Slot:
      return frame + load<u32>(node, 4)
    case CelOp.Local:
      return localCell(load<u32>(node, 4))
    case CelOp.ItemPart:
      return itemCells(load<u32>(node, 4)) + load<u32>(node, 8)
    default:
      return 0
  }
}

/**
 * The cell of an argument: where it lies, or `room` with its value or error. `compared`: only equality is asked for, so that the id
 * of a string does, and its text need not be there.
 */
function argument(node: u32, room: u32, compared: bool): u32 {
  const cell = cellOf(node)
  if (cell == 0) {
    value(node, room)
    return room
  }
  const tag = tagAt(cell)
  if (tag == Tag.Number || (compared && tag == Tag.String)) return cell
  setCurrentNode(node)
  loadCell(cell, room)
  return room
}

export function call(node: u32, out: u32): void {
  const which = load<u32>(node, 4)
  const arity = (which >> 6) + 1
  if (which - CelCall.Less <= <u32>(CelCall.GreaterOrEqual - CelCall.Less) && orderInPlace(which, node + 8, out)) return
  const mark = top
  const room = allocate(arity << 4)
  setCurrentNode(node)
  if (room == 0) return fail(out, CelFault.Limit)
  let child = node + 8
  const compared = which == CelCall.Equal || which == CelCall.NotEqual || which == CelCall.In
  const a = argument(child, room, compared)
  if (tagAt(a) == CelTag.Error) return giveBack(mark, a, out)
  if (arity == 1) {
    setCurrentNode(node)
    callOne(which, a, out)
    return release(mark, out)
  }
  child = after(child)
  const b = argument(child, room + 16, compared)
  if (tagAt(b) == CelTag.Error) return giveBack(mark, b, out)
  if (arity == 2) {
    setCurrentNode(node)
    callTwo(which, a, b, out)
    return release(mark, out)
  }
  child = after(child)
  const c = argument(child, room + 32, false)
  if (tagAt(c) == CelTag.Error) return giveBack(mark, c, out)
  let d: u32 = 0
  if (arity == 4) {
    d = argument(after(child), room + 48, false)
    if (tagAt(d) == CelTag.Error) return giveBack(mark, d, out)
  }
  setCurrentNode(node)
  callMore(which, a, b, c, d, out)
  release(mark, out)
}

/** The error of an argument is that of the call. */
function giveBack(mark: u32, error: u32, out: u32): void {
  copyCell(error, out)
  release(mark, out)
}

/** The commonest order: of two doubles that lie somewhere already. False for anything else. */
function orderInPlace(which: u32, first: u32, out: u32): bool {
  const a = cellOf(first)
  if (a == 0 || tagAt(a) != Tag.Number) return false
  const b = cellOf(after(first))
  if (b == 0 || tagAt(b) != Tag.Number) return false
  orderDoubles(which, load<f64>(a, 8), load<f64>(b, 8), out)
  return true
}

function orderDoubles(which: u32, x: f64, y: f64, out: u32): void {
  switch (which) {
    case CelCall.Less:
      return setBoolean(out, x < y)
    case CelCall.LessOrEqual:
      return setBoolean(out, x <= y)
    case CelCall.Greater:
      return setBoolean(out, x > y)
    default:
      return setBoolean(out, x >= y)
  }
}
