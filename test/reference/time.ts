/**
 * "Time" of docs/policy-reference.md. Local time comes from the platform's Intl, the calendar from Temporal: none of it
 * goes through the tables of the engine.
 */
import { Temporal } from 'temporal-polyfill'
import type { Age, Dates, During, PolicyDocument } from '../../src/policy/document.ts'
import type { Scope } from './paths.ts'
import { all, any, isText, kindOf, type Truth } from './values.ts'

const FIRST = Date.UTC(1970, 0, 1)
const END = Date.UTC(2100, 0, 1)
/** The range of ECMAScript's times. */
const FARTHEST = 8.64e15
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** "a list of them means any of them" */
export function isDuringAny(during: During | readonly During[], scope: Scope): Truth {
  const some = Array.isArray(during) ? (during as readonly During[]) : [during as During]
  return any(some.map((one) => isDuring(one, scope)))
}

/** "all keys that are given must hold" */
function isDuring(during: During, { now, document }: Scope): Truth {
  if (now === undefined || kindOf(now) !== 'number') return 'n.e.'
  const from = during.from === undefined ? -Infinity : timeOf(during.from)!
  const until =
    during.for === undefined
      ? during.until === undefined
        ? Infinity
        : timeOf(during.until)!
      : shift(from, 1, during.for, during.zone ?? 'UTC')!
  return all([now >= from && now <= until, inSchedule(during, now, document)])
}

/** "Outside of the years 1970 to 2099 a schedule is not evaluable." */
function inSchedule(during: During, now: number, document: PolicyDocument): Truth {
  const { days, dates, hours, except, zone = 'UTC' } = during
  if ([days, dates, hours, except].every((key) => key === undefined)) return true
  if (now < FIRST || now >= END) return 'n.e.'
  const { date, minute } = local(now, zone)
  const onDay = (one: Temporal.PlainDate): boolean =>
    (days === undefined || listOf(days).some((range) => isOneOfDays(one, String(range)))) &&
    (dates === undefined || isOneOfDates(one, dates, document)) &&
    !(except !== undefined && isOneOfDates(one, except, document))
  if (hours === undefined) return onDay(date)
  return listOf(hours).some((range) => {
    const [start, end] = range.split('-').map(minutesOf) as [number, number]
    if (start < end) return minute >= start && minute < end && onDay(date)
    // "a range over midnight belongs to the day on which it starts"
    return (minute >= start && onDay(date)) || (minute < end && onDay(date.subtract({ days: 1 })))
  })
}

function local(now: number, zone: string): { readonly date: Temporal.PlainDate; readonly minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const parts = Object.fromEntries(
    format.formatToParts(Math.floor(now)).map(({ type, value }) => [type, Number(value)]),
  )
  const date = Temporal.PlainDate.from({ year: parts.year!, month: parts.month!, day: parts.day! })
  return { date, minute: parts.hour! * 60 + parts.minute! }
}

function minutesOf(text: string): number {
  const [hour, minute] = text.split(':').map(Number)
  return hour! * 60 + minute!
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

function isOneOfDays(date: Temporal.PlainDate, range: string): boolean {
  const [first, last = first] = range.split('-').map((day) => (/\d/.test(day) ? Number(day) : DAYS.indexOf(day) + 1))
  const day = date.dayOfWeek
  return first! <= last! ? day >= first! && day <= last! : day >= first! || day <= last!
}

function isOneOfDates(date: Temporal.PlainDate, dates: Dates, document: PolicyDocument): boolean {
  return listOf(dates).some((one) => {
    if (!/^\d/.test(one)) return isOneOfDates(date, document.calendars![one]!, document)
    const [first = '', last = first] = one.split('/')
    const text = date.toString().slice(first.length === 5 ? 5 : 0)
    return first <= last ? text >= first && text <= last : text >= first || text <= last
  })
}

/** The four operators on attributes that hold a time. */
export function testTime(operator: string, a: unknown, operand: unknown, scope: Scope): Truth {
  const value = timeOf(a)
  if (value === undefined) return 'n.e.'
  if (operator === 'before' || operator === 'after') {
    const other = timeOf(operand)
    if (other === undefined) return 'n.e.'
    return operator === 'before' ? value < other : value > other
  }
  if (scope.now === undefined || kindOf(scope.now) !== 'number') return 'n.e.'
  const age = operand as Age
  const [duration, zone = 'UTC'] = typeof age === 'string' ? [age] : [age.duration, age.zone]
  const start = shift(scope.now, -1, duration, zone)
  if (start === undefined) return 'n.e.'
  return operator === 'within' ? value >= start && value <= scope.now : value < start
}

/** "A time is a number of milliseconds since 1970, or RFC 3339 text"; undefined for all else. */
function timeOf(value: unknown): number | undefined {
  if (kindOf(value) === 'number') return Number(value)
  if (!isText(value)) return undefined
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(value)
  if (match === null || value.length > 64 || match[2]!.endsWith('60')) return undefined
  try {
    const seconds = Temporal.Instant.from(`${match[1]}T${match[2]}${match[4]}`).epochMilliseconds
    return seconds + Number(match[3] ?? 0) * 1000
  } catch {
    return undefined
  }
}

/** "months and days by the calendar of the zone, then the rest"; undefined where that is not known. */
function shift(start: number, sign: 1 | -1, text: string, zone: string): number | undefined {
  if (Math.abs(start) > FARTHEST) return undefined
  const [date = '', time = ''] = text.slice(1).split('T')
  const amount = (part: string, unit: string): number => {
    const [, digits] = new RegExp(`([\\d.,]+)${unit}`).exec(part) ?? []
    return Number(digits?.replace(',', '.') ?? 0)
  }
  const months = amount(date, 'Y') * 12 + amount(date, 'M')
  const days = amount(date, 'W') * 7 + amount(date, 'D')
  const minutes = amount(time, 'H') * 60 + amount(time, 'M')
  const rest = (days % 1) * 86_400_000 + minutes * 60_000 + amount(time, 'S') * 1000
  if (months === 0 && Math.floor(days) === 0) return start + sign * rest
  const whole = Math.floor(start)
  const outside = (one: number): boolean => zone !== 'UTC' && (one < FIRST || one >= END)
  if (outside(whole)) return undefined
  const moved = Temporal.Instant.fromEpochMilliseconds(whole)
    .toZonedDateTimeISO(zone)
    .add({ months: sign * months, days: sign * Math.floor(days) }).epochMilliseconds
  return outside(moved) ? undefined : moved + (start - whole) + sign * rest
}
