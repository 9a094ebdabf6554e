/** Zones: tables of when the distance to UTC changes. Layout in abi/time.ts; validate/time.ts has checked them. */
import { TimeLimit, ZoneTable } from '../abi/time'
import { MS_PER_DAY } from './calendar'

const TABLE_END: i64 = <i64>TimeLimit.TableEndDay * MS_PER_DAY

/** No offset: outside of the years that the tables cover. */
export const UNKNOWN: i64 = i64.MAX_VALUE

/** Milliseconds east of UTC at a time, or UNKNOWN. The zone 0 is UTC. */
export function offsetAt(zone: u32, time: i64): i64 {
  if (time < 0 || time >= TABLE_END) return UNKNOWN
  if (zone == 0) return 0
  const seconds = <u32>(time / 1000)
  // The last change at or before the time.
  let low: u32 = 0
  let high = load<u32>(zone, ZoneTable.Count << 2)
  while (low < high) {
    const middle = (low + high) >> 1
    if (load<u32>(zone + ((ZoneTable.Changes + middle * 2) << 2)) <= seconds) low = middle + 1
    else high = middle
  }
  return <i64>load<i32>(zone + ((ZoneTable.FirstOffset + low * 2) << 2)) * 1000
}

/**
 * The time of a local time that lies in the years of the table, or close to them. Local time that comes twice is its
 * first; one that is skipped is as far after the change as it would have been ("compatible" in ECMAScript's Temporal).
 */
export function timeOfLocal(zone: u32, local: i64): i64 {
  // No offset is as large as a day, so these two are those before and after any change nearby.
  const before = offsetAt(zone, inTable(local - MS_PER_DAY))
  const after = offsetAt(zone, inTable(local + MS_PER_DAY))
  const first = local - before
  if (before == after || offsetAt(zone, first) == before) return first
  const second = local - after
  return offsetAt(zone, second) == after ? second : first
}

function inTable(time: i64): i64 {
  return max(<i64>0, min(time, TABLE_END - 1))
}
