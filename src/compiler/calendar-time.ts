/** Adding durations to times by the calendar of a zone, as Temporal's ZonedDateTime does: dates first, then the rest. */
import { TimeLimit } from '../../assembly/abi/time.ts'
import type { DurationModel } from '../policy/time-model.ts'
import { type ZoneData, zoneData } from './zone.ts'

const DAY = 86_400_000
const END = TimeLimit.TableEndDay * DAY

/**
 * The time so long after another; undefined when the zone's years do not reach so far.
 *
 * @param zone An IANA name; UTC has no limits.
 * @example addDuration(Date.UTC(2026, 0, 31), { months: 1, days: 0, milliseconds: 0 }, 'UTC') // 28 February 2026
 */
export function addDuration(time: number, duration: DurationModel, zone: string): number | undefined {
  const { months, days, milliseconds } = duration
  if (months === 0 && days === 0) return time + milliseconds
  const whole = Math.floor(time)
  const rest = time - whole + milliseconds
  if (zone === 'UTC') return addDate(whole, months, days) + rest
  if (whole < 0 || whole >= END) return undefined
  const data = zoneData(zone)
  const target = timeOfLocal(data, addDate(whole + offsetAt(data, whole), months, days))
  return target < 0 || target >= END ? undefined : target + rest
}

/** A day that its month does not have becomes the month's last. */
function addDate(local: number, months: number, days: number): number {
  const date = new Date(local)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(date)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  date.setUTCDate(Math.min(day, last.getUTCDate()) + days)
  return date.getTime()
}

function offsetAt({ firstOffset, changes }: ZoneData, time: number): number {
  let offset = firstOffset
  for (const [at, after] of changes) if (at * 1000 <= time) offset = after
  return offset * 1000
}

/** As in the core; see assembly/time/zone.ts. */
function timeOfLocal(data: ZoneData, local: number): number {
  const before = offsetAt(data, local - DAY)
  const after = offsetAt(data, local + DAY)
  const first = local - before
  if (before === after || offsetAt(data, first) === before) return first
  const second = local - after
  return offsetAt(data, second) === after ? second : first
}
