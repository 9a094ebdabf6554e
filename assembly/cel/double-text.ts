/**
 * Doubles as text, exactly. Reading: a guess, moved until the text lies between the middles to its neighbours (W. D.
 * Clinger, "How to Read Floating Point Numbers Accurately"). Writing: the shortest digits that read back as the same
 * double (G. L. Steele and J. L. White, "How to Print Floating-Point Numbers Accurately"), laid out as in ECMAScript.
 */
import { CelFault } from '../abi/cel'
import { BIG_BYTES, bigAdd, bigCompare, bigCopy, bigMultiply, bigSet, bigShiftLeft, bigSubtract, bigTimesPowerOfTen } from './bignum'
import { estimateDigits, isNearBelow, mantissaOf, powerOf } from './double-parts'
import { putInt } from './number'
import { allocate, releaseAll } from './scratch'
import { fail, setDouble, setText } from './value'
import { spend } from '../steps'

/** Digits that count; a digit after them only says that there was more. */
const MOST_DIGITS: u32 = 800

function isLetters(at: u32, length: u32, lower: u64): bool {
  let word: u64 = 0
  for (let i: u32 = 0; i < length; i++) word |= (<u64>load<u8>(at + i) | 0x20) << (i << 3)
  return word == lower
}

/** Reads a decimal number, inf, infinity or nan. */
export function parseDouble(out: u32, start: u32, length: u32): void {
  let at = start
  const end = start + length
  if (length == 0) return fail(out, CelFault.Conversion)
  const negative = load<u8>(at) == 0x2d
  if (negative || load<u8>(at) == 0x2b) at++
  const left = end - at
  // "inf", "nan" and "infinity", least byte first.
  if ((left == 3 && isLetters(at, 3, 0x666e69)) || (left == 8 && isLetters(at, 8, 0x7974696e69666e69))) {
    return setDouble(out, negative ? -Infinity : Infinity)
  }
  if (left == 3 && at == start && isLetters(at, 3, 0x6e616e)) return setDouble(out, NaN)
  const first = at
  let exponent: i32 = 0
  let digits: u32 = 0
  let significant: u32 = 0
  let seenPoint = false
  for (; at < end; at++) {
    const byte = <u32>load<u8>(at)
    if (byte == 0x2e && !seenPoint) seenPoint = true
    else if (byte - 0x30 < 10) {
      digits++
      if (significant != 0 || byte != 0x30) significant++
      // Digits past those that count are powers of ten only.
      if (significant > MOST_DIGITS) exponent += seenPoint ? 0 : 1
      else if (seenPoint) exponent--
    } else break
  }
  if (digits == 0) return fail(out, CelFault.Conversion)
  const last = at
  if (at < end) {
    if ((load<u8>(at++) | 0x20) != 0x65 || at == end) return fail(out, CelFault.Conversion)
    const down = load<u8>(at) == 0x2d
    if (down || load<u8>(at) == 0x2b) at++
    if (at == end) return fail(out, CelFault.Conversion)
    let given: i32 = 0
    for (; at < end; at++) {
      const digit = <u32>load<u8>(at) - 0x30
      if (digit > 9) return fail(out, CelFault.Conversion)
      given = min(given * 10 + <i32>digit, 1000000)
    }
    exponent += down ? -given : given
  }
  if (!spend(length + 64)) return fail(out, CelFault.Limit)
  const value = read(first, last, exponent, min(significant, MOST_DIGITS))
  // Only when there is no room is it negative.
  if (value < 0) return fail(out, CelFault.Limit)
  setDouble(out, negative ? -value : value)
}

/** The double nearest to the digits between two places, times ten to the exponent. */
function read(first: u32, last: u32, exponent: i32, digits: u32): f64 {
  if (digits == 0) return 0
  const magnitude = <i32>digits + exponent
  if (magnitude > 310) return Infinity
  if (magnitude < -326) return 0
  const mark = allocate(BIG_BYTES * 3)
  if (mark == 0) return -1
  const number = mark
  bigSet(number, 0)
  let guess: f64 = 0
  let taken: u32 = 0
  for (let at = first; at < last; at++) {
    const digit = <u32>load<u8>(at) - 0x30
    if (digit > 9 || (taken == 0 && digit == 0)) continue
    if (taken++ < digits) {
      bigMultiply(number, 10, digit)
      if (taken <= 17) guess = guess * 10 + <f64>digit
    } else if (digit != 0 && (load<u32>(number, 4) & 1) == 0) store<u32>(number, load<u32>(number, 4) | 1, 4)
  }
  let scale = exponent + <i32>digits - <i32>min(digits, 17)
  for (; scale > 0; scale--) guess *= 10
  for (; scale < 0; scale++) guess /= 10
  if (guess == Infinity) guess = f64.MAX_VALUE
  const value = correct(reinterpret<u64>(guess), number, exponent)
  releaseAll(mark)
  return value
}

/** Moves the double with these bits to the one nearest to number × 10^exponent; ties to even. */
export function correct(bits: u64, number: u32, exponent: i32): f64 {
  while (true) {
    const odd = (bits & 1) != 0
    const mantissa = mantissaOf(bits)
    const power = powerOf(bits)
    const above = compareWith(number, exponent, mantissa * 2 + 1, power - 1)
    if (above > 0 || (above == 0 && odd)) {
      bits++
      if (bits == 0x7ff0000000000000) return Infinity
      continue
    }
    if (bits == 0) return 0
    const below = isNearBelow(bits)
      ? compareWith(number, exponent, mantissa * 4 - 1, power - 2)
      : compareWith(number, exponent, mantissa * 2 - 1, power - 1)
    if (below < 0 || (below == 0 && odd)) {
      bits--
      continue
    }
    return reinterpret<f64>(bits)
  }
}

