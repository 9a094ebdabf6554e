/** Zone tables against the platform's own zone data, and time by the calendar against Temporal. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { addDuration } from '../../../src/compiler/calendar-time.ts'
import { zoneData } from '../../../src/compiler/zone.ts'
import { zones } from '../../support/zones.ts'

const END = Date.UTC(2100, 0, 1) / 1000

function offsetAt(zone: string, second: number): number {
  const { firstOffset, changes } = zoneData(zone)
  return changes.reduce((offset, [at, after]) => (at <= second ? after : offset), firstOffset)
}

/** Seconds east of UTC, straight from Intl. */
function offsetReader(zone: string): (second: number) => number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return (second) => {
    const parts = Object.fromEntries(
      format.formatToParts(second * 1000).map(({ type, value }) => [type, Number(value)]),
    )
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second: rest = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, rest) / 1000 - second
  }
}

describe.each(zones)('%s', (zone) => {
  const platform = offsetReader(zone)

  test('the distance to UTC at random instants of 2000 to 2060', () => {
    const second = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2060, 0, 1) / 1000 })
    fc.assert(
      fc.property(second, (one) => {
        expect(offsetAt(zone, one)).toBe(platform(one))
      }),
      { numRuns: 400 },
    )
  })

  test('before, at and after every change, from 1970 to 2099', () => {
    for (const [at] of zoneData(zone).changes) {
      for (const second of [at - 1, at, at + 1, at + 1800]) {
        expect(offsetAt(zone, second), new Date(second * 1000).toISOString()).toBe(platform(second))
      }
    }
    expect(offsetAt(zone, 0)).toBe(platform(0))
    expect(offsetAt(zone, END - 1)).toBe(platform(END - 1))
  })

  test('adding months and days, as Temporal does', () => {
    const time = fc.oneof(
      fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) }),
      // Local times near a change: these come twice, or not at all.
      fc
        .tuple(
          fc.constantFrom(0, ...zoneData(zone).changes.map(([at]) => at)),
          fc.integer({ min: -90_000, max: 90_000 }),
        )
        .map(([at, seconds]) => Math.max(0, at + seconds) * 1000),
    )
    const duration = fc.record({
      months: fc.constantFrom(0, 0, 1, 6, 12, 30),
      days: fc.integer({ min: 0, max: 400 }),
      milliseconds: fc.constantFrom(0, 1, 5_400_000),
    })
    fc.assert(
      fc.property(time, duration, (start, length) => {
        const expected = Temporal.Instant.fromEpochMilliseconds(start)
          .toZonedDateTimeISO(zone)
          .add(Temporal.Duration.from(length)).epochMilliseconds
        if (expected < END * 1000) expect(addDuration(start, length, zone)).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })
})

test('no zone that the platform knows changes twice within the step by which tables are read', () => {
  // One day at a time; the tables themselves were read in steps of four.
  const some = Intl.supportedValuesOf('timeZone').filter((_, index) => index % 20 === 0)
  expect(some.length).toBeGreaterThan(15)
  for (const zone of some) {
    const platform = offsetReader(zone)
    for (let second = 0; second < Date.UTC(2040, 0, 1) / 1000; second += 86_400) {
      const wrong = offsetAt(zone, second) !== platform(second)
      if (wrong) expect.fail(`${zone} at ${new Date(second * 1000).toISOString()}`)
    }
  }
}, 120_000)

test('tables are in order, and their size is known', () => {
  for (const zone of zones) {
    const { changes } = zoneData(zone)
    expect(changes.length).toBeLessThanOrEqual(300)
    changes.forEach(([at], index) => {
      if (index > 0) expect(at).toBeGreaterThan(changes[index - 1]![0])
    })
  }
  expect(zoneData('Asia/Kolkata')).toEqual({ firstOffset: 19_800, changes: [] })
  expect(zoneData('UTC')).toEqual({ firstOffset: 0, changes: [] })
})

test('an unknown zone', () => {
  expect(() => zoneData('Europe/Atlantis')).toThrow(RangeError)
})
