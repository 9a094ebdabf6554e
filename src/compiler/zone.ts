/**
 * Time zones as tables of changes, from what the platform's `Intl` tells (ECMA-402): the core then needs no library, and
 * an image decides the same wherever it is loaded. The years are 1970 to 2099.
 */
import { TimeLimit } from '../../assembly/abi/time.ts'

export interface ZoneData {
  /** Seconds east of UTC before the first change. */
  readonly firstOffset: number
  /** In order: seconds since 1970, seconds east of UTC from then on. */
  readonly changes: readonly (readonly [at: number, offset: number])[]
}

const DAY = 86_400
const END = TimeLimit.TableEndDay * DAY
/**
 * Shorter than the time between any two changes of a zone: the nearest since 1970 are a week less an hour apart, in
 * America/Boa_Vista in 2000.
 */
const STEP = 4 * DAY

const known = new Map<string, ZoneData>()

/**
 * The table of an IANA zone that the platform knows.
 *
 * @throws RangeError for other names
 * @example zoneData('Asia/Kolkata') // { firstOffset: 19800, changes: [] }
 */
export function zoneData(zone: string): ZoneData {
  const before = known.get(zone)
  if (before !== undefined) return before
  const data = readZone(offsetReader(zone))
  known.set(zone, data)
  return data
}

function readZone(offsetAt: (second: number) => number): ZoneData {
  const changes: (readonly [number, number])[] = []
  const firstOffset = offsetAt(0)
  let offset = firstOffset
  let start = 0
  while (start < END - 1) {
    const end = Math.min(start + STEP, END - 1)
    const after = offsetAt(end)
    if (after !== offset) changes.push([firstWith(after, start, end, offsetAt), after])
    offset = after
    start = end
  }
  return { firstOffset, changes }
}

/** The first second with this offset, which `end` has and `start` has not. */
function firstWith(offset: number, start: number, end: number, offsetAt: (second: number) => number): number {
  let [without, having] = [start, end]
  while (having - without > 1) {
    const middle = Math.floor((without + having) / 2)
    if (offsetAt(middle) === offset) having = middle
    else without = middle
  }
  return having
}

/** A function from seconds since 1970 to seconds east of UTC. */
function offsetReader(zone: string): (second: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (second) => {
    // `12/31/1969, 19:00:00`. Faster than formatToParts, of which a table needs thousands of calls.
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, rest = 0] = (
      format.format(second * 1000).match(/\d+/g) ?? []
    ).map(Number)
    return Date.UTC(year, month - 1, day, hour, minute, rest) / 1000 - second
  }
}
