/**
 * Timestamps and durations: seconds and nanoseconds, the latter never negative, so that order and equality are those of
 * the pair. Ranges are those of the CEL specification: years 1 to 9999, and durations of 64 bits of nanoseconds. Days to dates:
 * H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days).
 */
import { CelFault, CelPart, CelTag } from '../abi/cel'
import { fail, intAt, setInt, setTime, tagAt } from './value'

const MIN_TIME: i64 = -62135596800
const MAX_TIME: i64 = 253402300799
/** What 64 bits of nanoseconds hold, about 292 years. */
const MAX_DURATION: i64 = 9223372036
const MAX_NANOS: i64 = 854775807
const MIN_NANOS: i64 = 145224192
const BILLION: i64 = 1000000000

/** Writes seconds and nanoseconds, the latter at most a few billion off, or the error that they are out of range. */
export function setChecked(out: u32, tag: CelTag, seconds: i64, nanos: i64): void {
  let carry = nanos / BILLION
  let rest = nanos % BILLION
  if (rest < 0) {
    rest += BILLION
    carry -= 1
  }
  const whole = seconds + carry
  const fits =
    tag == CelTag.Timestamp
      ? whole >= MIN_TIME && whole <= MAX_TIME
      : whole <= MAX_DURATION &&
        whole >= -MAX_DURATION - 1 &&
        (whole < MAX_DURATION || rest <= MAX_NANOS) &&
        (whole > -MAX_DURATION - 1 || rest >= MIN_NANOS)
  if (fits) setTime(out, tag, whole, <u32>rest)
  else fail(out, CelFault.Overflow)
}

export function addTimes(a: u32, b: u32, out: u32): void {
  const stamp = tagAt(a) == CelTag.Timestamp || tagAt(b) == CelTag.Timestamp
  if (tagAt(a) == CelTag.Timestamp && tagAt(b) == CelTag.Timestamp) fail(out, CelFault.NoOverload)
  else setChecked(out, stamp ? CelTag.Timestamp : CelTag.Duration, intAt(a) + intAt(b), <i64>load<u32>(a, 4) + load<u32>(b, 4))
}

export function subtractTimes(a: u32, b: u32, out: u32): void {
  const x = tagAt(a)
  const y = tagAt(b)
  if (x == CelTag.Duration && y == CelTag.Timestamp) fail(out, CelFault.NoOverload)
  else setChecked(out, x == y ? CelTag.Duration : CelTag.Timestamp, intAt(a) - intAt(b), <i64>load<u32>(a, 4) - load<u32>(b, 4))
}

export function negateDuration(a: u32, out: u32): void {
  setChecked(out, CelTag.Duration, -intAt(a), -<i64>load<u32>(a, 4))
}

/** Milliseconds since 1970, as hosts give the time, as a timestamp. */
export function setMilliseconds(out: u32, milliseconds: f64): void {
  if (!(abs(milliseconds) < 1e15)) {
    fail(out, CelFault.Overflow)
    return
  }
  const seconds = floor(milliseconds / 1000)
  // A double near the present holds tenths of microseconds.
  setChecked(out, CelTag.Timestamp, <i64>seconds, <i64>nearest((milliseconds - seconds * 1000) * 1e6))
}

/** Days since 1970 of a date; months from 1. */
export function daysOf(year: i64, month: i64, day: i64): i64 {
  const y = month <= 2 ? year - 1 : year
  const era = (y >= 0 ? y : y - 399) / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
}

export let year: i64 = 0
export let month: i64 = 0
export let day: i64 = 0

/** Sets year, month and day of days since 1970. */
export function setDate(days: i64): void {
  const z = days + 719468
  const era = (z >= 0 ? z : z - 146096) / 146097
  const dayOfEra = z - era * 146097
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const shifted = (5 * dayOfYear + 2) / 153
  day = dayOfYear - (153 * shifted + 2) / 5 + 1
  month = shifted < 10 ? shifted + 3 : shifted - 9
  year = yearOfEra + era * 400 + <i64>(month <= 2)
}

export function floorDivide(a: i64, b: i64): i64 {
  return (a < 0 ? a - b + 1 : a) / b
}

/** A part of a timestamp whose clock is `offset` seconds ahead of UTC. */
export function setTimePart(out: u32, part: u32, cell: u32, offset: i64): void {
  const local = intAt(cell) + offset
  const days = floorDivide(local, 86400)
  const second = local - days * 86400
  setDate(days)
  switch (part) {
    case CelPart.FullYear:
      return setInt(out, year)
    case CelPart.Month:
      return setInt(out, month - 1)
    case CelPart.DayOfYear:
      return setInt(out, days - daysOf(year, 1, 1))
    case CelPart.DayOfMonth:
      return setInt(out, day - 1)
    case CelPart.Date:
      return setInt(out, day)
    case CelPart.DayOfWeek:
      // 1970-01-01 was a Thursday; Sunday is 0.
      return setInt(out, (((days + 4) % 7) + 7) % 7)
    case CelPart.Hours:
      return setInt(out, second / 3600)
    case CelPart.Minutes:
      return setInt(out, (second / 60) % 60)
    case CelPart.Seconds:
      return setInt(out, second % 60)
    default:
      return setInt(out, <i64>load<u32>(cell, 4) / 1000000)
  }
}

/** A duration as whole hours, minutes or seconds, towards zero; or its milliseconds below the second. */
export function setDurationPart(out: u32, part: u32, cell: u32): void {
  const nanos = <i64>load<u32>(cell, 4)
  let seconds = intAt(cell)
  let below = nanos
  if (seconds < 0 && nanos != 0) {
    seconds += 1
    below = nanos - BILLION
  }
  switch (part) {
    case CelPart.Hours:
      return setInt(out, seconds / 3600)
    case CelPart.Minutes:
      return setInt(out, seconds / 60)
    case CelPart.Seconds:
      return setInt(out, seconds)
    case CelPart.Milliseconds:
      return setInt(out, below / 1000000)
    default:
      fail(out, CelFault.NoOverload)
  }
}
