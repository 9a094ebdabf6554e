/** RFC 3339 times → milliseconds since the epoch. */

const format = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/**
 * The time in milliseconds since 1970-01-01T00:00Z, or undefined when the text is no RFC 3339 date-time. Leap seconds
 * (`:60`) are no times here: the epoch scale has no place for them.
 *
 * @example parseTime('2026-01-01T01:00:00+01:00') // 1767225600000
 */
export function parseTime(text: string): number | undefined {
  const match = format.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const offsetHour = Number(match[9] ?? 0)
  const offsetMinute = Number(match[10] ?? 0)
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined
  const date = new Date(0)
  // Date.UTC would take the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  date.setUTCHours(hour, minute, second)
  const fraction = Number(`0${match[7] ?? ''}`) * 1000
  const offset = (offsetHour * 60 + offsetMinute) * 60_000 * (match[8] === '-' ? -1 : 1)
  return date.getTime() + fraction - offset
}
