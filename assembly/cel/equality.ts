/**
 * Equality and order of values as CEL has them: numbers compare by value across int, uint and double; values of other
 * different types are unequal. Cells may come straight from the frame.
 */
import { Truth } from '../abi/decision'
import { Id, Tag } from '../abi/frame'
import { Limit } from '../abi/memory'
import { CelLimit, CelTag } from '../abi/cel'
import { countAt, doubleAt, intAt, tagAt } from './value'
import { spend } from '../steps'
import { compareText, hasText, sameBytes, textLength, textStart } from '../text'
import { itemAt } from '../value'

// @ts-ignore: decorator
@inline
export function isNumber(tag: u32): bool {
  return tag == Tag.Number || tag == CelTag.Int || tag == CelTag.Uint
}

export function equalValues(a: u32, b: u32): Truth {
  return equalAt(a, b, 0)
}

/** Levels of lists and maps in values; those of requests have fewer, those that expressions make can have more. */
const DEPTH: u32 = Limit.ListDepth + CelLimit.Depth

function equalAt(a: u32, b: u32, depth: u32): Truth {
  const tag = tagAt(a)
  const other = tagAt(b)
  if (!isValue(tag) || !isValue(other)) return Truth.NotEvaluable
  if (tag != other) {
    if (isNumber(tag) && isNumber(other)) return <Truth>(compareNumbers(a, b) == 0)
    // A map whose entries were not read is still a map.
    return isMap(tag) && isMap(other) ? Truth.NotEvaluable : Truth.False
  }
  switch (tag) {
    case Tag.Null:
      return Truth.True
    case Tag.Boolean:
    case CelTag.Type:
      return <Truth>(load<u32>(a, 4) == load<u32>(b, 4))
    case Tag.Number:
      return <Truth>(doubleAt(a) == doubleAt(b))
    case CelTag.Int:
    case CelTag.Uint:
      return <Truth>(intAt(a) == intAt(b))
    case Tag.String:
      return equalStrings(a, b)
    case CelTag.Bytes:
      return equalBytes(load<u32>(a, 8), load<u32>(a, 12), load<u32>(b, 8), load<u32>(b, 12))
    case CelTag.Timestamp:
    case CelTag.Duration:
      return <Truth>(intAt(a) == intAt(b) && load<u32>(a, 4) == load<u32>(b, 4))
    case CelTag.IpAddress:
      return <Truth>(load<u32>(a, 4) == load<u32>(b, 4) && sameBytes(load<u32>(a, 8), load<u32>(b, 8), 16))
    case CelTag.Optional:
      if (load<u32>(a, 4) != load<u32>(b, 4)) return Truth.False
      return load<u32>(a, 4) == 0 ? Truth.True : equalAt(load<u32>(a, 8), load<u32>(b, 8), depth + 1)
    case Tag.List:
      return depth < DEPTH ? equalLists(a, b, depth) : Truth.NotEvaluable
    case CelTag.Map:
      return depth < DEPTH ? equalMaps(a, b, depth) : Truth.NotEvaluable
    default:
      return Truth.NotEvaluable
  }
}

// @ts-ignore: decorator
@inline
function isValue(tag: u32): bool {
  return tag > <u32>Tag.Missing && tag != Tag.Invalid && tag < <u32>CelTag.Error
}

// @ts-ignore: decorator
@inline
function isMap(tag: u32): bool {
  return tag == CelTag.Map || tag == Tag.Map
}

function equalStrings(a: u32, b: u32): Truth {
  const x = load<u32>(a, 4)
  const y = load<u32>(b, 4)
  // Ids of the image and of the request tell strings apart; what an expression made, a tuple says or nobody compares has none.
  if (x < <u32>Id.ByText && y < <u32>Id.ByText) return <Truth>(x == y)
  // One has an id and no bytes, which are not needed: it is none of the image's, or no text that has bytes.
  if (!hasText(a) || !hasText(b)) return x == y ? Truth.NotEvaluable : Truth.False
  return equalBytes(textStart(a), textLength(a), textStart(b), textLength(b))
}

function equalBytes(a: u32, aLength: u32, b: u32, bLength: u32): Truth {
  if (aLength != bLength) return Truth.False
  if (!spend(aLength >> 5)) return Truth.NotEvaluable
  return <Truth>sameBytes(a, b, aLength)
}

