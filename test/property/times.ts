/** Random windows, schedules, durations and times, around the instants at which requests are decided. */
import fc from 'fast-check'
import type { During, PolicyDocument } from '../../src/policy/document.ts'

/** Instants at which something happens: a new year, changes of daylight saving time, a day that was skipped. */
const MOMENTS = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00.500Z',
  '2026-01-01T00:00:01Z',
  '2026-03-29T00:59:59Z',
  '2026-03-29T01:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-10-25T00:59:00Z',
  '2026-10-25T01:30:00Z',
  '2026-11-01T06:30:00Z',
  '2024-02-29T12:00:00Z',
  '2024-12-25T23:30:00Z',
  '2011-12-30T09:59:59Z',
  '2011-12-30T10:00:00Z',
].map((text) => Date.parse(text))

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Africa/Casablanca',
]

/** Mostly a moment; the ends of the tables, and what lies beyond them. */
export const instant: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: fc.constantFrom(...MOMENTS.slice(0, 3)), weight: 6 },
  { arbitrary: fc.constantFrom(...MOMENTS), weight: 6 },
  { arbitrary: fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) }), weight: 4 },
  {
    arbitrary: fc.constantFrom(
      0,
      -1,
      -0.5,
      Date.UTC(2100, 0, 1),
      Date.UTC(2099, 11, 31, 23),
      86_400_000,
      8.64e15,
      1e300,
    ),
    weight: 1,
  },
)

/** A moment and a random distance, in the forms of RFC 3339. */
const timeText = fc
  .tuple(
    fc.constantFrom(...MOMENTS),
    fc.constantFrom(0, 0, 1, -1, 60, -3600, 86400, -86400 * 30, 86400 * 365),
    fc.nat(),
  )
  .map(([moment, seconds, form]) => {
    const text = new Date(moment + seconds * 1000).toISOString()
    if (form % 4 === 1) return text.replace('.000Z', 'Z')
    if (form % 4 === 2) return text.replace('Z', '+00:00')
    return form % 4 === 3 ? new Date(moment + (seconds - 5400) * 1000).toISOString().replace('Z', '-01:30') : text
  })
const time = fc.oneof({ arbitrary: timeText, weight: 3 }, { arbitrary: fc.constantFrom(...MOMENTS), weight: 1 })

/** What a time operator may compare with. */
export const timeConstant: fc.Arbitrary<string | number> = time

/** What an attribute may hold that is, or looks like, a time. */
export const timeAttribute: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: time, weight: 12 },
  {
    arbitrary: fc.constantFrom(
      '2026-01-01',
      '2026-01-01T00:00:00',
      '2026-02-29T00:00:00Z',
      '2024-02-29t00:00:00.123456z',
      '2026-01-01 00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2016-12-31T23:59:60Z',
      '2026-01-01T00:00:00+0100',
      '2026-01-01T00:00:00.Z',
      '2026-01-01T00:00:00-00:00',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999999+23:59',
      '2026-1-1T00:00:00Z',
      `2026-01-01T00:00:00.${'0'.repeat(43)}Z`,
      `2026-01-01T00:00:00.${'0'.repeat(44)}Z`,
      ' 2026-01-01T00:00:00Z',
      '+02026-01-01T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-10T00:00:00Z',
      '2026-01-00T00:00:00Z',
      '2026-01-01T00:60:00Z',
      '2026-01-01T00:00:00+24:00',
    ),
    weight: 2,
  },
)

const durationText = fc.constantFrom(
  'PT1S',
  'PT0.5S',
  'PT1H30M',
  'PT2H',
  'P1D',
  'P1.5D',
  'P2W',
  'P0.5W',
  'P30D',
  'P1M',
  'P1Y',
  'P1Y2M3W4DT5H6M7.5S',
  'P11M30D',
  'P15Y',
  'P1DT12H',
  'P100Y',
)

export const age = fc.oneof(
  { arbitrary: durationText, weight: 2 },
  { arbitrary: fc.record({ duration: durationText, zone: fc.constantFrom(...ZONES) }), weight: 1 },
)

const dayName = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', '1', '4', '7')
const days = oneOrMore<string | number>(
  fc.oneof(
    dayName,
    fc.integer({ min: 1, max: 7 }),
    fc.tuple(dayName, dayName).map((ends) => ends.join('-')),
  ),
)
const clock = fc.constantFrom('00:00', '00:30', '01:00', '01:30', '02:15', '03:00', '09:00', '11:00', '17:00', '23:30')
const hours = oneOrMore(
  fc
    .oneof(
      fc.tuple(clock, clock).filter(([from, until]) => from !== until),
      clock.map((from) => [from, '24:00'] as const),
    )
    .map((ends) => ends.join('-')),
)

const CALENDARS = ['holidays', 'closed']
const date = fc.constantFrom(
  '2026-01-01',
  '12-25',
  '12-24/01-02',
  '2026-03-01/2026-04-04',
  '02-29',
  '01-01',
  '2011-12-30',
  '2011-12-31',
  '10-25/11-01',
  '2020-01-01/2040-12-31',
)
const dates = oneOrMore<string>(
  fc.oneof({ arbitrary: date, weight: 3 }, { arbitrary: fc.constantFrom(...CALENDARS), weight: 1 }),
)

/** Every document has them, so that every schedule may name them. */
export const calendars: fc.Arbitrary<NonNullable<PolicyDocument['calendars']>> = fc
  .tuple(...CALENDARS.map(() => oneOrMore<string>(date)))
  .map((lists) => Object.fromEntries(CALENDARS.map((name, index) => [name, lists[index]!])))

function oneOrMore<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | readonly T[]> {
  return fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }))
}

const window: fc.Arbitrary<During> = fc
  .tuple(fc.constantFrom('from', 'until', 'both', 'for'), time, time, durationText)
  .map(([kind, one, other, length]): During => {
    const [from, until] = millisecondsOf(one) <= millisecondsOf(other) ? [one, other] : [other, one]
    if (kind === 'from') return { from }
    if (kind === 'until') return { until }
    return kind === 'for' ? { from, for: length } : { from, until }
  })

function millisecondsOf(value: string | number): number {
  return typeof value === 'number' ? value : Date.parse(value)
}

const schedule: fc.Arbitrary<During> = fc
  .record({ days, dates, hours, except: dates, zone: fc.constantFrom(...ZONES) }, { requiredKeys: [] })
  .filter((keys) => Object.keys(keys).some((key) => key !== 'zone'))

const one: fc.Arbitrary<During> = fc.oneof(
  { arbitrary: schedule, weight: 4 },
  { arbitrary: window, weight: 3 },
  // A zone beside a window of such a length must know when it ends.
  {
    arbitrary: fc
      .tuple(window, schedule)
      .map(([from, days]) => ({ ...from, ...days }))
      .filter((both) => both.zone === undefined || both.for !== 'P100Y'),
    weight: 1,
  },
)

export const during: fc.Arbitrary<During | readonly During[]> = fc.oneof(
  { arbitrary: one, weight: 4 },
  { arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }), weight: 1 },
)
