/** Local time and ages as the core decides them, against the platform's Intl and against Temporal. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { zoneData } from '../../../src/compiler/zone.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { Rule } from '../../../src/policy/document.ts'
import { zones } from '../../support/zones.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const END = Date.UTC(2100, 0, 1)
const two = (value: number) => String(value).padStart(2, '0')

/** A rule for every day of the week, quarter of an hour, day of the month and month: those that apply tell the local time. */
const clockRules = (zone: string): Rule[] => [
  ...DAYS.map((day): Rule => ({ id: day, allow: 'read', during: { days: day, zone } })),
  ...Array.from({ length: 96 }, (_, index): Rule => {
    const [from, until] = [index, index + 1].map(
      (quarter) => `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`,
    )
    return { id: `${from}`, allow: 'read', during: { hours: `${from}-${until}`, zone } }
  }),
  ...Array.from({ length: 12 }, (_, index): Rule => {
    const month = two(index + 1)
    const last = index === 1 ? 29 : [3, 5, 8, 10].includes(index) ? 30 : 31
    return { id: `month ${month}`, allow: 'read', during: { dates: `${month}-01/${month}-${last}`, zone } }
  }),
  ...Array.from({ length: 31 }, (_, index): Rule => {
    const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].filter(
      (month) => index < (month === 2 ? 29 : 31) - Number([4, 6, 9, 11].includes(month)),
    )
    return {
      id: `day ${index + 1}`,
      allow: 'read',
      during: { dates: months.map((month) => `${two(month)}-${two(index + 1)}`), zone },
    }
  }),
]

/** The ids of the rules that Intl says apply. */
function clockOf(zone: string): (now: number) => string[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    month: '2-digit',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (now) => {
    const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]))
    const quarter = two(Math.floor(Number(parts.minute) / 15) * 15)
    return [
      parts.weekday!.toLowerCase(),
      `${parts.hour}:${quarter}`,
      `month ${parts.month}`,
      `day ${Number(parts.day)}`,
    ]
  }
}

const request = { subject: { type: 'user', id: 'a' }, action: { name: 'read' }, resource: { type: 'doc', id: 'd' } }

/** Random instants of 2000 to 2060, and some around the changes of the zone. */
function instants(zone: string): fc.Arbitrary<number> {
  const changes = zoneData(zone).changes.map(([at]) => at * 1000)
  return fc.oneof(
    fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) }),
    fc
      .tuple(
        fc.constantFrom(...(changes.length > 0 ? changes : [Date.UTC(2026, 0, 1)])),
        fc.integer({ min: -4e6, max: 4e6 }),
      )
      .map(([change, away]) => change + away),
  )
}

describe.each(zones)('%s', (zone) => {
  test('local day and time', async () => {
    const engine = await createEngine({ policies: { version: 1, rules: clockRules(zone) } })
    const expected = clockOf(zone)
    fc.assert(
      fc.property(instants(zone), (now) => {
        expect([...engine.evaluate(request, { now }).rules].sort()).toEqual(expected(now).sort())
      }),
      { numRuns: 300 },
    )
  })

  test('the beginning of an age', async () => {
    const ages = ['P1D', 'P30D', 'P1M', 'P1Y6M', 'P2W3DT5H30M'] as const
    const engine = await createEngine({
      policies: {
        version: 1,
        rules: ages.map(
          (duration): Rule => ({ id: duration, allow: 'read', when: { 'context.a': { within: { duration, zone } } } }),
        ),
      },
    })
    const holds = (a: number, now: number) => engine.evaluate({ ...request, context: { a } }, { now }).rules
    fc.assert(
      fc.property(instants(zone), fc.constantFrom(...ages), (now, age) => {
        const start = Temporal.Instant.fromEpochMilliseconds(now)
          .toZonedDateTimeISO(zone)
          .subtract(age).epochMilliseconds
        if (start < 2 * 86_400_000 || now >= END) return
        expect(holds(start, now)).toContain(age)
        expect(holds(start - 1, now)).not.toContain(age)
      }),
      { numRuns: 200 },
    )
  })
})
