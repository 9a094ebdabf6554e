/** Timestamps (RFC 3339), durations (1h30m, 1.5s) and fixed zones as text, read and written. */
import { CelFault, CelTag } from '../abi/cel'
import { allocate } from './scratch'
import { day, daysOf, floorDivide, month, setChecked, setDate, year } from './time'
import { fail, intAt, setText } from './value'
import { putDigits, putInt } from './number'

let at: u32 = 0
let end: u32 = 0

/** Reads exactly so many digits; -1 when they are not there. */
function digits(count: u32): i64 {
  if (end - at < count || at > end) return -1
  let value: i64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const digit = <u32>load<u8>(at++) - 0x30
    if (digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function take(byte: u32): bool {
  if (at >= end || load<u8>(at) != byte) return false
  at++
  return true
}

/** Digits after a point as nanoseconds: at most nine count, -1 for none. */
function fraction(): i64 {
  let value: i64 = 0
  let scale: i64 = 100000000
  let count: u32 = 0
  while (at < end && <u32>load<u8>(at) - 0x30 < 10) {
    value += scale * <i64>(load<u8>(at++) - 0x30)
    scale /= 10
    count++
  }
  return count == 0 ? -1 : value
}

function daysInMonth(inYear: i64, ofMonth: i64): i64 {
  return (ofMonth == 12 ? daysOf(inYear + 1, 1, 1) : daysOf(inYear, ofMonth + 1, 1)) - daysOf(inYear, ofMonth, 1)
}

/** RFC 3339: 2026-01-31T09:00:00.5+01:00. */
export function parseTimestamp(out: u32, start: u32, length: u32): void {
  at = start
  end = start + length
  const y = digits(4)
  if (y < 0 || !take(0x2d)) return fail(out, CelFault.Conversion)
  const m = digits(2)
  if (m < 1 || m > 12 || !take(0x2d)) return fail(out, CelFault.Conversion)
  const d = digits(2)
  if (d < 1 || d > daysInMonth(y, m) || !(take(0x54) || take(0x74))) return fail(out, CelFault.Conversion)
  const hour = digits(2)
  if (hour < 0 || hour > 23 || !take(0x3a)) return fail(out, CelFault.Conversion)
  const minute = digits(2)
  if (minute < 0 || minute > 59 || !take(0x3a)) return fail(out, CelFault.Conversion)
  const second = digits(2)
  if (second < 0 || second > 59) return fail(out, CelFault.Conversion)
  let nanos: i64 = 0
  if (take(0x2e)) {
    nanos = fraction()
    if (nanos < 0) return fail(out, CelFault.Conversion)
  }
  let offset: i64 = 0
  if (!take(0x5a) && !take(0x7a)) {
    // Here its sign has to be there.
    if (at < end && <u32>load<u8>(at) - 0x30 < 10) return fail(out, CelFault.Conversion)
    offset = zoneOffset()
    if (offset == NO_ZONE) return fail(out, CelFault.Conversion)
  }
  if (at != end) return fail(out, CelFault.Conversion)
  setChecked(out, CelTag.Timestamp, daysOf(y, m, d) * 86400 + hour * 3600 + minute * 60 + second - offset, nanos)
}

const NO_ZONE: i64 = i64.MAX_VALUE

/** +01:00 as seconds; a zone without a sign is ahead of UTC, too. */
function zoneOffset(): i64 {
  const behind = take(0x2d)
  if (!behind) take(0x2b)
  const hours = digits(2)
  if (hours < 0 || hours > 23 || !take(0x3a)) return NO_ZONE
  const minutes = digits(2)
  if (minutes < 0 || minutes > 59) return NO_ZONE
  const offset = hours * 3600 + minutes * 60
  return behind ? -offset : offset
}

export const UNKNOWN_ZONE: i64 = NO_ZONE

/** Seconds that a fixed zone (UTC, +01:00, -08:00) is ahead of UTC, or UNKNOWN_ZONE. */
export function fixedZone(start: u32, length: u32): i64 {
  at = start
  end = start + length
  if (length == 3 && take(0x55) && take(0x54) && take(0x43)) return 0
  at = start
  const offset = zoneOffset()
  return at == end ? offset : NO_ZONE
}

/** The most nanoseconds of a duration, below zero; above zero one less. */
const MOST_NANOS: u64 = 1 << 63

/**
 * Go's form of durations: an optional sign, then numbers with units h, m, s, ms, us, ns; or 0. Parts of a unit are computed as there
 * (https://pkg.go.dev/time#ParseDuration), in doubles.
 */
export function parseDuration(out: u32, start: u32, length: u32): void {
  at = start
  end = start + length
  const negative = take(0x2d)
  if (!negative) take(0x2b)
  if (end - at == 1 && load<u8>(at) == 0x30) return setChecked(out, CelTag.Duration, 0, 0)
  if (at >= end) return fail(out, CelFault.Conversion)
  let total: u64 = 0
  while (at < end) {
    let from = at
    const whole = number()
    if (isDigit()) return fail(out, CelFault.Overflow)
    let found = at > from
    let part: u64 = 0
    let scale: f64 = 1
    if (take(0x2e)) {
      from = at
      part = number()
      for (let count = at - from; count > 0; count--) scale *= 10
      if (at > from) found = true
      while (isDigit()) at++
    }
    const unit = found ? takeUnit() : 0
    if (unit == 0) return fail(out, CelFault.Conversion)
    if (whole > MOST_NANOS / unit) return fail(out, CelFault.Overflow)
    const nanos = whole * unit + <u64>(<f64>part * (<f64>unit / scale))
    if (nanos > MOST_NANOS - total) return fail(out, CelFault.Overflow)
    total += nanos
  }
  const seconds = <i64>(total / 1000000000)
  const nanos = <i64>(total % 1000000000)
  if (negative) setChecked(out, CelTag.Duration, -seconds, -nanos)
  else setChecked(out, CelTag.Duration, seconds, nanos)
}

// @ts-ignore: decorator
@inline
function isDigit(): bool {
  return at < end && <u32>load<u8>(at) - 0x30 < 10
}

/** The digits that stand there, as many as 64 bits have room for. */
function number(): u64 {
  let value: u64 = 0
  while (isDigit() && value <= MOST_NANOS / 10) value = value * 10 + (<u64>load<u8>(at++) - 0x30)
  return value
}

/** Nanoseconds of the unit that stands there; 0 for none. */
function takeUnit(): u64 {
  if (take(0x68)) return 3600000000000
  if (take(0x6d)) return take(0x73) ? 1000000 : 60000000000
  if (take(0x73)) return 1000000000
  if (take(0x6e)) return take(0x73) ? 1 : 0
  return (take(0x75) || (take(0xc2) && take(0xb5)) || (take(0xce) && take(0xbc))) && take(0x73) ? 1000 : 0
}

/** Point and digits of nanoseconds, without trailing zeros; returns the place after them. */
function putFraction(to: u32, nanos: u32): u32 {
  if (nanos == 0) return to
  store<u8>(to++, 0x2e)
  let last = to
  let scale: u32 = 100000000
  for (; scale > 0; scale /= 10) {
    const digit = (nanos / scale) % 10
    store<u8>(to++, <u8>(0x30 + digit))
    if (digit != 0) last = to
  }
  return last
}

export function printTimestamp(cell: u32, out: u32): void {
  const text = allocate(48)
  if (text == 0) return fail(out, CelFault.Limit)
  const seconds = intAt(cell)
  const days = floorDivide(seconds, 86400)
  const second = seconds - days * 86400
  setDate(days)
  let to = putDigits(text, <u64>year, 4)
  store<u8>(to++, 0x2d)
  to = putDigits(to, <u64>month, 2)
  store<u8>(to++, 0x2d)
  to = putDigits(to, <u64>day, 2)
  store<u8>(to++, 0x54)
  to = putDigits(to, <u64>(second / 3600), 2)
  store<u8>(to++, 0x3a)
  to = putDigits(to, <u64>((second / 60) % 60), 2)
  store<u8>(to++, 0x3a)
  to = putDigits(to, <u64>(second % 60), 2)
  to = putFraction(to, load<u32>(cell, 4))
  store<u8>(to++, 0x5a)
  setText(out, text, to - text)
}

export function printDuration(cell: u32, out: u32): void {
  const text = allocate(48)
  if (text == 0) return fail(out, CelFault.Limit)
  let seconds = intAt(cell)
  let nanos = load<u32>(cell, 4)
  let to = text
  if (seconds < 0) {
    store<u8>(to++, 0x2d)
    seconds = -seconds
    if (nanos != 0) {
      seconds -= 1
      nanos = 1000000000 - nanos
    }
  }
  to = putFraction(putInt(to, seconds), nanos)
  store<u8>(to++, 0x73)
  setText(out, text, to - text)
}
