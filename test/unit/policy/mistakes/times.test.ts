/** Mistakes in times: each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { parsePolicies } from '../../../../src/policy/index.ts'
import { check } from '../support.ts'
import { document, withLine, withWhen } from './support.ts'

const during = (text: string) => withLine(`during: ${text}`)
const when = (text: string) => withWhen(`{ context.a: ${text} }`)
const calendars = (text: string) => document(`calendars: ${text}`)

describe('an abbreviation of a time zone', () => {
  it.each([
    ['EDT', 'America/New_York'],
    ['pdt', 'America/Los_Angeles'],
    ['MDT', 'America/Denver'],
    ['CDT', 'America/Chicago'],
    ['CEST', 'Europe/Berlin'],
    ['EEST', 'Europe/Athens'],
    ['AEST', 'Australia/Sydney'],
    ['NZDT', 'Pacific/Auckland'],
    ['SGT', 'Asia/Singapore'],
    ['HKT', 'Asia/Hong_Kong'],
    ['KST', 'Asia/Seoul'],
    ['IST', 'Asia/Kolkata'],
    ['MSK', 'Europe/Moscow'],
    ['SAST', 'Africa/Johannesburg'],
    ['BRT', 'America/Sao_Paulo'],
  ])('%s names %s', (name, zone) => {
    expect(check(during(`{ days: 1, zone: ${name} }`))).toEqual([
      `5:30 E_ZONE "${name}" is an abbreviation of several zones in rule "r"; write one like "${zone}"`,
    ])
    expect(check(during(`{ days: 1, zone: ${zone} }`))).toEqual([])
  })

  it.each(['XYZT', 'QQQ'])('%s names none', (name) => {
    expect(check(during(`{ days: 1, zone: ${name} }`))[0]).toMatch(
      /; write one of the IANA database, such as America\/New_York$/,
    )
  })

  it.each(['CET', 'EET', 'MET', 'WET', 'EST', 'HST', 'MST', 'UTC', 'GMT'])('%s is a name of the database', (name) => {
    expect(check(during(`{ days: 1, zone: ${name} }`))).toEqual([])
  })
})

describe('one mistake, its place and its message', () => {
  it.each<[string, string]>([
    [
      during('{ from: 2026-01-01 }'),
      '5:21 E_TIME "from" is not a time: the string "2026-01-01" in rule "r"; write an RFC 3339 time with its distance to UTC, like 2026-01-31T09:00:00Z',
    ],
    [
      during('{ until: 2026-02-29T00:00:00Z }'),
      '5:22 E_TIME "until" is not a time: the string "2026-02-29T00:00:00Z" in rule "r"; write an RFC 3339 time with its distance to UTC, like 2026-01-31T09:00:00Z',
    ],
    [
      during('{ from: 2026-01-02T00:00:00Z, until: 2026-01-01T00:00:00Z }'),
      '5:50 E_TIME the window ends before it starts in rule "r"; exchange "from" and "until"',
    ],
    [
      during('{ from: 1e16 }'),
      '5:21 E_NUMBER 10000000000000000 is beyond ±9007199254740991, the whole numbers that a double holds exactly in rule "r"; write it as a string',
    ],
    [during('{ for: P1D }'), '5:15 E_TIME "for" stands without "from" in rule "r"; write both'],
    [
      during('{ from: 0, until: 1, for: P1D }'),
      '5:34 E_TIME "for" and "until" both say when the window ends in rule "r"; write one of them',
    ],
    [
      during('{ from: 2090-01-01T00:00:00Z, for: P10Y, zone: Europe/Berlin }'),
      '5:48 E_TIME "zone" is known from 1970 to 2099 only in rule "r"; write the end as "until"',
    ],
    [
      during('{ from: 8.639e15, for: P1000Y }'),
      '5:36 E_TIME the window ends beyond all dates in rule "r"; write the end as "until"',
    ],
    [during('{}'), '5:13 E_MISSING "during" says no time in rule "r"; write from, until, days, dates, hours or except'],
    [
      during('{ zone: UTC }'),
      '5:13 E_MISSING "during" says no time in rule "r"; write from, until, days, dates, hours or except',
    ],
    [
      during('[]'),
      '5:13 E_MISSING the list of "during" is empty, which is never in rule "r"; name a time, or leave it out',
    ],
    [
      during('{ from: 0, zone: Asia/Tokyo }'),
      '5:24 E_TIME "zone" changes nothing here: "from" and "until" carry their own distance to UTC in rule "r"; leave it out',
    ],
    [
      during('{ from: 0, not_after: 1 }'),
      '5:24 E_KEY unknown key "not_after" in "during" in rule "r"; did you mean "until"?',
    ],
    [
      during('{ days: 1, timezone: UTC }'),
      '5:24 E_KEY unknown key "timezone" in "during" in rule "r"; did you mean "zone"?',
    ],
    [
      during('{ days: 1, zone: Europe/Berlim }'),
      '5:30 E_ZONE unknown time zone "Europe/Berlim" in rule "r"; did you mean "Europe/Berlin"?',
    ],
    [
      during('{ days: 1, zone: "+01:00" }'),
      '5:30 E_ZONE unknown time zone "+01:00" in rule "r"; write one of the IANA database, such as America/New_York',
    ],
    [
      during('{ days: 1, zone: BST }'),
      '5:30 E_ZONE "BST" is an abbreviation of several zones in rule "r"; write one like "Europe/London"',
    ],
    [
      during('{ days: 1, zone: CST }'),
      '5:30 E_ZONE "CST" is an abbreviation of several zones in rule "r"; write one like "America/Chicago"',
    ],
    [
      during('{ days: 1, zone: SystemV/EST5EDT }'),
      '5:30 E_ZONE unknown time zone "SystemV/EST5EDT" in rule "r"; write one of the IANA database, such as America/New_York',
    ],
    [
      withWhen('\'now.getHours("BST") > 8\''),
      '5:25 E_ZONE "BST" is an abbreviation of several zones in rule "r"; write one like "Europe/London"',
    ],
    [
      during('{ days: [mon, Tuesday] }'),
      '5:27 E_TIME "Tuesday" is not a day of the week in rule "r"; did you mean "tue"?',
    ],
    [
      during('{ days: 0 }'),
      '5:21 E_TIME "0" is not a day of the week in rule "r"; write mon, tue, wed, thu, fri, sat, sun, or 1 (Monday) to 7',
    ],
    [
      during('{ days: mon-wed-fri }'),
      '5:21 E_TIME "mon-wed-fri" is not a day of the week in rule "r"; write mon, tue, wed, thu, fri, sat, sun, or 1 (Monday) to 7',
    ],
    [during('{ days: [] }'), '5:21 E_MISSING the list of "days" is empty in rule "r"; name one, or leave it out'],
    [
      during('{ days: [true] }'),
      '5:22 E_TYPE "days" needs a day or a list of them, not true in rule "r"; write it in quotes',
    ],
    [during('{ dates: 2026-02-30 }'), '5:22 E_TIME there is no 2026-02-30 in rule "r"; write a day that the month has'],
    [during('{ dates: [02-30] }'), '5:23 E_TIME there is no 02-30 in rule "r"; write a day that the month has'],
    [
      during('{ dates: 24.12.2026 }'),
      '5:22 E_TIME "24.12.2026" is not a date in rule "r"; write 2026-12-24, or 12-24 for every year, or a span such as 2026-07-01/2026-07-15',
    ],
    [
      during('{ dates: 2026-07-15/2026-07-01 }'),
      '5:22 E_TIME the span "2026-07-15/2026-07-01" ends before it starts in rule "r"; write 2026-07-01/2026-07-15',
    ],
    [
      during('{ dates: 2026-07-15/07-20 }'),
      '5:22 E_TIME one end of "2026-07-15/07-20" has a year, the other has none in rule "r"; give both one, or neither',
    ],
    [
      during('{ dates: 2100-01-01 }'),
      '5:22 E_TIME 2100-01-01 is outside of the years 1970 to 2099 in rule "r"; write a date within them',
    ],
    [
      during('{ except: holidays }'),
      '5:23 E_CALENDAR unknown calendar "holidays" in rule "r"; write a date like 2026-12-24, or define it in "calendars"',
    ],
    [during('{ hours: 9-17 }'), '5:22 E_TIME "9-17" is not a range of hours in rule "r"; write it like "09:00-17:00"'],
    [
      during('{ hours: "09:00-25:00" }'),
      '5:22 E_TIME "09:00-25:00" has a time that no day has in rule "r"; hours go from 00:00 to 24:00',
    ],
    [
      during('{ hours: ["09:00-09:00"] }'),
      '5:23 E_TIME the range "09:00-09:00" is empty in rule "r"; for the whole day write "00:00-24:00"',
    ],
    [
      during('mon-fri'),
      '5:13 E_TYPE "during" must be a map, not the string "mon-fri" in rule "r"; write, for example, { days: mon-fri, hours: "09:00-17:00", zone: Europe/Berlin }',
    ],
    [
      when('{ within: 30 days }'),
      '5:34 E_TIME "30 days" is not an ISO 8601 duration in rule "r"; write, for example, P30D (30 days), PT2H (2 hours) or P1Y6M (a year and 6 months)',
    ],
    [when('{ within: p30d }'), '5:34 E_TIME "p30d" is not an ISO 8601 duration in rule "r"; write P30D'],
    [
      when('{ within: -P30D }'),
      '5:34 E_TIME "-P30D" is not an ISO 8601 duration: it has a sign in rule "r"; leave the sign out',
    ],
    [
      when('{ within: P0.5Y }'),
      '5:34 E_TIME "P0.5Y" is not an ISO 8601 duration: a part of a year or month has no length in rule "r"; write it in days, or in whole months',
    ],
    [
      when('{ within: PT1.5H30M }'),
      '5:34 E_TIME "PT1.5H30M" has a fraction that is not in its smallest part in rule "r"; write a fraction only there, as in PT1H30.5M',
    ],
    [when('{ within: P0D }'), '5:34 E_TIME the duration P0D is zero in rule "r"; write a longer one'],
    [
      when('{ within: P1001Y }'),
      '5:34 E_TIME the duration P1001Y is longer than 1000 years in rule "r"; write a shorter one',
    ],
    [
      when('{ older_than: 3600 }'),
      '5:38 E_TIME the number 3600 is not an ISO 8601 duration in rule "r"; write "PT3600S" for seconds',
    ],
    [
      when('{ older_than: { zone: UTC } }'),
      '5:38 E_MISSING "older_than" has no duration in rule "r"; write older_than: { duration: P1M, zone: … }',
    ],
    [
      when('{ before: tomorrow }'),
      '5:34 E_TIME the operand of "before" is not a time: the string "tomorrow" in rule "r"; write an RFC 3339 time with its distance to UTC, like 2026-01-31T09:00:00Z',
    ],
    [
      when('1, now: { within: P1D }'),
      '5:34 E_OPERATOR "within" cannot work on "now", which is always a number in rule "r"; use another operator',
    ],
    [
      when('{ during: { days: 1 } }'),
      '5:26 E_OPERATOR unknown operator "during" in rule "r"; write one of eq, neq, in, not_in, gt, gte, lt, lte, …',
    ],
    [
      'version: 1\nrules: [{ id: r, allow: read, when: { during: { days: 1 }, context.a: 1 } }]\n',
      '2:60 E_CONDITION "context.a" stands beside "during" in rule "r"; put both into one list: all: [{ … }, { … }]',
    ],
    [
      calendars('{ 1st: [12-25] }'),
      '2:14 E_CALENDAR the name of the calendar "1st" starts with a digit, as dates do; start it with another character',
    ],
    [
      calendars('{ de: [xmas] }'),
      '2:19 E_TIME "xmas" is not a date; write 2026-12-24, or 12-24 for every year, or a span such as 2026-07-01/2026-07-15',
    ],
    [calendars('{ de: [] }'), '2:18 E_MISSING the list of the calendar "de" is empty; name one, or leave it out'],
    [calendars('[12-25]'), '2:12 E_TYPE "calendars" must be a map, not a list; write { name: [2026-12-25, …] }'],
  ])('%s', (text, expected) => {
    expect(check(text)).toEqual([expected])
  })
})

it('several mistakes in one time are told at once', () => {
  expect(
    check(during('{ days: [noday, 9], hours: "x", zone: Nowhere, from: y }')).map((one) => one.slice(0, 13)),
  ).toEqual(['5:22 E_TIME "', '5:29 E_TIME "', '5:40 E_TIME "', '5:51 E_ZONE u', '5:66 E_TIME "'])
})

it('calendars of several documents are one list, and each is defined once', () => {
  const rule = (id: string) => `rules: [{ id: ${id}, allow: read, during: { except: [de, fr] } }]`
  const first = { name: 'a.yaml', text: `version: 1\ncalendars: { de: [12-25] }\n${rule('a')}` }
  const second = (name: string) => ({
    name: 'b.yaml',
    text: `version: 1\ncalendars: { ${name}: [01-01] }\n${rule('b')}`,
  })
  expect(parsePolicies([first, second('fr')]).diagnostics).toEqual([])
  const messages = parsePolicies([first, second('de')]).diagnostics.map(({ code, message }) => `${code} ${message}`)
  expect(messages).toEqual([
    'E_CALENDAR unknown calendar "fr" in rule "a"; use "de"',
    'E_DUPLICATE the calendar "de" occurs twice; the first one is at a.yaml:2:14; rename or remove one',
    'E_CALENDAR unknown calendar "fr" in rule "b"; use "de"',
  ])
})

it.each(['UTC', 'utc', 'EST5EDT', 'MET', 'Japan', 'GB-Eire', 'Etc/GMT+5', 'America/Argentina/Ushuaia', 'US/Pacific'])(
  'the zone %s is one of the database',
  (zone) => {
    expect(check(during(`{ days: 1, zone: ${zone} }`))).toEqual([])
  },
)
