/** Whether a time lies in a recurring schedule. Layout in abi/time.ts; validate/time.ts has checked it. */
import { Truth } from '../abi/decision'
import { DateSpan, Schedule, TimeLimit } from '../abi/time'
import { spend } from '../steps'
import { civilDay, civilMonth, floorDivide, MS_PER_DAY, setCivil } from './calendar'
import { offsetAt, UNKNOWN } from './zone'

const MINUTES_PER_DAY: u32 = 1440

export function inSchedule(schedule: u32, now: f64): Truth {
  // Larger numbers do not fit into an integer.
  if (!(Math.abs(now) <= <f64>TimeLimit.FarthestDay * <f64>MS_PER_DAY)) return Truth.NotEvaluable
  const time = <i64>Math.floor(now)
  const offset = offsetAt(load<u32>(schedule, Schedule.Zone << 2), time)
  if (offset == UNKNOWN) return Truth.NotEvaluable
  // For each item of a list of the request, all spans may have to be looked at.
  const spans = spanCount(schedule, Schedule.DateCount) + spanCount(schedule, Schedule.ExceptCount)
  if (!spend(<u64>spans >> 3)) return Truth.NotEvaluable
  const local = time + offset
  const day = floorDivide(local, MS_PER_DAY)
  const minute = <u32>((local - day * MS_PER_DAY) / 60000)
  const count = load<u32>(schedule, Schedule.HoursCount << 2)
  if (count == 0) return onDay(schedule, day) ? Truth.True : Truth.False
  let today = false
  let yesterday = false
  const hours = schedule + (Schedule.Lists << 2)
  for (let i: u32 = 0; i < count; i++) {
    const word = load<u32>(hours + (i << 2))
    const from = word & 0xffff
    const until = word >> 16
    if (minute >= from && minute < until) today = true
    // A range over midnight belongs to the day on which it starts.
    if (minute + MINUTES_PER_DAY < until) yesterday = true
  }
  return (today && onDay(schedule, day)) || (yesterday && onDay(schedule, day - 1)) ? Truth.True : Truth.False
}

function spanCount(schedule: u32, field: u32): u32 {
  const count = load<u32>(schedule + (field << 2))
  return count == Schedule.AnyDate ? 0 : count
}

function onDay(schedule: u32, day: i64): bool {
  // 1970-01-01 was a Thursday, which is bit 3.
  const weekday = <u32>(day + 3 - floorDivide(day + 3, 7) * 7)
  if (((load<u32>(schedule, Schedule.Days << 2) >> weekday) & 1) == 0) return false
  setCivil(day)
  const ofYear = <u32>(civilMonth * 32 + civilDay)
  const dates = schedule + ((Schedule.Lists + load<u32>(schedule, Schedule.HoursCount << 2)) << 2)
  const spans = spanCount(schedule, Schedule.DateCount)
  const everyDate = load<u32>(schedule, Schedule.DateCount << 2) == Schedule.AnyDate
  if (!everyDate && !inSpans(dates, spans, day, ofYear)) return false
  return !inSpans(dates + (spans << 3), load<u32>(schedule, Schedule.ExceptCount << 2), day, ofYear)
}

function inSpans(spans: u32, count: u32, day: i64, ofYear: u32): bool {
  for (let span = spans; span < spans + (count << 3); span += 8) {
    const word = load<u32>(span)
    const first = word & ~DateSpan.Yearly
    const last = load<u32>(span, 4)
    if (word & DateSpan.Yearly) {
      // A span over the end of the year, such as 12-24/01-02, ends before it starts.
      if (first <= last ? ofYear >= first && ofYear <= last : ofYear >= first || ofYear <= last) return true
    } else if (day >= <i64>first && day <= <i64>last) return true
  }
  return false
}
