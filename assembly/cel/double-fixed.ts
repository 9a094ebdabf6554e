/** Doubles with a fixed number of digits, for `format`: exact digits, the last one rounded to even (as C's printf does). */
import { CelFault } from '../abi/cel'
import { BIG_BYTES, bigAdd, bigCompare, bigMultiply, bigSet, bigShiftLeft, bigSubtract, bigTimesPowerOfTen } from './bignum'
import { estimateDigits, mantissaOf, powerOf } from './double-parts'
import { putDigits } from './number'
import { allocate, releaseAll, top } from './scratch'
import { fail, setText } from './value'
import { spend } from '../steps'

/** More digits than these after the point are refused. */
export const MOST_PRECISION: u32 = 100
/** Digits before the point of the greatest double, those after it, point, sign and exponent. */
const WIDTH: u32 = 448

/** Where the point stands, in digits after the first place. */
let pointAt: i32 = 0

/** Digits of a positive double: `precision` of them after the point, or after the first digit. -1 when there is no room. */
function digitsOf(value: f64, precision: i32, fixed: bool, to: u32): i32 {
  const mark = top
  const r = allocate(BIG_BYTES * 3)
  if (r == 0) return -1
  const s = r + BIG_BYTES
  const sum = s + BIG_BYTES
  const mantissa = mantissaOf(reinterpret<u64>(value))
  const power = powerOf(reinterpret<u64>(value))
  bigSet(r, mantissa)
  bigSet(s, 1)
  bigShiftLeft(r, <u32>max(power, 0))
  bigShiftLeft(s, <u32>max(-power, 0))
  let k = estimateDigits(mantissa, power)
  if (k > 0) bigTimesPowerOfTen(s, k)
  else bigTimesPowerOfTen(r, -k)
  if (bigCompare(r, s) >= 0) k++
  else bigMultiply(r, 10)
  let count = fixed ? k + precision : precision + 1
  pointAt = k
  if (count < 0) {
    releaseAll(mark)
    return 0
  }
  let digit: u32 = 0
  for (let i = 0; i < count; i++) {
    digit = 0
    while (bigCompare(r, s) >= 0) {
      bigSubtract(r, s)
      digit++
    }
    store<u8>(to + i, <u8>(0x30 + digit))
    bigMultiply(r, 10)
  }
  bigAdd(r, r, sum)
  bigMultiply(s, 10)
  const half = bigCompare(sum, s)
  releaseAll(mark)
  if (half < 0 || (half == 0 && (digit & 1) == 0)) return count
  let at = count
  while (at > 0 && load<u8>(to + at - 1) == 0x39) store<u8>(to + --at, 0x30)
  if (at > 0) {
    store<u8>(to + at - 1, load<u8>(to + at - 1) + 1)
    return count
  }
  // All were nines, or there was none: a one comes before them.
  store<u8>(to, 0x31)
  pointAt++
  if (fixed) {
    if (count > 0) store<u8>(to + count, 0x30)
    count++
  }
  return count
}

/** A finite double as 123.450, or as 1.234500e+02. */
export function printFixed(value: f64, precision: u32, fixed: bool, out: u32): void {
  const text = allocate(WIDTH * 2)
  if (text == 0 || !spend(256)) return fail(out, CelFault.Limit)
  const digits = text + WIDTH
  let to = text
  if (reinterpret<i64>(value) < 0) store<u8>(to++, 0x2d)
  let count: i32 = 0
  pointAt = fixed ? 0 : 1
  if (value != 0) count = digitsOf(abs(value), precision, fixed, digits)
  else if (!fixed) count = zeros(digits, precision + 1)
  if (count < 0) return fail(out, CelFault.Limit)
  const whole = fixed ? pointAt : 1
  if (whole <= 0) store<u8>(to++, 0x30)
  for (let i = 0; i < whole; i++) store<u8>(to++, i < count ? load<u8>(digits + i) : 0x30)
  if (precision > 0) {
    store<u8>(to++, 0x2e)
    for (let i = whole; i < whole + <i32>precision; i++) store<u8>(to++, i >= 0 && i < count ? load<u8>(digits + i) : 0x30)
  }
  if (!fixed) {
    const exponent = value == 0 ? 0 : pointAt - 1
    store<u8>(to++, 0x65)
    store<u8>(to++, exponent < 0 ? 0x2d : 0x2b)
    to = putDigits(to, <u64>abs(exponent), 2)
  }
  setText(out, text, to - text)
}

function zeros(to: u32, count: u32): i32 {
  memory.fill(to, 0x30, count)
  return <i32>count
}
