/** Durations and times as texts, against Temporal. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { parseDuration } from '../../../src/policy/duration.ts'
import { parseTime } from '../../../src/text/time.ts'

test('durations are read as Temporal reads them', () => {
  const whole = fc.option(fc.nat({ max: 60 }), { nil: undefined })
  const second = fc.option(fc.constantFrom('0', '7', '7.5', '59,125'), { nil: undefined })
  const units = fc.tuple(whole, whole, whole, whole, whole, whole, second)
  let read = 0
  fc.assert(
    fc.property(units, ([years, months, weeks, days, hours, minutes, seconds]) => {
      const part = (value: number | string | undefined, unit: string) => (value === undefined ? '' : `${value}${unit}`)
      const time = part(hours, 'H') + part(minutes, 'M') + part(seconds, 'S')
      const text = `P${part(years, 'Y')}${part(months, 'M')}${part(weeks, 'W')}${part(days, 'D')}${time && `T${time}`}`
      if (text === 'P' || Temporal.Duration.from(text).blank) {
        expect(() => parseDuration(text)).toThrow()
        return
      }
      const expected = Temporal.Duration.from(text)
      expect(parseDuration(text)).toEqual({
        months: expected.years * 12 + expected.months,
        days: expected.weeks * 7 + expected.days,
        milliseconds: Temporal.Duration.from(`PT0S${time && ''}`)
          .add({
            hours: expected.hours,
            minutes: expected.minutes,
            seconds: expected.seconds,
            milliseconds: expected.milliseconds,
          })
          .total('milliseconds'),
      })
      read++
    }),
    { numRuns: 1000 },
  )
  expect(read).toBeGreaterThan(500)
})

test('fractions of days and weeks are 24 hours a day', () => {
  expect(parseDuration('P1.5D')).toEqual({ months: 0, days: 1, milliseconds: 43_200_000 })
  expect(parseDuration('P1Y0,5W')).toEqual({ months: 12, days: 3, milliseconds: 43_200_000 })
  expect(parseDuration('PT0.5H')).toEqual({ months: 0, days: 0, milliseconds: 1_800_000 })
})

test.each([
  '',
  'P',
  'PT',
  'P1DT',
  'P1',
  '1D',
  'P1H',
  'PT1D',
  'P1M1Y',
  'P1D1W',
  'P 1D',
  'P1D ',
  'P.5D',
  'P1.D',
  'P1.5D2H',
  'PT1S1M',
])('%j is no duration', (text) => {
  expect(() => parseDuration(text)).toThrow(/duration/)
})

test('times: fractions to the nanosecond, offsets, no leap seconds', () => {
  expect(parseTime('2026-01-01T01:00:00+01:00')).toBe(1767225600000)
  expect(parseTime('2026-01-01t00:00:00.0005z')).toBe(1767225600000.5)
  expect(parseTime('1970-01-01T00:00:00.0000009999Z')).toBe(0.000999)
  expect(parseTime('0000-02-29T00:00:00-00:00')).toBe(Temporal.Instant.from('0000-02-29T00:00:00Z').epochMilliseconds)
  for (const text of ['2016-12-31T23:59:60Z', '2026-02-29T00:00:00Z', '2026-01-01T00:00:00', '2026-01-01T00:00:00.Z']) {
    expect(parseTime(text), text).toBeUndefined()
  }
})