function equalLists(a: u32, b: u32, depth: u32): Truth {
  const count = countAt(a)
  if (count != countAt(b)) return Truth.False
  if (!spend(count)) return Truth.NotEvaluable
  let result: Truth = Truth.True
  for (let i: u32 = 0; i < count; i++) {
    const one = equalAt(itemAt(a, i), itemAt(b, i), depth + 1)
    if (one == Truth.False) return Truth.False
    if (one == Truth.NotEvaluable) result = Truth.NotEvaluable
  }
  return result
}

function equalMaps(a: u32, b: u32, depth: u32): Truth {
  const count = countAt(a)
  if (count != countAt(b)) return Truth.False
  let result: Truth = Truth.True
  for (let i: u32 = 0; i < count; i++) {
    const entry = load<u32>(a, 8) + (i << 5)
    const found = findEntry(b, entry)
    if (found == 0) return Truth.False
    const one = equalAt(entry + 16, found + 16, depth + 1)
    if (one == Truth.False) return Truth.False
    if (one == Truth.NotEvaluable) result = Truth.NotEvaluable
  }
  return result
}

/** Address of the entry with an equal key, or 0. */
export function findEntry(map: u32, key: u32): u32 {
  const count = countAt(map)
  if (!spend(count)) return 0
  let entry = load<u32>(map, 8)
  for (let i: u32 = 0; i < count; i++, entry += 32) if (equalAt(entry, key, 0) == Truth.True) return entry
  return 0
}

/** What is compared is no number. */
export const UNORDERED: i32 = -2

/** -1, 0, 1 or UNORDERED for two numbers. A double beside an integer: the integer as the double nearest to it, as cel-go has it. */
export function compareNumbers(a: u32, b: u32): i32 {
  const x = tagAt(a)
  const y = tagAt(b)
  if (x == Tag.Number || y == Tag.Number) return compareDoubles(asDouble(a), asDouble(b))
  const i = intAt(a)
  const j = intAt(b)
  if (x == CelTag.Int && y == CelTag.Int) return <i32>(i > j) - <i32>(i < j)
  if (x == CelTag.Int && i < 0) return -1
  if (y == CelTag.Int && j < 0) return 1
  return <i32>(<u64>i > <u64>j) - <i32>(<u64>i < <u64>j)
}

function asDouble(cell: u32): f64 {
  const tag = tagAt(cell)
  return tag == Tag.Number ? doubleAt(cell) : tag == CelTag.Int ? <f64>intAt(cell) : <f64>(<u64>intAt(cell))
}

function compareDoubles(x: f64, y: f64): i32 {
  if (x != x || y != y) return UNORDERED
  return <i32>(x > y) - <i32>(x < y)
}

export const NOT_COMPARABLE: i32 = -3

/** -1, 0, 1, UNORDERED, or NOT_COMPARABLE for types without an order. Cells are an expression's own. */
export function compareValues(a: u32, b: u32): i32 {
  const tag = tagAt(a)
  const other = tagAt(b)
  if (isNumber(tag) && isNumber(other)) return compareNumbers(a, b)
  if (tag != other) return NOT_COMPARABLE
  switch (tag) {
    case Tag.String:
    case CelTag.Bytes: {
      const length = min(load<u32>(a, 12), load<u32>(b, 12))
      spend(length >> 3)
      const sign = compareText(load<u32>(a, 8), load<u32>(a, 12), load<u32>(b, 8), load<u32>(b, 12))
      return <i32>(sign > 0) - <i32>(sign < 0)
    }
    case Tag.Boolean:
      return <i32>(load<u32>(a, 4) > load<u32>(b, 4)) - <i32>(load<u32>(a, 4) < load<u32>(b, 4))
    case CelTag.Timestamp:
    case CelTag.Duration: {
      const x = intAt(a)
      const y = intAt(b)
      if (x != y) return x > y ? 1 : -1
      return <i32>(load<u32>(a, 4) > load<u32>(b, 4)) - <i32>(load<u32>(a, 4) < load<u32>(b, 4))
    }
    default:
      return NOT_COMPARABLE
  }
}