/** Sign of number × 10^exponent − half × 2^power. */
function compareWith(number: u32, exponent: i32, half: u64, power: i32): i32 {
  const a = number + BIG_BYTES
  const b = a + BIG_BYTES
  bigCopy(number, a)
  bigSet(b, half)
  if (exponent > 0) bigTimesPowerOfTen(a, exponent)
  else bigTimesPowerOfTen(b, -exponent)
  if (power > 0) bigShiftLeft(b, power)
  else bigShiftLeft(a, -power)
  return bigCompare(a, b)
}

/** Bytes that a double needs as text. */
const WIDTH: u32 = 32

export function printDouble(value: f64, out: u32): void {
  const text = allocate(WIDTH)
  if (text == 0) return fail(out, CelFault.Limit)
  let to = text
  if (value != value) {
    // NaN
    store<u32>(to, 0x4e614e)
    return setText(out, text, 3)
  }
  if (value < 0) store<u8>(to++, 0x2d)
  if (abs(value) == Infinity) {
    store<u64>(to, 0x7974696e69666e49)
    return setText(out, text, to + 8 - text)
  }
  if (value == 0) {
    store<u8>(to++, 0x30)
    return setText(out, text, to - text)
  }
  spend(64)
  const digits = shortest(abs(value), to)
  if (digits == 0) return fail(out, CelFault.Limit)
  setText(out, text, layOut(to, digits, pointAt) - text)
}

/** Where the point stands, in digits after the first place. */
let pointAt: i32 = 0

/** Writes the shortest digits of a positive double and returns their number; 0 when there is no room. */
function shortest(value: f64, to: u32): u32 {
  const mark = allocate(BIG_BYTES * 5)
  if (mark == 0) return 0
  const r = mark
  const s = r + BIG_BYTES
  const up = s + BIG_BYTES
  const down = up + BIG_BYTES
  const sum = down + BIG_BYTES
  const bits = reinterpret<u64>(value)
  const mantissa = mantissaOf(bits)
  const power = powerOf(bits)
  const even = (mantissa & 1) == 0
  const near: u32 = isNearBelow(bits) ? 1 : 0
  bigSet(r, mantissa)
  bigSet(s, 1)
  bigSet(up, 1)
  bigSet(down, 1)
  bigShiftLeft(r, <u32>max(power, 0) + 1 + near)
  bigShiftLeft(s, <u32>max(-power, 0) + 1 + near)
  bigShiftLeft(up, <u32>max(power, 0) + near)
  bigShiftLeft(down, <u32>max(power, 0))
  let k = estimateDigits(mantissa, power)
  if (k > 0) bigTimesPowerOfTen(s, k)
  else {
    bigTimesPowerOfTen(r, -k)
    bigTimesPowerOfTen(up, -k)
    bigTimesPowerOfTen(down, -k)
  }
  bigAdd(r, up, sum)
  const reach = bigCompare(sum, s)
  if (reach > 0 || (reach == 0 && even)) k++
  else {
    bigMultiply(r, 10)
    bigMultiply(up, 10)
    bigMultiply(down, 10)
  }
  let count: u32 = 0
  while (true) {
    let digit: u32 = 0
    while (bigCompare(r, s) >= 0) {
      bigSubtract(r, s)
      digit++
    }
    const under = bigCompare(r, down)
    bigAdd(r, up, sum)
    const over = bigCompare(sum, s)
    const low = under < 0 || (under == 0 && even)
    const high = over > 0 || (over == 0 && even)
    if (!low && !high) {
      store<u8>(to + count++, <u8>(0x30 + digit))
      bigMultiply(r, 10)
      bigMultiply(up, 10)
      bigMultiply(down, 10)
      continue
    }
    if (low && high) {
      bigAdd(r, r, sum)
      const half = bigCompare(sum, s)
      if (half > 0 || (half == 0 && (digit & 1) == 1)) digit++
    } else if (high) digit++
    store<u8>(to + count++, <u8>(0x30 + digit))
    break
  }
  releaseAll(mark)
  pointAt = k
  return count
}

/** Puts point, zeros and exponent to the digits (ECMA-262, Number::toString); returns the place after the text. */
function layOut(to: u32, count: u32, point: i32): u32 {
  const digits = <i32>count
  if (point >= digits && point <= 21) {
    memory.fill(to + count, 0x30, <u32>(point - digits))
    return to + <u32>point
  }
  if (point > 0 && point <= 21) {
    memory.copy(to + <u32>point + 1, to + <u32>point, count - <u32>point)
    store<u8>(to + <u32>point, 0x2e)
    return to + count + 1
  }
  if (point > -6 && point <= 0) {
    memory.copy(to + 2 + <u32>-point, to, count)
    memory.fill(to, 0x30, 2 + <u32>-point)
    store<u8>(to, 0x2e, 1)
    return to + count + 2 + <u32>-point
  }
  if (count > 1) {
    memory.copy(to + 2, to + 1, count - 1)
    store<u8>(to, 0x2e, 1)
    count++
  }
  to += count
  store<u8>(to++, 0x65)
  if (point > 0) store<u8>(to++, 0x2b)
  return putInt(to, point - 1)
}
