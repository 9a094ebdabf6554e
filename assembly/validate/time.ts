/** Checks of zone tables, schedules and the nodes that refer to them. */
import { Op, Operand } from '../abi/condition'
import { Slot } from '../abi/frame'
import { Section } from '../abi/image'
import { Layout } from '../abi/memory'
import { DateSpan, Schedule, TimeLimit, ZoneTable } from '../abi/time'
import { isMarked, mark } from './marks'
import { sectionLength, sectionStart } from '../state'

/** Zone tables back to back, their changes in order, no offset as large as a day. */
export function validateZones(): bool {
  let at = sectionStart(Section.Zones)
  const end = at + sectionLength(Section.Zones)
  if ((end - at) & 3) return false
  while (at < end) {
    mark(at)
    if (end - at < <u32>ZoneTable.Changes << 2) return false
    const count = load<u32>(at, ZoneTable.Count << 2)
    const changes = at + (ZoneTable.Changes << 2)
    if (count > (end - changes) >> 3 || !validOffset(load<i32>(at, ZoneTable.FirstOffset << 2))) return false
    at = changes + (count << 3)
    for (let change = changes; change < at; change += 8) {
      if (change > changes && load<u32>(change) <= load<u32>(change - 8)) return false
      if (!validOffset(load<i32>(change, 4))) return false
    }
  }
  return true
}

function validOffset(seconds: i32): bool {
  return seconds > -86400 && seconds < 86400
}

/** Schedules back to back; the zones have been checked. */
export function validateSchedules(): bool {
  let at = sectionStart(Section.Schedules)
  const end = at + sectionLength(Section.Schedules)
  if ((end - at) & 3) return false
  while (at < end) {
    mark(at)
    const words = (end - at) >> 2
    if (words < <u32>Schedule.Lists) return false
    if (!validZone(load<u32>(at, Schedule.Zone << 2)) || load<u32>(at, Schedule.Days << 2) > 127) return false
    const hours = load<u32>(at, Schedule.HoursCount << 2)
    const dateCount = load<u32>(at, Schedule.DateCount << 2)
    const dates: u32 = dateCount == Schedule.AnyDate ? 0 : dateCount
    const excepts = load<u32>(at, Schedule.ExceptCount << 2)
    // Each is at most the number of words, so that their sum cannot overflow.
    if (hours > words || dates > words || excepts > words) return false
    const size = <u64>Schedule.Lists + <u64>hours + (<u64>dates + <u64>excepts) * 2
    if (size > words) return false
    const spans = at + ((Schedule.Lists + hours) << 2)
    if (!validHours(spans - (hours << 2), spans) || !validSpans(spans, dates + excepts)) return false
    at += <u32>size << 2
  }
  return true
}

/** A range starts in its day and ends at most a day after it starts. */
function validHours(at: u32, end: u32): bool {
  for (; at < end; at += 4) {
    const from = load<u32>(at) & 0xffff
    const until = load<u32>(at) >> 16
    if (from >= 1440 || until <= from || until > 2880) return false
  }
  return true
}

function validSpans(at: u32, count: u32): bool {
  for (const end = at + (count << 3); at < end; at += 8) {
    const word = load<u32>(at)
    const first = word & ~DateSpan.Yearly
    const last = load<u32>(at, 4)
    if (word & DateSpan.Yearly) {
      if (!validYearly(first) || !validYearly(last)) return false
    } else if (first > last || last >= <u32>TimeLimit.TableEndDay) return false
  }
  return true
}

function validYearly(date: u32): bool {
  return (date >> 5) - 1 < 12 && (date & 31) != 0
}

function validZone(address: u32): bool {
  return address == 0 || isMarked(Section.Zones, address)
}

/** Whether a node about time is whole; its first operand has been checked. */
export function validTimeTest(at: u32, op: u32, words: u32): bool {
  switch (op) {
    case Op.During: {
      if (words != 7 || load<u32>(at, 4) != (<u32>(Slot.Now * Layout.CellSize) | <u32>Operand.Frame)) return false
      // Not a number is refused, too.
      if (!(load<f64>(at, 8) <= load<f64>(at, 16))) return false
      const schedule = load<u32>(at, 24)
      return schedule == 0 || isMarked(Section.Schedules, schedule)
    }
    case Op.Before:
    case Op.After:
      return words == 4
    case Op.Within:
    case Op.OlderThan: {
      const longest = <u32>TimeLimit.DurationMonths
      if (words != 7 || load<u32>(at, 8) > longest || load<u32>(at, 12) > <u32>TimeLimit.DurationDays) return false
      return validZone(load<u32>(at, 16))
    }
    default:
      return false
  }
}
