/** Times in attributes: milliseconds since 1970-01-01T00:00Z as numbers, or RFC 3339 text (section 5.6), read here. */
import { Tag } from '../abi/frame'
import { TimeLimit } from '../abi/time'
import { daysFromCivil, daysInMonth, MS_PER_DAY } from './calendar'
import { hasText, textLength, textStart } from '../text'

/** The time that a cell holds, or NaN when it holds none. */
export function timeOf(cell: u32): f64 {
  const tag = load<u32>(cell)
  if (tag == Tag.Number) return load<f64>(cell, 8)
  if (tag != Tag.String || !hasText(cell)) return NaN
  const length = textLength(cell)
  return length > <u32>TimeLimit.TextBytes ? NaN : parseTime(textStart(cell), length)
}

/** What `offsetMinutes` returns when there is no offset. */
const NO_OFFSET: i32 = i32.MIN_VALUE

/** Where reading a time stands; the readers below move it. */
let at: u32 = 0
let end: u32 = 0

/**
 * Milliseconds since 1970, or NaN. Leap seconds are none: the epoch scale has no place for them. A fraction counts to the
 * nanosecond; the parser in src/text/time.ts reads the same texts as the same numbers.
 */
export function parseTime(start: u32, length: u32): f64 {
  at = start
  end = start + length
  const year = digits(4)
  if (!take(0x2d)) return NaN
  const month = digits(2)
  if (!take(0x2d)) return NaN
  const day = digits(2)
  if (!takeLetter(0x74)) return NaN
  const hour = digits(2)
  if (!take(0x3a)) return NaN
  const minute = digits(2)
  if (!take(0x3a)) return NaN
  const second = digits(2)
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return NaN
  if (<u32>hour > 23 || <u32>minute > 59 || <u32>second > 59) return NaN
  const fraction = fractionOfSecond()
  const offset = offsetMinutes()
  if (isNaN(fraction) || offset == NO_OFFSET || at != end) return NaN
  const seconds = <i64>hour * 3600 + <i64>(minute - offset) * 60 + <i64>second
  return <f64>(daysFromCivil(year, month, day) * MS_PER_DAY + seconds * 1000) + fraction
}

/** So many digits as a number, or -1. */
function digits(count: u32): i32 {
  if (end - at < count) return -1
  let value: i32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const digit = <u32>load<u8>(at + i) - 0x30
    if (digit > 9) return -1
    value = value * 10 + <i32>digit
  }
  at += count
  return value
}

function take(byte: u32): bool {
  if (at >= end || load<u8>(at) != byte) return false
  at++
  return true
}

/** RFC 3339 takes T and Z in either case. */
function takeLetter(lower: u32): bool {
  if (at >= end || (<u32>load<u8>(at) | 0x20) != lower) return false
  at++
  return true
}

/** In milliseconds; 0 when there is none, NaN when a point has no digits after it. */
function fractionOfSecond(): f64 {
  if (!take(0x2e)) return 0
  const start = at
  let nanoseconds: u32 = 0
  let scale: u32 = 100000000
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30
    if (digit > 9) break
    nanoseconds += digit * scale
    scale /= 10
  }
  return at == start ? NaN : <f64>nanoseconds / 1000000
}

/** Minutes east of UTC, or NO_OFFSET. */
function offsetMinutes(): i32 {
  if (takeLetter(0x7a)) return 0
  if (at >= end) return NO_OFFSET
  const sign = load<u8>(at)
  if (sign != 0x2b && sign != 0x2d) return NO_OFFSET
  at++
  const hour = digits(2)
  if (!take(0x3a)) return NO_OFFSET
  const minute = digits(2)
  if (<u32>hour > 23 || <u32>minute > 59) return NO_OFFSET
  const offset = hour * 60 + minute
  return sign == 0x2d ? -offset : offset
}
