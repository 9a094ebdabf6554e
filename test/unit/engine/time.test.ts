/** Time in policies: windows, schedules, calendars, ages, as decisions show them. */
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { ConditionSource, During, PolicyDocument, Tests } from '../../../src/policy/document.ts'
import { ask, engineOf, engineWhen } from './support.ts'

type Answer = 'yes' | 'no' | 'n.e.'

/** Whether it is now within the times; a review tells the three results of a condition apart. */
async function asker(during: During | readonly During[], rest: Partial<PolicyDocument> = {}) {
  const engine = await engineOf([{ id: 'during', review: 'read', during }], rest)
  return (now?: number | string): Answer => {
    const time = typeof now === 'string' ? { now: Date.parse(now) } : now === undefined ? {} : { now }
    const { status, code } = engine.evaluate(ask(), time)
    return status === 'review' ? 'yes' : code === 'not_evaluable' ? 'n.e.' : 'no'
  }
}

async function check(during: During | readonly During[], expected: Readonly<Record<string, Answer>>): Promise<void> {
  const at = await asker(during)
  for (const [now, answer] of Object.entries(expected)) expect(at(now), now).toBe(answer)
}

describe('windows', () => {
  test('both ends belong to them', () =>
    check(
      { from: '2026-01-01T00:00:00Z', until: '2026-06-30T02:00:00+02:00' },
      {
        '2025-12-31T23:59:59.999Z': 'no',
        '2026-01-01T00:00:00Z': 'yes',
        '2026-06-30T00:00:00Z': 'yes',
        '2026-06-30T00:00:00.001Z': 'no',
      },
    ))

  test('one end may be open, and `for` stands for the other', async () => {
    await check({ from: 1767225600000 }, { '2025-12-31T23:59:59Z': 'no', '2099-01-01T00:00:00Z': 'yes' })
    await check({ until: 1767225600000 }, { '1960-01-01T00:00:00Z': 'yes', '2026-01-01T00:00:01Z': 'no' })
    await check(
      { from: '2026-04-15T08:00:00Z', for: 'P1DT12H' },
      {
        '2026-04-15T07:59:59Z': 'no',
        '2026-04-16T20:00:00Z': 'yes',
        '2026-04-16T20:00:00.001Z': 'no',
      },
    )
  })

  test('`for` counts months by the calendar, and days by that of the zone', async () => {
    await check(
      { from: '2026-01-31T00:00:00Z', for: 'P1M' },
      {
        '2026-02-28T00:00:00Z': 'yes',
        '2026-02-28T00:00:01Z': 'no',
      },
    )
    // The clocks go forward on 29 March: that day has 23 hours.
    await check(
      { from: '2026-03-28T12:00:00+01:00', for: 'P1D', zone: 'Europe/Berlin' },
      {
        '2026-03-29T12:00:00+02:00': 'yes',
        '2026-03-29T12:00:01+02:00': 'no',
      },
    )
  })

  test('without a time they are not evaluable, whatever they say', async () => {
    for (const during of [{ from: 0 }, { days: 'mon-sun' }, [{ until: 0 }, { hours: '00:00-24:00' }]]) {
      expect((await asker(during))()).toBe('n.e.')
    }
  })

  test('a list means any of them', () =>
    check([{ until: '2020-01-01T00:00:00Z' }, { from: '2030-01-01T00:00:00Z' }], {
      '2019-01-01T00:00:00Z': 'yes',
      '2025-01-01T00:00:00Z': 'no',
      '2031-01-01T00:00:00Z': 'yes',
    }))
})

