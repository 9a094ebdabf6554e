/**
 * JSON numbers to doubles, exactly. Three ways, each for what the one before leaves: a product of two exact doubles (W. D.
 * Clinger, "How to Read Floating Point Numbers Accurately"); a product of 64-bit significands with a bound on its error, as
 * in double-conversion; whole numbers of any size.
 */
import { bigMultiply, bigSet } from '../cel/bignum'
import { correct } from '../cel/double-text'
import { BodyFault } from '../abi/json'
import { refuse } from './scan'
import { bigWork, powers } from './state'

/** Digits that count; a digit after them only says that there was more. No double's middle has more than 768. */
const MOST_DIGITS: i32 = 800

/** Writes the powers of ten that are exact doubles. */
export function preparePowers(): void {
  let power: f64 = 1
  for (let i: u32 = 0; i <= 22; i++, power *= 10) store<f64>(powers + (i << 3), power)
}

/** The value of the last number that `numberEnd` went past. */
export let numberValue: f64 = 0

// @ts-ignore: decorator
@inline
function digitAt(at: u32): u32 {
  return <u32>load<u8>(at) - 0x30
}

/** Past a number, which may be anything so far; 0 with a fault. */
export function checkedNumberEnd(start: u32): u32 {
  const first = start + <u32>(load<u8>(start) == 0x2d)
  // A zero is whole by itself: no digit fits after it.
  let at = load<u8>(first) == 0x30 ? first + 1 : digitsEnd(first)
  let lacking = at == first
  if (load<u8>(at) == 0x2e) {
    const point = at + 1
    at = digitsEnd(point)
    if (at == point) lacking = true
  }
  const hasExponent = (load<u8>(at) | 0x20) == 0x65
  if (hasExponent) {
    const power = afterSign(at + 1)
    at = digitsEnd(power)
    if (at == power) lacking = true
  }
  if (lacking) return refuse(BodyFault.Syntax, at)
  // With no exponent, what is not longer than this is no more than doubles hold.
  if (!hasExponent && at - first < 300) return at
  numberEnd(start)
  return abs(numberValue) == Infinity ? refuse(BodyFault.Number, start) : at
}

// @ts-ignore: decorator
@inline
function afterSign(at: u32): u32 {
  const byte = load<u8>(at)
  return at + <u32>(byte == 0x2d || byte == 0x2b)
}

/** The first place from here on that is no digit. Sixteen bytes at a time. */
function digitsEnd(at: u32): u32 {
  while (true) {
    const others = i8x16.bitmask(i8x16.gt_u(i8x16.sub(v128.load(at), i8x16.splat(0x30)), i8x16.splat(9)))
    if (others != 0) return at + <u32>ctz(others)
    at += 16
  }
}

/** Past a number that is known to be one, with its value in `numberValue`. */
export function numberEnd(start: u32): u32 {
  const negative = load<u8>(start) == 0x2d
  const first = start + <u32>negative
  let at = first
  let mantissa: u64 = 0
  for (; digitAt(at) <= 9; at++) mantissa = mantissa * 10 + digitAt(at)
  let digits = at - first
  let exponent: i32 = 0
  if (load<u8>(at) == 0x2e) {
    const point = ++at
    for (; digitAt(at) <= 9; at++) mantissa = mantissa * 10 + digitAt(at)
    digits += at - point
    exponent = -(<i32>(at - point))
  }
  const last = at
  let given: i32 = 0
  if ((load<u8>(at) | 0x20) == 0x65) {
    const down = load<u8>(at, 1) == 0x2d
    at = afterSign(at + 1)
    for (; digitAt(at) <= 9; at++) given = min(given * 10 + <i32>digitAt(at), 100000000)
    if (down) given = -given
  }
  // Nineteen digits fit into 64 bits.
  const value =
    digits < 20 ? small(mantissa, exponent + given, first, last, given) : large(first, last, given)
  numberValue = negative ? -value : value
  return at
}

function small(mantissa: u64, exponent: i32, first: u32, last: u32, given: i32): f64 {
  if (mantissa <= 0x20000000000000) {
    if (exponent == 0 || mantissa == 0) return <f64>mantissa
    if (exponent < 0 && exponent >= -22) return <f64>mantissa / load<f64>(powers + (<u32>-exponent << 3))
    if (exponent > 0 && exponent <= 22) return <f64>mantissa * load<f64>(powers + (<u32>exponent << 3))
  }
  if (exponent > 310) return Infinity
  if (exponent < -345) return 0
  return approximate(mantissa, exponent, 0) ? guess : exact(first, last, given)
}

/** Where the first digit is that is not zero, and how many digits before the point begin there; past the point, minus the zeros between. */
let leading: u32 = 0
let pointPlace: i32 = 0

function findLeading(first: u32, last: u32): void {
  let point = first
  while (point < last && digitAt(point) <= 9) point++
  leading = first
  while (leading < last && (digitAt(leading) == 0 || leading == point)) leading++
  pointPlace = leading < point ? <i32>(point - leading) : <i32>(point + 1) - <i32>leading
}

