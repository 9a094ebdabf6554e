/** Recurring schedules of tbac policies, in their zone. */
import type { AttributeValue } from '../../document.ts'
import type { MapNode, Position } from '../../node.ts'
import { readString, readValue } from '../../read.ts'
import type { Report } from '../../report.ts'
import type { Logic } from './logic.ts'

const minutesPerDay = 24 * 60

/** Days, Monday is 1, and a range of minutes without its end; what is left out means any. A range over midnight never holds. */
export function scheduleConditions(map: MapNode, report: Report): Logic {
  const days = daysOf(map, report)
  const hours = hoursOf(map, report)
  if (days === null || hours === null) return false
  if (days === undefined && hours === undefined) return true
  const zone = map.entries.get('timezone')
  const name = zone && readString(zone.value, report, '"timezone"')
  return {
    during: {
      ...(days !== undefined && { days }),
      ...(hours !== undefined && { hours }),
      ...(name !== undefined && { zone: name }),
    },
  }
}

/** Null means never. */
function daysOf(map: MapNode, report: Report): readonly number[] | undefined | null {
  const entry = map.entries.get('days')
  if (entry === undefined) return undefined
  const value = readValue(entry.value, report)
  // True is 1 to Python.
  const numbers = Array.isArray(value) ? value.map((day) => (day === true ? 1 : day)).filter(isDay) : []
  if (numbers.length > 0) return [...new Set(numbers)]
  report.warning('W_IMPORT', entry.at, 'no day is among these "days"', 'write numbers from 1 (Monday) to 7')
  return null
}

function isDay(value: AttributeValue): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 7
}

function hoursOf(map: MapNode, report: Report): string | undefined | null {
  const entry = map.entries.get('time_range')
  if (entry === undefined) return undefined
  const value = readValue(entry.value, report)
  const [start, end] = Array.isArray(value) ? value.map(minutesOf) : []
  if (start === undefined || end === undefined) {
    report.error('E_IMPORT', entry.value.at, '"time_range" is no start and end', 'write ["09:00", "17:00"]')
    return null
  }
  const last = Math.min(end, minutesPerDay)
  if (start < last) return `${clock(start)}-${clock(last)}`
  never(entry.at, report)
  return null
}

function never(at: Position, report: Report): void {
  const found = 'to open-guard a "time_range" that ends before it starts never holds'
  report.warning('W_IMPORT', at, found, 'for one over midnight write hours: "22:00-06:00"')
}

function minutesOf(value: AttributeValue): number | undefined {
  const match = typeof value === 'string' ? /^(\d{1,2}):(\d{1,2})$/.exec(value) : null
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2])
}

function clock(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
