/** Equality, order and membership of value cells, in three-valued logic. docs/policy-reference.md defines each. */
import { Truth } from './abi/decision'
import { Id, Tag } from './abi/frame'
import { Limit } from './abi/memory'
import { stringCount } from './state'
import { spend } from './steps'
import { compareText, containsText, hasText, identityKnown, sameBytes, textLength, textStart } from './text'

// @ts-ignore: decorator
@inline
export function tagOf(cell: u32): u32 {
  return load<u32>(cell)
}

/** Whether the attribute is there and usable: null and everything after it but Invalid. */
// @ts-ignore: decorator
@inline
export function readable(cell: u32): bool {
  return tagOf(cell) - Tag.Null < <u32>(Tag.Invalid - Tag.Null)
}

export function equal(a: u32, b: u32): Truth {
  return equalAt(a, b, 0)
}

function equalAt(a: u32, b: u32, depth: u32): Truth {
  const tag = tagOf(a)
  if (!readable(a) || !readable(b)) return Truth.NotEvaluable
  if (tag != tagOf(b)) return Truth.False
  switch (tag) {
    case Tag.String:
      return equalStrings(a, b)
    case Tag.Number:
      return load<f64>(a, 8) == load<f64>(b, 8) ? Truth.True : Truth.False
    case Tag.Boolean:
      return load<u32>(a, 4) == load<u32>(b, 4) ? Truth.True : Truth.False
    case Tag.Null:
      return Truth.True
    case Tag.List:
      return depth < <u32>Limit.ListDepth ? equalLists(a, b, depth) : Truth.NotEvaluable
    default:
      return Truth.NotEvaluable
  }
}

function equalStrings(a: u32, b: u32): Truth {
  const first = load<u32>(a, 4)
  const second = load<u32>(b, 4)
  if (first == Id.ByText || second == Id.ByText) return equalTexts(a, b)
  if (!identityKnown(a, b)) return Truth.NotEvaluable
  return first == second ? Truth.True : Truth.False
}

/** A string of a tuple's context, which is not among those of the image, and another one. */
function equalTexts(a: u32, b: u32): Truth {
  if (load<u32>(a, 4) < stringCount || load<u32>(b, 4) < stringCount) return Truth.False
  // One that has half of a surrogate pair has no bytes, and is none that a tuple may hold.
  if (!hasText(a) || !hasText(b)) return Truth.False
  const length = textLength(a)
  return length == textLength(b) && sameBytes(textStart(a), textStart(b), length) ? Truth.True : Truth.False
}

function equalLists(a: u32, b: u32, depth: u32): Truth {
  const count = load<u32>(a, 4)
  if (count != load<u32>(b, 4)) return Truth.False
  if (!spend(count)) return Truth.NotEvaluable
  let result: Truth = Truth.True
  for (let i: u32 = 0; i < count; i++) {
    const one = equalAt(itemAt(a, i), itemAt(b, i), depth + 1)
    if (one == Truth.False) return Truth.False
    if (one == Truth.NotEvaluable) result = Truth.NotEvaluable
  }
  return result
}

// @ts-ignore: decorator
@inline
export function itemAt(list: u32, index: u32): u32 {
  return load<u32>(list, 8) + index * load<u32>(list, 12)
}

/** Some item of the list equals the value. */
export function includes(list: u32, value: u32): Truth {
  const count = load<u32>(list, 4)
  if (!spend(count)) return Truth.NotEvaluable
  let result: Truth = Truth.False
  for (let i: u32 = 0; i < count; i++) {
    const one = equal(itemAt(list, i), value)
    if (one == Truth.True) return Truth.True
    if (one == Truth.NotEvaluable) result = Truth.NotEvaluable
  }
  return result
}

/** Every item (all) or some item (not all) of `items` is in `list`. */
export function includesItems(list: u32, items: u32, all: bool): Truth {
  if (tagOf(list) != Tag.List || tagOf(items) != Tag.List) return Truth.NotEvaluable
  const count = load<u32>(items, 4)
  if (!spend(count)) return Truth.NotEvaluable
  const settled: Truth = all ? Truth.False : Truth.True
  let result: Truth = all ? Truth.True : Truth.False
  for (let i: u32 = 0; i < count; i++) {
    const one = includes(list, itemAt(items, i))
    if (one == settled) return settled
    if (one == Truth.NotEvaluable) result = Truth.NotEvaluable
  }
  return result
}

/** List `a` has the item `b`, or string `a` the part `b`. */
export function contains(a: u32, b: u32): Truth {
  const tag = tagOf(a)
  if (tag == Tag.List) return readable(b) ? includes(a, b) : Truth.NotEvaluable
  if (tag != Tag.String || tagOf(b) != Tag.String || !hasText(a) || !hasText(b)) return Truth.NotEvaluable
  const wholeLength = textLength(a)
  const partLength = textLength(b)
  if (!spend((<u64>wholeLength >> 3) * ((partLength >> 3) + 1))) return Truth.NotEvaluable
  return containsText(textStart(a), wholeLength, textStart(b), partLength) ? Truth.True : Truth.False
}

export const NOT_ORDERED: i32 = i32.MIN_VALUE

/** Negative, zero or positive for two numbers or two strings, NOT_ORDERED for everything else. */
export function order(a: u32, b: u32): i32 {
  const tag = tagOf(a)
  if (tag != tagOf(b)) return NOT_ORDERED
  if (tag == Tag.Number) {
    const x = load<f64>(a, 8)
    const y = load<f64>(b, 8)
    return <i32>(x > y) - <i32>(x < y)
  }
  if (tag != Tag.String || !hasText(a) || !hasText(b)) return NOT_ORDERED
  return compareText(textStart(a), textLength(a), textStart(b), textLength(b))
}
