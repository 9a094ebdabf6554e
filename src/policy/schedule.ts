/** The recurring part of `during`: days of the week, dates, hours of the day, and exceptions. */
import { parseDates } from './dates.ts'
import { dayNames, daySynonyms } from './keys.ts'
import { EntryMap, type MapNode, type Node, type Nodes } from './node.ts'
import type { Named } from './pattern-list.ts'
import { describe, quote, readProperties, wrongType } from './read.ts'
import { attempt, Refusal } from './refusal.ts'
import type { Report } from './report.ts'
import { nearest, suggest } from './suggest.ts'
import type { DateList, DateSpan, HourRange, ScheduleModel } from './time-model.ts'

const everyDay = 0b111_1111
const minutesPerDay = 24 * 60
const noDates: DateList = { spans: [], calendars: [] }

/** The keys of `during` that this file reads. */
const scheduleKeys = ['days', 'dates', 'hours', 'except'] as const

/**
 * Reads the recurring part of a `during`; undefined when it has none. The names of calendars go to `calendars`, to be
 * looked up when all documents are known.
 */
export function readSchedule(map: MapNode, report: Report, calendars: Named[]): ScheduleModel | undefined {
  const given = scheduleKeys.filter((key) => map.entries.has(key))
  if (given.length === 0) return undefined
  const node = (key: (typeof scheduleKeys)[number]): Node | undefined => map.entries.get(key)?.value
  const [days, dates, hours, except] = [node('days'), node('dates'), node('hours'), node('except')]
  return {
    days: days === undefined ? everyDay : readDays(days, report),
    dates: dates && readDateList(dates, '"dates"', report, calendars),
    hours: hours === undefined ? [] : readHours(hours, report),
    except: except === undefined ? noDates : readDateList(except, '"except"', report, calendars),
    source: readProperties(new EntryMap([...map.entries].filter(([key]) => [...given, 'zone'].includes(key))), report),
  }
}

/** A date, a span or the name of a calendar, or a list of such. */
function readDateList(node: Node, what: string, report: Report, calendars: Named[]): DateList {
  const spans: DateSpan[] = []
  const names: string[] = []
  for (const { text, at } of texts(node, what, report)) {
    if (/^\d/.test(text)) {
      const span = attempt(report, 'E_TIME', at, '', () => parseDates(text))
      if (span !== undefined) spans.push(span)
    } else {
      names.push(text)
      calendars.push({ name: text, at })
    }
  }
  return { spans, calendars: names }
}

/** Dates and spans alone: what a calendar lists. */
export function readSpans(node: Node, what: string, report: Report): DateSpan[] {
  const spans = texts(node, what, report).map(({ text, at }) =>
    attempt(report, 'E_TIME', at, '', () => parseDates(text)),
  )
  return spans.filter((span) => span !== undefined)
}

/** A bit for each day, Monday first. */
function readDays(node: Node, report: Report): number {
  let mask = 0
  for (const { text, at } of texts(node, '"days"', report, true)) {
    mask |= attempt(report, 'E_TIME', at, '', () => parseDays(text)) ?? 0
  }
  return mask
}

function parseDays(text: string): number {
  const [first = '', last = first, ...more] = text.split('-')
  if (more.length > 0) throw unknownDay(text)
  let mask = 0
  const end = dayNumber(last)
  for (let day = dayNumber(first); ; day = (day + 1) % 7) {
    mask |= 1 << day
    if (day === end) return mask
  }
}

/** 0 for Monday. */
function dayNumber(text: string): number {
  const index = (dayNames as readonly string[]).indexOf(text)
  if (index >= 0) return index
  if (/^[1-7]$/.test(text)) return Number(text) - 1
  throw unknownDay(text)
}

function unknownDay(text: string): Refusal {
  const guess = nearest(text, dayNames, daySynonyms)
  const advice = guess === undefined ? `write ${dayNames.join(', ')}, or 1 (Monday) to 7` : suggest(text, guess)
  return new Refusal(`${quote(text)} is not a day of the week`, advice)
}

function readHours(node: Node, report: Report): HourRange[] {
  const ranges = texts(node, '"hours"', report).map(({ text, at }) =>
    attempt(report, 'E_TIME', at, '', () => parseHours(text)),
  )
  return ranges.filter((range) => range !== undefined)
}

/** Minutes of the day on which the range starts; over midnight, the end is above 1440. */
function parseHours(text: string): HourRange {
  const match = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(text)
  if (match === null) throw new Refusal(`${quote(text)} is not a range of hours`, 'write it like "09:00-17:00"')
  const [from, until] = [Number(match[1]) * 60 + Number(match[2]), Number(match[3]) * 60 + Number(match[4])]
  if (Number(match[2]) > 59 || Number(match[4]) > 59 || from >= minutesPerDay || until > minutesPerDay) {
    throw new Refusal(`${quote(text)} has a time that no day has`, 'hours go from 00:00 to 24:00')
  }
  if (from === until) throw new Refusal(`the range ${quote(text)} is empty`, 'for the whole day write "00:00-24:00"')
  return { from, until: until < from ? until + minutesPerDay : until }
}

/** One text or a list of them; numbers count where they are allowed. Reports all else. */
function texts(node: Node, what: string, report: Report, numbers = false): { text: string; at: Node['at'] }[] {
  const items: Nodes = node.kind === 'list' ? node.items : [node]
  if (items.length === 0)
    report.error('E_MISSING', node.at, `the list of ${what} is empty`, 'name one, or leave it out')
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.scalar === 'string') return [{ text: item.scalar, at: item.at }]
    if (numbers && item.kind === 'scalar' && typeof item.scalar === 'number') {
      return [{ text: String(item.scalar), at: item.at }]
    }
    if (item.kind === 'broken') wrongType(item, report, '', '')
    else {
      const rule = `${what} needs ${numbers ? 'a day' : 'a text'} or a list of them, not ${describe(item)}`
      report.error(
        'E_TYPE',
        item.at,
        rule,
        item.kind === 'scalar' && item.scalar !== null ? 'write it in quotes' : undefined,
      )
    }
    return []
  })
}
