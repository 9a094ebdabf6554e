/**
 * Trust in the actors of a request: scores that may decay with time, compared with bounds. docs/policy-reference.md defines
 * each step; abi/trust.ts the node (TrustNode).
 */
import { Truth } from './abi/decision'
import { Tag } from './abi/frame'
import { Clock } from './abi/time'
import { Decay, TrustBounds, TrustNode, TrustOver } from './abi/trust'
import { frame } from './state'
import { spend } from './steps'
import { itemAt } from './value'

// @ts-ignore: decorator
@inline
function field(node: u32, index: u32): u32 {
  return load<u32>(node + (index << 2))
}

// @ts-ignore: decorator
@inline
function number(node: u32, index: u32): f64 {
  return load<f64>(node + (index << 2))
}

export function evaluateTrust(node: u32): Truth {
  const over = field(node, TrustNode.Flags) & 0xff
  const first = score(node, frame + (field(node, TrustNode.Score) & ~15), frame + (field(node, TrustNode.Updated) & ~15))
  const delegators = field(node, TrustNode.Delegators)
  if (delegators == 0) return within(node, first)
  const list = frame + (delegators & ~15)
  if (load<u32>(list) != Tag.List) return Truth.NotEvaluable
  const count = load<u32>(list, 4)
  if (!spend(<u64>count * 4)) return Truth.NotEvaluable
  return over == TrustOver.Each ? each(node, first, list, count) : together(node, over, first, list, count)
}

function each(node: u32, first: f64, list: u32, count: u32): Truth {
  let result = within(node, first)
  for (let i: u32 = 0; i < count && result != Truth.False; i++) {
    const one = within(node, itemScore(node, itemAt(list, i)))
    if (one != Truth.True) result = one
  }
  return result
}

function together(node: u32, over: u32, first: f64, list: u32, count: u32): Truth {
  const scale = number(node, TrustNode.Scale)
  let result = over == TrustOver.Product ? first / scale : first
  // NaN, for a score that cannot be read, stays: f64.min and * pass it on.
  for (let i: u32 = 0; i < count; i++) {
    const one = itemScore(node, itemAt(list, i))
    result = over == TrustOver.Product ? result * (one / scale) : min<f64>(result, one)
  }
  return within(node, over == TrustOver.Product ? result * scale : result)
}

function itemScore(node: u32, item: u32): f64 {
  return score(node, item + (field(node, TrustNode.ItemScore) & ~15), item + (field(node, TrustNode.ItemUpdated) & ~15))
}

/** The score in a cell as it is worth now; NaN when it cannot be said. */
function score(node: u32, cell: u32, updated: u32): f64 {
  if (load<u32>(cell) != Tag.Number) return NaN
  const given = load<f64>(cell, 8)
  if (!(given >= 0 && given <= number(node, TrustNode.Scale))) return NaN
  const decay = (field(node, TrustNode.Flags) >> 8) & 0xff
  if (decay == Decay.None) return given
  const now = frame + (field(node, TrustNode.Now) & ~15)
  if (load<u32>(updated) != Tag.Number || load<u32>(now) != Tag.Number) return NaN
  const age = load<f64>(now, 8) - load<f64>(updated, 8)
  // Also when both are infinite, which no host writes.
  if (!(age >= -(<f64>Clock.Skew))) return NaN
  const periods = max<f64>(age, 0) / number(node, TrustNode.Period)
  const worth =
    decay == Decay.HalfLife ? given * halved(periods) : given - number(node, TrustNode.Lose) * periods
  // Nothing decays below the floor, and what is below it already stays there.
  return max<f64>(worth, min<f64>(given, number(node, TrustNode.Floor)))
}

const LN2: f64 = 0.6931471805599453

/**
 * 2 to the power of -x, for x from 0 on: exact for whole x, and within a few units in the last place for others. Written
 * out because Math.pow of the library keeps tables in the memory that is the image's, and that of a host differs from host
 * to host. The fraction by the series of e^y (NIST DLMF 4.2.19), whose 20th term is below 2^-63 for |y| < ln 2.
 */
function halved(x: f64): f64 {
  const whole = floor<f64>(x)
  if (whole > 1000) return 0
  const y = -(x - whole) * LN2
  let sum: f64 = 1
  for (let i: f64 = 20; i >= 1; i -= 1) sum = 1 + (y / i) * sum
  return sum * reinterpret<f64>(<u64>(1023 - <i32>whole) << 52)
}

function within(node: u32, value: f64): Truth {
  if (isNaN(value)) return Truth.NotEvaluable
  const bounds = field(node, TrustNode.Flags) >> 16
  if ((bounds & TrustBounds.Min) != 0 && value < number(node, TrustNode.Min)) return Truth.False
  if ((bounds & TrustBounds.Max) != 0 && value > number(node, TrustNode.Max)) return Truth.False
  return Truth.True
}
