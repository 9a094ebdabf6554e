/** Lists and maps: size, membership, items by index or key, sets. */
import { Truth } from '../abi/decision'
import { Id, Tag } from '../abi/frame'
import { CelFault, CelTag } from '../abi/cel'
import { equalValues, findEntry } from './equality'
import { allocate } from './scratch'
import { countCodePoints } from './text'
import { copyCell, countAt, doubleAt, fail, intAt, lengthAt, loadCell, setBoolean, setInt, setOptional, startAt, tagAt } from './value'
import { exhausted, spend } from '../steps'
import { hasText, sameBytes, textLength, textStart } from '../text'
import { itemAt } from '../value'

export function size(a: u32, out: u32): void {
  switch (tagAt(a)) {
    case Tag.String:
      if (!spend(lengthAt(a) >> 3)) return fail(out, CelFault.Limit)
      return setInt(out, countCodePoints(startAt(a), lengthAt(a)))
    case CelTag.Bytes:
      return setInt(out, lengthAt(a))
    case Tag.List:
    case CelTag.Map:
      return setInt(out, countAt(a))
    default:
      fail(out, CelFault.NoOverload)
  }
}

function setTruth(out: u32, truth: Truth): void {
  if (truth == Truth.NotEvaluable) fail(out, exhausted() ? CelFault.Limit : CelFault.Invalid)
  else setBoolean(out, truth == Truth.True)
}

export function equality(a: u32, b: u32, negated: bool, out: u32): void {
  const truth = equalValues(a, b)
  setTruth(out, negated && truth != Truth.NotEvaluable ? 1 - truth : truth)
}

export function membership(a: u32, b: u32, out: u32): void {
  if (tagAt(b) == Tag.List) setTruth(out, isItem(a, b))
  else if (tagAt(b) != CelTag.Map) fail(out, CelFault.NoOverload)
  else setBoolean(out, findEntry(b, a) != 0)
}

function isItem(value: u32, list: u32): Truth {
  const count = countAt(list)
  if (!spend(count)) return Truth.NotEvaluable
  if (tagAt(value) == Tag.String) return isText(value, list)
  let result: Truth = Truth.False
  for (let i: u32 = 0; i < count; i++) {
    const one = equalValues(itemAt(list, i), value)
    if (one == Truth.True) return one
    if (one == Truth.NotEvaluable) result = one
  }
  return result
}

/** A string among the items: those of another length are passed over quickly. */
function isText(value: u32, list: u32): Truth {
  const id = load<u32>(value, 4)
  // What a tuple says has no id among the request's.
  const known = id < <u32>Id.ByText
  const start = hasText(value) ? textStart(value) : 0
  const length = start != 0 ? textLength(value) : 0
  // Bytes that are compared; each item is a step already.
  if (!spend((<u64>length >> 5) * countAt(list))) return Truth.NotEvaluable
  const stride = load<u32>(list, 12)
  let item = load<u32>(list, 8)
  let result: Truth = Truth.False
  for (let left = countAt(list); left > 0; left--, item += stride) {
    const tag = tagAt(item)
    if (tag == Tag.String) {
      const other = load<u32>(item, 4)
      if (known && other < <u32>Id.ByText) {
        if (id == other) return Truth.True
        continue
      }
      // Bytes of the request, or of the tuple, lie in the cell.
      if (start != 0 && other >= <u32>Id.ByText && load<u32>(item, 8) != 0) {
        if (load<u32>(item, 12) == length && sameBytes(load<u32>(item, 8), start, length)) return Truth.True
        continue
      }
    }
    const one = equalValues(item, value)
    if (one == Truth.True) return one
    if (one == Truth.NotEvaluable) result = one
  }
  return result
}

/** The place of a list's index, a whole number of any type; -1 when it is none, -2 when it lies outside. */
function position(index: u32, count: u32): i64 {
  const tag = tagAt(index)
  if (tag == Tag.Number) {
    const value = doubleAt(index)
    if (value != floor(value) || !(abs(value) < 9e15)) return -1
    return value >= 0 && value < <f64>count ? <i64>value : -2
  }
  if (tag != CelTag.Int && tag != CelTag.Uint) return -1
  return <u64>intAt(index) < <u64>count ? intAt(index) : -2
}

