/** Upper and lower bounds that tests set. */
import type { Scalar } from '../document.ts'
import { compare } from './constant.ts'
import type { PlainFact } from './possible.ts'

interface Bound {
  readonly value: Scalar
  /** Whether the bound itself is inside. */
  readonly closed: boolean
}

/** Whether something lies between the bounds. Between two different numbers or strings there is taken to be another. */
export function inBounds(facts: readonly PlainFact[]): boolean {
  let lower: Bound | undefined
  let upper: Bound | undefined
  for (const { test, holds } of facts) {
    if (test.kind !== 'test' || test.operand.kind !== 'value') continue
    const { value } = test.operand
    if (typeof value !== 'number' && typeof value !== 'string') continue
    // What is not above a number is at most that number.
    const above = test.op === 'gt' || test.op === 'gte'
    const below = test.op === 'lt' || test.op === 'lte'
    if (!above && !below) continue
    const closed = (test.op === 'gte' || test.op === 'lte') === holds
    if (above === holds) lower = tighter(lower, { value, closed }, 1)
    else upper = tighter(upper, { value, closed }, -1)
  }
  // No string comes before the empty one.
  if (upper?.value === '' && !upper.closed) return false
  if (lower === undefined || upper === undefined) return true
  const sign = compare(lower.value, upper.value) ?? -1
  return sign < 0 || (sign === 0 && lower.closed && upper.closed)
}

function tighter(known: Bound | undefined, bound: Bound, direction: 1 | -1): Bound {
  if (known === undefined) return bound
  const sign = (compare(bound.value, known.value) ?? 0) * direction
  return sign > 0 || (sign === 0 && !bound.closed) ? bound : known
}
