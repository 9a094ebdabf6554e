/**
 * Expressions: nodes to values. Each node writes its value, or an error, into a cell; the validator has bounded nesting and
 * checked every address. Nothing is allocated outside the scratch stack.
 */
import { Truth } from '../abi/decision'
import { Slot, Tag } from '../abi/frame'
import { Layout } from '../abi/memory'
import { CelFault, CelLimit, CelNode, CelOp, CelTag } from '../abi/cel'
import { call, cellOf } from './apply'
import { partInZone } from './call'
import { hasKey, optionalItemOf, select, wrap, wrapFound } from './collections'
import { fold } from './fold'
import { readParameters } from './parameters'
import { findEntry } from './equality'
import { allocate, itemCells, localCell, release, startScratch, top } from './scratch'
import { setMilliseconds } from './time'
import { copyCell, fail, lengthAt, loadCell, setBoolean, setBytes, setCurrentNode, setList, setMap, setOptional, startAt, tagAt } from './value'
import { regexFinds } from '../regex/match'
import { celScratch, frame } from '../state'
import { textLength, textStart } from '../text'

/** The result of the last expression. */
export function resultCell(): u32 {
  return celScratch + CelLimit.ScratchBytes
}

/** A program to three-valued truth: what is no boolean is not evaluable. */
export function evaluateExpression(program: u32): Truth {
  const out = resultCell()
  startScratch()
  value(program, out)
  if (tagAt(out) != Tag.Boolean) return Truth.NotEvaluable
  return load<u32>(out, 4)
}

/** The node after this one. */
// @ts-ignore: decorator
@inline
export function after(node: u32): u32 {
  return node + ((load<u32>(node) >> 8) << 2)
}

export function value(node: u32, out: u32): void {
  const word = load<u32>(node)
  switch (word & 0xff) {
    case CelOp.Constant:
    case CelOp.Slot:
    case CelOp.Local:
    case CelOp.ItemPart:
      setCurrentNode(node)
      return loadCell(cellOf(node), out)
    case CelOp.Call:
      return call(node, out)
    case CelOp.Bytes:
      return setBytes(out, node + 8, load<u32>(node, 4))
    case CelOp.And:
      return logic(node, node + ((word >> 8) << 2), 0, out)
    case CelOp.Or:
      return logic(node, node + ((word >> 8) << 2), 1, out)
    case CelOp.Not:
      value(node + 4, out)
      if (tagAt(out) == CelTag.Error) return
      setCurrentNode(node)
      if (tagAt(out) == Tag.Boolean) store<u32>(out, 1 - load<u32>(out, 4), 4)
      else fail(out, CelFault.NoOverload)
      return
    case CelOp.Conditional:
      return conditional(node, out)
    case CelOp.Fold: {
      const mark = top
      fold(node, out)
      return release(mark, out)
    }
    default:
      rare(node, word, out)
  }
}

/** And, Or: one operand that settles the result outweighs errors beside it. */
function logic(node: u32, end: u32, settling: u32, out: u32): void {
  let fault: u32 = 0
  let failed: u32 = 0
  for (let child = node + 4; child < end; child = after(child)) {
    value(child, out)
    if (tagAt(out) == Tag.Boolean) {
      if (load<u32>(out, 4) == settling) return
    } else if (fault == 0) {
      setCurrentNode(child)
      if (tagAt(out) != CelTag.Error) fail(out, CelFault.NoOverload)
      fault = load<u32>(out, 4)
      failed = load<u32>(out, 8)
    }
  }
  if (fault == 0) return setBoolean(out, settling == 0)
  setCurrentNode(failed)
  fail(out, fault)
}

function conditional(node: u32, out: u32): void {
  const condition = node + 4
  value(condition, out)
  if (tagAt(out) == CelTag.Error) return
  setCurrentNode(condition)
  if (tagAt(out) != Tag.Boolean) return fail(out, CelFault.NoOverload)
  const then = after(condition)
  value(load<u32>(out, 4) != 0 ? then : after(then), out)
}

