/** Dates as schedules and calendars write them: `2026-12-24`, `12-24` (every year), and spans of them with `/`. */

import { isDate } from '../text/time.ts'
import { Refusal } from './refusal.ts'
import type { DateSpan } from './time-model.ts'

/** The years that zone tables cover; other dates could never match. */
const firstYear = 1970
const lastYear = 2099

/**
 * Parses a date or a span of dates, both ends included. A span of yearly dates may go over the end of the year.
 *
 * @throws Refusal
 * @example parseDates('2026-12-24') // { yearly: false, first: 20811, last: 20811 }
 * @example parseDates('12-24/01-02') // { yearly: true, first: 408, last: 34 }
 */
export function parseDates(text: string): DateSpan {
  const [first = '', last = first, ...more] = text.split('/')
  const from = parseDate(first)
  const to = parseDate(last)
  if (from === undefined || to === undefined || more.length > 0) {
    const advice = 'write 2026-12-24, or 12-24 for every year, or a span such as 2026-07-01/2026-07-15'
    throw new Refusal(`${JSON.stringify(text)} is not a date`, advice)
  }
  if (from.yearly !== to.yearly) {
    throw new Refusal(`one end of ${JSON.stringify(text)} has a year, the other has none`, 'give both one, or neither')
  }
  if (!from.yearly && from.number > to.number) {
    throw new Refusal(`the span ${JSON.stringify(text)} ends before it starts`, `write ${last}/${first}`)
  }
  return { yearly: from.yearly, first: from.number, last: to.number }
}

function parseDate(text: string): { readonly yearly: boolean; readonly number: number } | undefined {
  const match = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return undefined
  const [month, day] = [Number(match[2]), Number(match[3])]
  const yearly = match[1] === undefined
  // A yearly 29 February is that of the leap years.
  const year = yearly ? 2000 : Number(match[1])
  if (!isDate(year, month, day)) throw new Refusal(`there is no ${text}`, 'write a day that the month has')
  if (year < firstYear || year > lastYear) {
    throw new Refusal(`${text} is outside of the years ${firstYear} to ${lastYear}`, 'write a date within them')
  }
  return { yearly, number: yearly ? month * 32 + day : Date.UTC(year, month - 1, day) / 86_400_000 }
}