export function itemOf(a: u32, b: u32, out: u32): void {
  if (tagAt(a) == CelTag.Map) {
    const entry = findEntry(a, b)
    if (entry == 0) fail(out, CelFault.NoSuchKey)
    else loadCell(entry + 16, out)
  } else if (tagAt(a) == Tag.List) {
    const at = position(b, countAt(a))
    if (at < 0) fail(out, at == -1 ? CelFault.NoOverload : CelFault.Index)
    else loadCell(itemAt(a, <u32>at), out)
  } else fail(out, CelFault.NoOverload)
}

/** An optional of the item; of an optional's item when there is a value. */
export function optionalItemOf(a: u32, b: u32, out: u32): void {
  let base = a
  if (tagAt(a) == CelTag.Optional) {
    if (load<u32>(a, 4) == 0) return setOptional(out, 0)
    base = load<u32>(a, 8)
  }
  if (tagAt(base) != CelTag.Map && tagAt(base) != Tag.List) return fail(out, CelFault.NoOverload)
  itemOf(base, b, out)
  wrapFound(out)
}

/** What was found becomes an optional of it; that it was not found, an empty one. */
export function wrapFound(out: u32): void {
  if (tagAt(out) == CelTag.Error) {
    const fault = load<u32>(out, 4)
    if (fault == CelFault.NoSuchKey || fault == CelFault.Index) setOptional(out, 0)
  } else wrap(out)
}

/** The value in `out` becomes an optional of it. */
export function wrap(out: u32): void {
  const cell = allocate(16)
  if (cell == 0) return fail(out, CelFault.Limit)
  copyCell(out, cell)
  setOptional(out, cell)
}

/** The part of a map or of an optional map with this key, a string cell. */
export function select(a: u32, key: u32, out: u32): void {
  if (tagAt(a) == CelTag.Optional) return optionalItemOf(a, key, out)
  if (tagAt(a) == CelTag.Map) itemOf(a, key, out)
  else fail(out, CelFault.NoOverload)
}

export function hasKey(a: u32, key: u32, out: u32): void {
  if (tagAt(a) == CelTag.Map) return setBoolean(out, findEntry(a, key) != 0)
  if (tagAt(a) != CelTag.Optional) return fail(out, CelFault.NoOverload)
  const value = load<u32>(a, 8)
  if (value == 0) setBoolean(out, false)
  else if (tagAt(value) == CelTag.Map) setBoolean(out, findEntry(value, key) != 0)
  else fail(out, CelFault.NoOverload)
}

/** Every item of `b` is in `a`. */
function holdsAll(a: u32, b: u32): Truth {
  let result: Truth = Truth.True
  for (let i: u32 = 0; i < countAt(b); i++) {
    const one = isItem(itemAt(b, i), a)
    if (one == Truth.False) return one
    if (one == Truth.NotEvaluable) result = one
  }
  return result
}

export function setContains(a: u32, b: u32, out: u32): void {
  if (tagAt(a) != Tag.List || tagAt(b) != Tag.List) return fail(out, CelFault.NoOverload)
  setTruth(out, holdsAll(a, b))
}

export function setEquivalent(a: u32, b: u32, out: u32): void {
  if (tagAt(a) != Tag.List || tagAt(b) != Tag.List) return fail(out, CelFault.NoOverload)
  const there = holdsAll(a, b)
  setTruth(out, there == Truth.True ? holdsAll(b, a) : there)
}

export function setIntersects(a: u32, b: u32, out: u32): void {
  if (tagAt(a) != Tag.List || tagAt(b) != Tag.List) return fail(out, CelFault.NoOverload)
  let result: Truth = Truth.False
  for (let i: u32 = 0; i < countAt(a); i++) {
    const one = isItem(itemAt(a, i), b)
    if (one == Truth.True) return setTruth(out, one)
    if (one == Truth.NotEvaluable) result = one
  }
  setTruth(out, result)
}

/** Whether the value is the zero of its type. */
export function isZero(a: u32): bool {
  switch (tagAt(a)) {
    case Tag.Null:
      return true
    case Tag.Boolean:
    case Tag.List:
    case CelTag.Map:
    case CelTag.Optional:
      return load<u32>(a, 4) == 0
    case Tag.Number:
      return doubleAt(a) == 0
    case CelTag.Int:
    case CelTag.Uint:
      return intAt(a) == 0
    case Tag.String:
    case CelTag.Bytes:
      return lengthAt(a) == 0
    case CelTag.Timestamp:
    case CelTag.Duration:
      return intAt(a) == 0 && load<u32>(a, 4) == 0
    default:
      return false
  }
}
