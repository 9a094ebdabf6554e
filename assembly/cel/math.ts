/** The math extension. */
import { Tag } from '../abi/frame'
import { CelCall, CelFault, CelTag } from '../abi/cel'
import { compareNumbers, isNumber } from './equality'
import { copyCell, countAt, doubleAt, fail, intAt, setBoolean, setDouble, setInt, setUint, tagAt } from './value'
import { spend } from '../steps'
import { itemAt } from '../value'

/** The greatest or least number of a list; the first of equal ones. */
export function extreme(list: u32, sign: i32, out: u32): void {
  const count = tagAt(list) == Tag.List ? countAt(list) : 0
  if (count == 0 || !spend(count)) return fail(out, tagAt(list) == Tag.List ? CelFault.Argument : CelFault.NoOverload)
  let best = itemAt(list, 0)
  for (let i: u32 = 0; i < count; i++) {
    const item = itemAt(list, i)
    if (!isNumber(tagAt(item))) return fail(out, CelFault.NoOverload)
    // It is neither greater nor less than anything.
    if (tagAt(item) == Tag.Number && isNaN(doubleAt(item))) return fail(out, CelFault.Argument)
    if (compareNumbers(item, best) == sign) best = item
  }
  copyCell(best, out)
}

export function ofNumber(call: u32, a: u32, out: u32): void {
  const tag = tagAt(a)
  if (call == CelCall.Abs) return absolute(a, out)
  if (call == CelCall.Sign) return signum(a, out)
  if (call == CelCall.BitNot) {
    if (tag == CelTag.Int) setInt(out, ~intAt(a))
    else if (tag == CelTag.Uint) setUint(out, ~(<u64>intAt(a)))
    else fail(out, CelFault.NoOverload)
    return
  }
  if (tag != Tag.Number) return fail(out, CelFault.NoOverload)
  const x = doubleAt(a)
  switch (call) {
    case CelCall.Ceil:
      return setDouble(out, ceil(x))
    case CelCall.Floor:
      return setDouble(out, floor(x))
    case CelCall.Round:
      return setDouble(out, roundHalfAway(x))
    case CelCall.Trunc:
      return setDouble(out, trunc(x))
    case CelCall.IsNaN:
      return setBoolean(out, x != x)
    case CelCall.IsInf:
      return setBoolean(out, abs(x) == Infinity)
    default:
      setBoolean(out, x - x == 0)
  }
}

function roundHalfAway(x: f64): f64 {
  const whole = trunc(x)
  return abs(x - whole) >= 0.5 ? whole + copysign<f64>(1, x) : whole
}

function absolute(a: u32, out: u32): void {
  const tag = tagAt(a)
  if (tag == Tag.Number) setDouble(out, abs(doubleAt(a)))
  else if (tag == CelTag.Uint) copyCell(a, out)
  else if (tag != CelTag.Int) fail(out, CelFault.NoOverload)
  else if (intAt(a) == i64.MIN_VALUE) fail(out, CelFault.Overflow)
  else setInt(out, intAt(a) < 0 ? -intAt(a) : intAt(a))
}

function signum(a: u32, out: u32): void {
  const tag = tagAt(a)
  if (tag == CelTag.Int) setInt(out, <i64>(intAt(a) > 0) - <i64>(intAt(a) < 0))
  else if (tag == CelTag.Uint) setUint(out, <u64>(intAt(a) != 0))
  else if (tag == Tag.Number) {
    const x = doubleAt(a)
    setDouble(out, x > 0 ? 1 : x < 0 ? -1 : x)
  } else fail(out, CelFault.NoOverload)
}

export function bits(call: u32, a: u32, b: u32, out: u32): void {
  const tag = tagAt(a)
  const shift = call == CelCall.ShiftLeft || call == CelCall.ShiftRight
  if ((tag != CelTag.Int && tag != CelTag.Uint) || tagAt(b) != (shift ? <u32>CelTag.Int : tag)) return fail(out, CelFault.NoOverload)
  if (shift && intAt(b) < 0) return fail(out, CelFault.Argument)
  const value = combined(call, <u64>intAt(a), <u64>intAt(b))
  if (tag == CelTag.Int) setInt(out, value)
  else setUint(out, value)
}

/** A shift to the right fills up with zeros for signed numbers, too. */
function combined(call: u32, x: u64, y: u64): u64 {
  switch (call) {
    case CelCall.BitAnd:
      return x & y
    case CelCall.BitOr:
      return x | y
    case CelCall.BitXor:
      return x ^ y
    case CelCall.ShiftLeft:
      return y > 63 ? 0 : x << y
    default:
      return y > 63 ? 0 : x >> y
  }
}