/** By the first nineteen significant digits, which are off by less than one. */
function large(first: u32, last: u32, given: i32): f64 {
  findLeading(first, last)
  if (leading == last) return 0
  const magnitude = given + pointPlace
  if (magnitude > 310) return Infinity
  if (magnitude < -326) return 0
  let mantissa: u64 = 0
  let taken: i32 = 0
  let at = leading
  for (; at < last && taken < 19; at++) {
    const digit = digitAt(at)
    if (digit > 9) continue
    mantissa = mantissa * 10 + digit
    taken++
  }
  return approximate(mantissa, magnitude - taken, at < last ? 1 : 0) ? guess : exact(first, last, given)
}

/** What `approximate` came to: right, or hardly off. */
let guess: f64 = 0

/** A significand whose highest bit is set, and its exponent of two. */
let significand: u64 = 0
let binary: i32 = 0

/** Multiplies with another one: the high half of the product, normalised. */
function multiply(other: u64, power: i32): void {
  const a = significand >> 32
  const b = significand & 0xffffffff
  const c = other >> 32
  const d = other & 0xffffffff
  const middle = ((b * d) >> 32) + ((a * d) & 0xffffffff) + ((b * c) & 0xffffffff)
  significand = a * c + ((a * d) >> 32) + ((b * c) >> 32) + (middle >> 32)
  binary += power + 64
  const shift = <i32>clz(significand)
  significand <<= shift
  binary -= shift
}

/** Ten to the power of 2^i, or of −2^i, as significands rounded to 64 bits. */
function timesPower(i: u32, negative: bool): void {
  switch (negative ? i + 9 : i) {
    case 0: return multiply(0xa000000000000000, -60)
    case 1: return multiply(0xc800000000000000, -57)
    case 2: return multiply(0x9c40000000000000, -50)
    case 3: return multiply(0xbebc200000000000, -37)
    case 4: return multiply(0x8e1bc9bf04000000, -10)
    case 5: return multiply(0x9dc5ada82b70b59e, 43)
    case 6: return multiply(0xc2781f49ffcfa6d5, 149)
    case 7: return multiply(0x93ba47c980e98ce0, 362)
    case 8: return multiply(0xaa7eebfb9df9de8e, 787)
    case 9: return multiply(0xcccccccccccccccd, -67)
    case 10: return multiply(0xa3d70a3d70a3d70a, -70)
    case 11: return multiply(0xd1b71758e219652c, -77)
    case 12: return multiply(0xabcc77118461cefd, -90)
    case 13: return multiply(0xe69594bec44de15b, -117)
    case 14: return multiply(0xcfb11ead453994ba, -170)
    case 15: return multiply(0xa87fea27a539e9a5, -276)
    case 16: return multiply(0xddd0467c64bce4a1, -489)
    default: return multiply(0xc0314325637a193a, -914)
  }
}

/**
 * The double nearest to mantissa × 10^exponent, in `guess`; false when it cannot be told from its neighbour. `off` is by how
 * much the mantissa may be off, in units of its last place.
 */
function approximate(mantissa: u64, exponent: i32, off: u64): bool {
  const shift = <u64>clz(mantissa)
  significand = mantissa << shift
  binary = -<i32>shift
  // In units of the significand. A product is off by less than 1.5 before it is normalised, from 2^62 on, which is below six
  // of at most 2^64; what was off before stays so in relation.
  let rest = <u32>abs(exponent)
  let factors: u64 = 0
  for (let i: u32 = 0; rest != 0; i++, rest >>= 1) {
    if (rest & 1) {
      timesPower(i, exponent < 0)
      factors++
    }
  }
  return round((off << shift) * 2 + factors * 6 + 1)
}

/** Rounds the significand to a double, ties to even; false when the error could change what it is rounded to. */
function round(error: u64): bool {
  // Bits that do not fit: 11, more for numbers below the normal ones.
  let field = binary + 63 + 1023
  const dropped = field > 0 ? <u32>11 : <u32>min(12 - field, 64)
  if (field < 0) field = 0
  if (dropped >= 64) {
    guess = 0
    return false
  }
  const half = (<u64>1) << (dropped - 1)
  const low = significand & (half * 2 - 1)
  let bits = significand >> dropped
  const certain = low + error < half || (low > half && low - half > error)
  if (low >= half) bits++
  // With error 1 nothing was rounded, and a half is a half; other halves are left to the exact way.
  const carry = bits >> 53
  bits >>= carry
  field += <i32>carry
  if (field > 0) bits = (<u64>field << 52) | (bits & 0xfffffffffffff)
  guess = field >= 2047 ? f64.MAX_VALUE : reinterpret<f64>(bits)
  // The largest ones too: whether it is beyond doubles is for the exact way to say.
  return certain && field < 2046
}

/** With whole numbers, from the guess on. */
function exact(first: u32, last: u32, given: i32): f64 {
  const number = bigWork
  bigSet(number, 0)
  findLeading(first, last)
  let taken: i32 = 0
  let at = leading
  for (; at < last && taken < MOST_DIGITS; at++) {
    const digit = digitAt(at)
    if (digit > 9) continue
    bigMultiply(number, 10, digit)
    taken++
  }
  // More than is written: enough to tell it from a half.
  while (at < last && digitAt(at) - 1 > 8) at++
  if (at < last) store<u32>(number, load<u32>(number, 4) | 1, 4)
  return correct(reinterpret<u64>(guess), number, given + pointPlace - taken)
}
