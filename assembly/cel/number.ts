/** Whole numbers as text, read and written. */
import { CelFault } from '../abi/cel'
import { fail, setInt, setUint } from './value'

/** At least `width` digits; returns the place after them. */
export function putDigits(to: u32, value: u64, width: u32): u32 {
  let count: u32 = 1
  for (let rest = value / 10; rest != 0; rest /= 10) count++
  count = max(count, width)
  for (let at = to + count; at > to; value /= 10) store<u8>(--at, <u8>(0x30 + (value % 10)))
  return to + count
}

export function putInt(to: u32, value: i64): u32 {
  if (value >= 0) return putDigits(to, <u64>value, 1)
  store<u8>(to, 0x2d)
  // The least integer has no positive; its bits, negated, are right as unsigned.
  return putDigits(to + 1, -value, 1)
}

/** A sign and digits as int, or digits as uint. */
export function parseInteger(out: u32, start: u32, length: u32, signed: bool): void {
  let at = start
  const end = start + length
  const first: u32 = length > 0 ? load<u8>(start) : 0
  const negative = signed && first == 0x2d
  if (negative || (signed && first == 0x2b)) at++
  if (at == end) return fail(out, CelFault.Conversion)
  let value: u64 = 0
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30
    if (digit > 9) return fail(out, CelFault.Conversion)
    if (value > 1844674407370955161 || (value == 1844674407370955161 && digit > 5)) return fail(out, CelFault.Overflow)
    value = value * 10 + digit
  }
  if (!signed) return setUint(out, value)
  if (value > <u64>i64.MAX_VALUE + <u64>negative) return fail(out, CelFault.Overflow)
  setInt(out, negative ? -(<i64>value) : <i64>value)
}