describe('schedules', () => {
  test('days and hours in a zone, the end excluded', () =>
    check(
      { days: 'mon-fri', hours: '09:00-17:00', zone: 'Europe/Berlin' },
      {
        '2026-07-06T06:59:59Z': 'no',
        '2026-07-06T07:00:00Z': 'yes',
        '2026-07-06T14:59:59.999Z': 'yes',
        '2026-07-06T15:00:00Z': 'no',
        '2026-07-05T10:00:00Z': 'no',
        // In winter an hour later in UTC.
        '2026-01-05T07:30:00Z': 'no',
        '2026-01-05T08:00:00Z': 'yes',
      },
    ))

  test('a range over midnight belongs to the day on which it starts', () =>
    check(
      { days: 'fri', hours: '22:00-06:00' },
      {
        '2026-07-03T21:59:00Z': 'no',
        '2026-07-03T22:00:00Z': 'yes',
        '2026-07-04T05:59:59Z': 'yes',
        '2026-07-04T06:00:00Z': 'no',
        // The night from Thursday, and that after Saturday.
        '2026-07-03T03:00:00Z': 'no',
        '2026-07-04T23:00:00Z': 'no',
      },
    ))

  test('so do exceptions: a night that starts on one is left out whole', () =>
    check(
      { hours: '22:00-06:00', except: '2026-12-24' },
      {
        '2026-12-24T05:00:00Z': 'yes',
        '2026-12-24T23:00:00Z': 'no',
        '2026-12-25T05:00:00Z': 'no',
        '2026-12-25T23:00:00Z': 'yes',
      },
    ))

  test('several ranges a day', () =>
    check(
      { hours: ['08:00-12:00', '13:00-17:00', '23:00-24:00'] },
      {
        '2026-07-03T11:59:00Z': 'yes',
        '2026-07-03T12:30:00Z': 'no',
        '2026-07-03T13:00:00Z': 'yes',
        '2026-07-03T23:59:59Z': 'yes',
        '2026-07-04T00:00:00Z': 'no',
      },
    ))

  test('days: names, numbers, ranges over the end of the week', async () => {
    const weekend = {
      '2026-07-03T12:00:00Z': 'no',
      '2026-07-04T12:00:00Z': 'yes',
      '2026-07-06T12:00:00Z': 'yes',
    } as const
    await check({ days: 'sat-mon' }, weekend)
    await check({ days: [6, '7', 'mon'] }, weekend)
    await check({ days: '6-1' }, { ...weekend, '2026-07-07T12:00:00Z': 'no' })
  })

  test('dates: single, yearly, spans, over the end of the year', () =>
    check(
      { dates: ['2026-03-01', '02-29', '2026-07-01/2026-07-15', '12-24/01-02'] },
      {
        '2026-03-01T23:59:59Z': 'yes',
        '2027-03-01T00:00:00Z': 'no',
        '2028-02-29T12:00:00Z': 'yes',
        '2027-02-28T12:00:00Z': 'no',
        '2026-07-15T23:59:59Z': 'yes',
        '2026-07-16T00:00:00Z': 'no',
        '2026-12-24T00:00:00Z': 'yes',
        '2031-01-02T23:59:59Z': 'yes',
        '2031-01-03T00:00:00Z': 'no',
      },
    ))

  test('days and dates must both hold, and so must the window', () =>
    check(
      { from: '2026-06-01T00:00:00Z', days: 'fri', dates: '2026-05-01/2026-12-31' },
      {
        '2026-05-15T00:00:00Z': 'no',
        '2026-06-05T00:00:00Z': 'yes',
        '2026-06-06T00:00:00Z': 'no',
        '2027-01-01T00:00:00Z': 'no',
      },
    ))

  test('calendars, in dates and exceptions, from another document of the tenant', async () => {
    const engine = await engineOf(
      [
        { id: 'office', review: 'read', during: { days: 'mon-fri', except: ['de-holidays', '2026-06-05'] } },
        { id: 'feast', allow: 'read', during: { dates: 'de-holidays' } },
      ],
      { calendars: { 'de-holidays': ['12-25', '2026-06-04'] } },
    )
    const rules = (now: string) => engine.evaluate(ask(), { now: Date.parse(now) }).rules
    expect(rules('2026-06-03T12:00:00Z')).toEqual(['office'])
    expect(rules('2026-06-04T12:00:00Z')).toEqual(['feast'])
    expect(rules('2026-06-05T12:00:00Z')).toEqual([])
    expect(rules('2029-12-25T12:00:00Z')).toEqual(['feast'])
  })

  test('outside of 1970 to 2099 they are not evaluable; windows are', async () => {
    const at = await asker({ hours: '00:00-24:00' })
    const answers = [0, -1, 4102444799999, 4102444800000, 1e300, -1e300, 0.5].map((now) => at(now))
    expect(answers).toEqual(['yes', 'n.e.', 'yes', 'n.e.', 'n.e.', 'n.e.', 'yes'])
    expect((await asker({ until: 0 }))(-1e300)).toBe('yes')
    expect((await asker({ until: 0, hours: '00:00-24:00' }))(4102444800000)).toBe('no')
  })
})