/** A string of the image in a cell of its own; 0 when there is no room. */
function keyCell(id: u32): u32 {
  const key = allocate(16)
  if (key == 0) return 0
  store<u32>(key, Tag.String)
  store<u32>(key, id, 4)
  store<u32>(key, textStart(key), 8)
  store<u32>(key, textLength(key), 12)
  return key
}

function rare(node: u32, word: u32, out: u32): void {
  const mark = top
  setCurrentNode(node)
  switch (word & 0xff) {
    case CelOp.Now: {
      const cell = frame + Slot.Now * Layout.CellSize
      if (tagAt(cell) == Tag.Number) setMilliseconds(out, load<f64>(cell, 8))
      else loadCell(cell, out)
      return
    }
    case CelOp.Select:
    case CelOp.Has:
    case CelOp.OptionalSelect:
      return keyed(node, word & 0xff, out)
    case CelOp.HasSlot: {
      const parent = load<u32>(node, 4)
      return hasPart(parent == CelNode.NoParent ? 0 : frame + parent, frame + load<u32>(node, 8), out)
    }
    case CelOp.HasItemPart: {
      const item = itemCells(load<u32>(node, 4))
      return hasPart(item + load<u32>(node, 8), item + load<u32>(node, 12), out)
    }
    case CelOp.OptionalSlot:
      loadCell(frame + load<u32>(node, 4), out)
      return wrapFound(out)
    case CelOp.List:
      return list(node, node + ((word >> 8) << 2), out)
    case CelOp.Map:
      return map(node, node + ((word >> 8) << 2), out)
    case CelOp.Bind:
      value(node + 8, localCell(load<u32>(node, 4)))
      value(after(node + 8), out)
      return release(mark, out)
    case CelOp.OptionalMap:
      return optionalMap(node, out)
    case CelOp.Parameters:
      return parameters(node, out)
    case CelOp.OptionalOr:
      return optionalOr(node, out)
    case CelOp.OptionalNone:
      return setOptional(out, 0)
    case CelOp.PartInZone:
      value(node + 12, out)
      if (tagAt(out) == CelTag.Error) return
      setCurrentNode(node)
      return partInZone(load<u32>(node, 4), load<u32>(node, 8), out)
    case CelOp.OptionalElement:
      // Anywhere else than in a list or map, an image says nothing that the compiler would.
      return fail(out, CelFault.NoOverload)
    default: {
      value(node + 8, out)
      if (tagAt(out) == CelTag.Error) return
      setCurrentNode(node)
      if (tagAt(out) != Tag.String) return fail(out, CelFault.NoOverload)
      const found = regexFinds(load<u32>(node, 4), startAt(out), lengthAt(out))
      if (found < 0) fail(out, CelFault.Limit)
      else setBoolean(out, found == 1)
      return release(mark, out)
    }
  }
}

function keyed(node: u32, op: u32, out: u32): void {
  const mark = top
  const base = allocate(16)
  const key = keyCell(load<u32>(node, 4))
  if (base == 0 || key == 0) return fail(out, CelFault.Limit)
  value(node + 8, base)
  setCurrentNode(node)
  if (tagAt(base) == CelTag.Error) copyCell(base, out)
  else if (op == CelOp.Select) select(base, key, out)
  else if (op == CelOp.Has) hasKey(base, key, out)
  else optionalItemOf(base, key, out)
  release(mark, out)
}

/** Whether a part is there: false only when the map that it is looked for in is; 0 for one that always is. */
function hasPart(parent: u32, part: u32, out: u32): void {
  if (parent != 0) {
    loadCell(parent, out)
    if (tagAt(out) == CelTag.Error) return
    if (tagAt(out) != Tag.Map && tagAt(out) != CelTag.Map) return fail(out, CelFault.NoOverload)
  }
  const tag = tagAt(part)
  if (tag == Tag.Invalid) fail(out, CelFault.Invalid)
  else setBoolean(out, tag > <u32>Tag.Missing)
}

