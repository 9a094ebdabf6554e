/** Calendars: named lists of dates, such as the holidays of a country, that schedules refer to. */

import type { Entry, Position } from './node.ts'
import type { ParsedDocument, Placed } from './parse.ts'
import type { Named } from './pattern-list.ts'
import { quote, readMap } from './read.ts'
import { locate, type Report } from './report.ts'
import { readSpans } from './schedule.ts'
import { didYouMean } from './suggest.ts'
import type { DateSpan } from './time-model.ts'

export type Calendars = ReadonlyMap<string, Placed<readonly DateSpan[]>>

/** Reads `calendars` of a document. */
export function readCalendars(entry: Entry | undefined, report: Report): Calendars {
  const map = entry && readMap(entry.value, report, '"calendars"', 'write { name: [2026-12-25, …] }')
  const calendars = new Map<string, Placed<readonly DateSpan[]>>()
  for (const [name, { at, value }] of map?.entries ?? []) {
    if (name === '') report.error('E_MISSING', at, 'a calendar has an empty name', 'name it')
    else if (/^\d/.test(name)) {
      const found = `the name of the calendar ${quote(name)} starts with a digit, as dates do`
      report.error('E_CALENDAR', at, found, 'start it with another character')
    }
    calendars.set(name, { value: readSpans(value, `the calendar ${quote(name)}`, report), at })
  }
  return calendars
}

/** The calendars of a tenant, each of which one document defines. */
export function mergeCalendars(documents: readonly ParsedDocument[], report: Report): Map<string, readonly DateSpan[]> {
  const calendars = new Map<string, readonly DateSpan[]>()
  const places = new Map<string, Position>()
  for (const [name, { value, at }] of documents.flatMap((document) => [...document.calendars])) {
    const earlier = places.get(name)
    if (earlier !== undefined) {
      const advice = `the first one is at ${locate(earlier, at)}; rename or remove one`
      report.error('E_DUPLICATE', at, `the calendar ${quote(name)} occurs twice`, advice)
      continue
    }
    calendars.set(name, value)
    places.set(name, at)
  }
  return calendars
}

/** Reports the names that no document defines. */
export function checkCalendars(calendars: ReadonlyMap<string, unknown>, named: readonly Named[], report: Report): void {
  const known = [...calendars.keys()]
  for (const { name, at } of named) {
    if (calendars.has(name)) continue
    const advice = didYouMean(name, known) ?? 'write a date like 2026-12-24, or define it in "calendars"'
    report.error('E_CALENDAR', at, `unknown calendar ${quote(name)}`, advice)
  }
}