describe('changes of daylight saving time', () => {
  test.each([
    // Forward: 02:00 to 03:00 is not there.
    ['Europe/Berlin', '01:30-02:30', ['2026-03-29T00:29Z no', '2026-03-29T00:30Z yes', '2026-03-29T01:00Z no']],
    // Back: 02:00 to 03:00 comes twice.
    [
      'Europe/Berlin',
      '02:00-03:00',
      ['2026-10-24T23:59Z no', '2026-10-25T00:00Z yes', '2026-10-25T01:30Z yes', '2026-10-25T02:00Z no'],
    ],
    ['America/New_York', '02:00-03:00', ['2026-03-08T06:59Z no', '2026-03-08T07:00Z no']],
    ['America/New_York', '01:00-02:00', ['2026-11-01T05:00Z yes', '2026-11-01T06:59Z yes', '2026-11-01T07:00Z no']],
    // The southern hemisphere: back in April, forward in September.
    [
      'Pacific/Auckland',
      '02:00-03:00',
      ['2026-04-04T13:00Z yes', '2026-04-04T14:59Z yes', '2026-04-04T15:00Z no', '2026-09-26T14:00Z no'],
    ],
    // Half an hour.
    [
      'Australia/Lord_Howe',
      '01:30-02:00',
      ['2026-04-04T14:29Z no', '2026-04-04T14:30Z yes', '2026-04-04T15:29Z yes', '2026-04-04T15:30Z no'],
    ],
    // No change, and a distance of 5:45.
    ['Asia/Kathmandu', '00:00-00:15', ['2026-04-04T18:14Z no', '2026-04-04T18:15Z yes', '2026-04-04T18:30Z no']],
    // Winter is the time that is set aside there: negative daylight saving time.
    ['Europe/Dublin', '09:00-09:01', ['2026-01-05T09:00Z yes', '2026-07-06T08:00Z yes', '2026-07-06T09:00Z no']],
  ])('%s %s', async (zone, hours, expected) => {
    const at = await asker({ hours, zone })
    for (const line of expected) {
      const [now = '', answer] = line.split(' ')
      expect(at(now), line).toBe(answer)
    }
  })

  test('a day that a zone skipped', () =>
    // Samoa went from 29 to 31 December 2011.
    check(
      { dates: ['2011-12-29', '2011-12-30'], zone: 'Pacific/Apia' },
      {
        '2011-12-30T09:59:59Z': 'yes',
        '2011-12-30T10:00:00Z': 'no',
      },
    ))
})