function list(node: u32, end: u32, out: u32): void {
  let count: u32 = 0
  for (let child = node + 4; child < end; child = after(child)) count++
  const items = allocate(count << 4)
  if (items == 0) return fail(out, CelFault.Limit)
  let at = items
  for (let child = node + 4; child < end; child = after(child)) {
    if (!element(child, at)) continue
    if (tagAt(at) == CelTag.Error) return copyCell(at, out)
    at += 16
  }
  setList(out, items, (at - items) >> 4)
}

/** The value of an element; false for an optional one without a value, which is not there. */
function element(node: u32, out: u32): bool {
  if ((load<u32>(node) & 0xff) != CelOp.OptionalElement) {
    value(node, out)
    return true
  }
  value(node + 4, out)
  if (tagAt(out) == CelTag.Error) return true
  setCurrentNode(node)
  if (tagAt(out) != CelTag.Optional) fail(out, CelFault.NoOverload)
  else if (load<u32>(out, 4) == 0) return false
  else copyCell(load<u32>(out, 8), out)
  return true
}

/** Whether a value can be a key. */
export function isKey(tag: u32): bool {
  return tag == Tag.String || tag == CelTag.Int || tag == CelTag.Uint || tag == Tag.Boolean
}

function map(node: u32, end: u32, out: u32): void {
  let count: u32 = 0
  for (let child = node + 4; child < end; child = after(child)) count++
  const entries = allocate(count << 4)
  if (entries == 0) return fail(out, CelFault.Limit)
  setMap(out, entries, 0)
  let at = entries
  let isValue = false
  for (let child = node + 4; child < end; child = after(child)) {
    if (!isValue) value(child, at)
    else if (!element(child, at)) {
      // Neither the key.
      at -= 16
      isValue = false
      continue
    }
    if (tagAt(at) == CelTag.Error) return copyCell(at, out)
    if (!isValue) {
      setCurrentNode(child)
      if (!isKey(tagAt(at))) return fail(out, CelFault.Key)
      // Among the entries before this one.
      if (findEntry(out, at) != 0) return fail(out, CelFault.Key)
    } else setMap(out, entries, (at + 16 - entries) >> 5)
    isValue = !isValue
    at += 16
  }
}

/** The body, once its parameters are read. */
function parameters(node: u32, out: u32): void {
  const body = readParameters(node, out)
  if (body != 0) value(body, out)
}

function optionalMap(node: u32, out: u32): void {
  const mark = top
  const local = localCell(load<u32>(node, 4))
  const target = node + 12
  value(target, out)
  if (tagAt(out) == CelTag.Error) return
  setCurrentNode(target)
  if (tagAt(out) != CelTag.Optional) return fail(out, CelFault.NoOverload)
  if (load<u32>(out, 4) == 0) return
  copyCell(load<u32>(out, 8), local)
  value(after(target), out)
  if (tagAt(out) == CelTag.Error) return
  setCurrentNode(node)
  if (load<u32>(node, 8) == 0) wrap(out)
  else if (tagAt(out) != CelTag.Optional) fail(out, CelFault.NoOverload)
  release(mark, out)
}

/** What takes an optional's place is looked at only when it is empty. */
function optionalOr(node: u32, out: u32): void {
  const target = node + 8
  value(target, out)
  if (tagAt(out) == CelTag.Error) return
  setCurrentNode(target)
  if (tagAt(out) != CelTag.Optional) return fail(out, CelFault.NoOverload)
  const wantsValue = load<u32>(node, 4) == 1
  if (load<u32>(out, 4) != 0) {
    if (wantsValue) loadCell(load<u32>(out, 8), out)
    return
  }
  const other = after(target)
  value(other, out)
  setCurrentNode(other)
  if (!wantsValue && tagAt(out) != CelTag.Optional && tagAt(out) != CelTag.Error) fail(out, CelFault.NoOverload)
}

