/** Value cells of expressions: reading them from frame and image, writing results. */
import { Tag } from '../abi/frame'
import { CelFault, CelTag, CelType } from '../abi/cel'
import { hasText, textLength, textStart } from '../text'

/** The node that is being evaluated, for errors. */
let currentNode: u32 = 0

// @ts-ignore: decorator
@inline
export function setCurrentNode(node: u32): void {
  currentNode = node
}

// @ts-ignore: decorator
@inline
export function copyCell(from: u32, to: u32): void {
  store<u64>(to, load<u64>(from))
  store<u64>(to, load<u64>(from, 8), 8)
}

export function fail(out: u32, fault: CelFault): void {
  store<u32>(out, CelTag.Error)
  store<u32>(out, fault, 4)
  store<u64>(out, currentNode, 8)
}

// @ts-ignore: decorator
@inline
export function setBoolean(out: u32, value: bool): void {
  store<u32>(out, Tag.Boolean)
  store<u32>(out, <u32>value, 4)
}

// @ts-ignore: decorator
@inline
export function setInt(out: u32, value: i64): void {
  store<u32>(out, CelTag.Int)
  store<i64>(out, value, 8)
}

// @ts-ignore: decorator
@inline
export function setUint(out: u32, value: u64): void {
  store<u32>(out, CelTag.Uint)
  store<u64>(out, value, 8)
}

// @ts-ignore: decorator
@inline
export function setDouble(out: u32, value: f64): void {
  store<u32>(out, Tag.Number)
  store<f64>(out, value, 8)
}

/** Text that the string table need not have. */
export function setText(out: u32, start: u32, length: u32): void {
  store<u32>(out, Tag.String)
  store<u32>(out, 0xffffffff, 4)
  store<u32>(out, start, 8)
  store<u32>(out, length, 12)
}

export function setBytes(out: u32, start: u32, length: u32): void {
  store<u32>(out, CelTag.Bytes)
  store<u32>(out, start, 8)
  store<u32>(out, length, 12)
}

export function setList(out: u32, items: u32, count: u32): void {
  store<u32>(out, Tag.List)
  store<u32>(out, count, 4)
  store<u32>(out, items, 8)
  store<u32>(out, 16, 12)
}

export function setMap(out: u32, entries: u32, count: u32): void {
  store<u32>(out, CelTag.Map)
  store<u32>(out, count, 4)
  store<u32>(out, entries, 8)
}

/** A timestamp or duration. */
export function setTime(out: u32, tag: CelTag, seconds: i64, nanos: u32): void {
  store<u32>(out, tag)
  store<u32>(out, nanos, 4)
  store<i64>(out, seconds, 8)
}

export function setOptional(out: u32, value: u32): void {
  store<u32>(out, CelTag.Optional)
  store<u32>(out, value == 0 ? 0 : 1, 4)
  store<u32>(out, value, 8)
}

/** Takes the value of a cell of the frame, of a list or of a map over into `out`: text with its place, what is no value as an error. */
export function loadCell(cell: u32, out: u32): void {
  const tag = load<u32>(cell)
  if (tag == Tag.String) {
    if (!hasText(cell)) {
      fail(out, CelFault.Invalid)
      return
    }
    const start = textStart(cell)
    const length = textLength(cell)
    store<u64>(out, load<u64>(cell))
    store<u32>(out, start, 8)
    store<u32>(out, length, 12)
  } else if (tag <= <u32>Tag.Missing) fail(out, CelFault.NoSuchKey)
  // And what is only for structured conditions: tags up to those of CelTag.
  else if (tag - Tag.Invalid < <u32>(CelTag.Map - Tag.Invalid)) fail(out, CelFault.Invalid)
  else copyCell(cell, out)
}

/** The type of a value that is no error. */
export function typeOf(cell: u32): CelType {
  switch (load<u32>(cell)) {
    case Tag.Null:
      return CelType.Null
    case Tag.Boolean:
      return CelType.Bool
    case Tag.Number:
      return CelType.Double
    case Tag.String:
      return CelType.String
    case Tag.List:
      return CelType.List
    case CelTag.Int:
      return CelType.Int
    case CelTag.Uint:
      return CelType.Uint
    case CelTag.Bytes:
      return CelType.Bytes
    case CelTag.Timestamp:
      return CelType.Timestamp
    case CelTag.Duration:
      return CelType.Duration
    case CelTag.Type:
      return CelType.Type
    case CelTag.Optional:
      return CelType.Optional
    case CelTag.IpAddress:
      return CelType.IpAddress
    default:
      return CelType.Map
  }
}

// @ts-ignore: decorator
@inline
export function tagAt(cell: u32): u32 {
  return load<u32>(cell)
}

// @ts-ignore: decorator
@inline
export function intAt(cell: u32): i64 {
  return load<i64>(cell, 8)
}

// @ts-ignore: decorator
@inline
export function doubleAt(cell: u32): f64 {
  return load<f64>(cell, 8)
}

/** Start of the text or bytes that an expression's own cell holds. */
// @ts-ignore: decorator
@inline
export function startAt(cell: u32): u32 {
  return load<u32>(cell, 8)
}

// @ts-ignore: decorator
@inline
export function lengthAt(cell: u32): u32 {
  return load<u32>(cell, 12)
}

// @ts-ignore: decorator
@inline
export function countAt(cell: u32): u32 {
  return load<u32>(cell, 4)
}