describe('attributes that hold a time', () => {
  const created = async (tests: Tests, value: unknown, now?: number): Promise<Answer> => {
    const engine = await engineOf([{ id: 'age', review: 'read', when: { 'resource.created': tests } }])
    const { status, code } = engine.evaluate(ask({ resource: { created: value } }), now === undefined ? {} : { now })
    return status === 'review' ? 'yes' : code === 'not_evaluable' ? 'n.e.' : 'no'
  }
  const now = Date.UTC(2026, 2, 31, 12)

  test.each<[Tests, unknown, Answer]>([
    [{ within: 'P30D' }, '2026-03-01T12:00:00Z', 'yes'],
    [{ within: 'P30D' }, '2026-03-01T11:59:59.999Z', 'no'],
    [{ within: 'P30D' }, now, 'yes'],
    // The future is not within, and not older either.
    [{ within: 'P30D' }, now + 1, 'no'],
    [{ older_than: 'P30D' }, now + 1, 'no'],
    [{ older_than: 'PT2H' }, now - 7_200_000, 'no'],
    [{ older_than: 'PT2H' }, now - 7_200_001, 'yes'],
    // A month before 31 March is 28 February.
    [{ within: 'P1M' }, '2026-02-28T12:00:00Z', 'yes'],
    [{ within: 'P1M' }, '2026-02-28T11:59:59Z', 'no'],
    [{ within: { duration: 'P3D', zone: 'Europe/Berlin' } }, '2026-03-28T12:59:00Z', 'no'],
    [{ within: { duration: 'P3D', zone: 'Europe/Berlin' } }, '2026-03-28T13:00:00Z', 'yes'],
    [{ before: '2026-01-01T00:00:00Z' }, '2026-01-01T00:59:59+01:00', 'yes'],
    [{ before: '2026-01-01T00:00:00Z' }, 1767225600000, 'no'],
    [{ after: { ref: 'now' } }, '2026-03-31T12:00:00.001Z', 'yes'],
    [{ before: { ref: 'resource.created' } }, '2026-03-31T12:00:00.001Z', 'no'],
    [{ before: { ref: 'resource.other' } }, '2026-03-31T12:00:00.001Z', 'n.e.'],
    [{ before: 0 }, 'yesterday', 'n.e.'],
    [{ before: 0 }, null, 'n.e.'],
    [{ before: 0 }, ['2026-03-31T12:00:00Z'], 'n.e.'],
    [{ before: 0 }, undefined, 'n.e.'],
    [{ within: 'P1D' }, Number.NaN, 'n.e.'],
    // Ordering compares values as they are: a number and a text have no order.
    [{ gt: { ref: 'now' } }, '2027-01-01T00:00:00Z', 'n.e.'],
  ])('%j of %j: %s', async (tests, value, expected) => {
    expect(await created(tests, value, now)).toBe(expected)
  })

  test('without a time, ages are not evaluable, comparisons are', async () => {
    expect(await created({ within: 'P1D' }, 0)).toBe('n.e.')
    expect(await created({ older_than: 'P1D' }, 0)).toBe('n.e.')
    expect(await created({ before: 1 }, 0)).toBe('yes')
  })

  test('ages that go back further than a zone is known are not evaluable', async () => {
    const year = 365 * 86_400_000
    expect(await created({ older_than: { duration: 'P2Y', zone: 'Asia/Tokyo' } }, 0, year)).toBe('n.e.')
    expect(await created({ older_than: 'P2Y' }, 0, year)).toBe('no')
    expect(await created({ within: { duration: 'PT2H', zone: 'Asia/Tokyo' } }, 0, 3_600_000)).toBe('yes')
    expect(await created({ within: 'PT2H' }, 0, 1e300)).toBe('n.e.')
  })

  test('texts are read as RFC 3339 says, by the core as by Temporal', async () => {
    const engine = await engineWhen({ 'context.a': { before: { ref: 'context.b' } } } satisfies ConditionSource)
    const reads = (a: string, b: number) => engine.evaluate(ask({ context: { a, b } })).decision
    /** The one number that the text is neither before nor after by more than a millisecond. */
    const isRead = (text: string, time: number): boolean => reads(text, time + 1) && !reads(text, time)
    const text = fc
      .record({
        time: fc.integer({ min: Date.UTC(-1, 11, 32), max: Date.UTC(9999, 11, 31) }),
        offset: fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 }),
        digits: fc.constantFrom('', '.0', '.25', '.999999999', '.123456789012345'),
      })
      .filter(({ time, offset }) => {
        const year = new Date(time + offset * 60_000).getUTCFullYear()
        return year >= 0 && year <= 9999
      })
      .map(({ time, offset, digits }) => {
        const local = new Date(Math.floor(time / 1000) * 1000 + offset * 60_000).toISOString().slice(0, 19)
        const part = (value: number) => String(Math.abs(Math.trunc(value))).padStart(2, '0')
        return `${local}${digits}${offset < 0 ? '-' : '+'}${part(offset / 60)}:${part(offset % 60)}`
      })
    fc.assert(
      fc.property(text, (one) => {
        const seconds = Temporal.Instant.from(one.replace(/\.\d+/, '')).epochMilliseconds
        const [, digits = ''] = /\.(\d+)/.exec(one) ?? []
        const exact = seconds + Number(digits.slice(0, 9).padEnd(9, '0')) / 1e6
        expect(isRead(one, exact), `${one} is ${exact}`).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

test('explanations say times as policies do', async () => {
  const engine = await engineOf(
    [
      {
        id: 'r',
        allow: 'read',
        when: {
          all: [
            { not: { 'resource.a': { before: '2026-01-01T00:00:00.500Z' } } },
            { 'resource.a': { after: { ref: 'now' }, within: 'P14M10DT90M1.5S' } },
            { 'resource.list': { any_matches: { during: { days: 'mon' } } } },
          ],
        },
        during: { from: 0, for: 'P1D', days: ['mon-fri'], zone: 'Asia/Kolkata', except: 'x' },
      },
    ],
    { calendars: { x: ['12-25'] } },
  )
  const [rule] = engine.explain(ask({ resource: { a: '2026-01-01T00:00:00Z', list: [1] } }), { now: 5 }).rules
  expect(rule?.tests).toEqual([
    {
      path: 'resource.a',
      operator: 'not before',
      expected: '2026-01-01T00:00:00.500Z',
      actual: '2026-01-01T00:00:00Z',
      outcome: 'false',
    },
    {
      path: 'resource.a',
      operator: 'after',
      expected: { ref: 'now' },
      actual: '2026-01-01T00:00:00Z',
      outcome: 'true',
    },
    {
      path: 'resource.a',
      operator: 'within',
      expected: 'P1Y2M10DT1H30M1.5S',
      actual: '2026-01-01T00:00:00Z',
      outcome: 'false',
    },
    {
      path: 'resource.list',
      operator: 'any_matches',
      expected: { during: { days: 'mon' } },
      actual: [1],
      outcome: 'false',
    },
    {
      path: 'now',
      operator: 'during',
      expected: {
        from: '1970-01-01T00:00:00Z',
        until: '1970-01-02T00:00:00Z',
        days: ['mon-fri'],
        except: 'x',
        zone: 'Asia/Kolkata',
      },
      actual: 5,
      outcome: 'true',
    },
  ])
})
