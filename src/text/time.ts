/** RFC 3339 times → milliseconds since the epoch. */

const format = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/**
 * The time in milliseconds since 1970-01-01T00:00Z, or undefined when the text is no RFC 3339 date-time. Leap seconds
 * (`:60`) are no times here: the epoch scale has no place for them. A fraction counts to the nanosecond. The core reads
 * times in attributes in the same way (assembly/time/read.ts).
 *
 * @example parseTime('2026-01-01T01:00:00+01:00') // 1767225600000
 */
export function parseTime(text: string): number | undefined {
  // Longer texts are none in the core, either.
  const match = text.length > 64 ? null : format.exec(text)
  if (match === null) return undefined
  const part = (index: number): number => Number(match[index] ?? 0)
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  const [offsetHour, offsetMinute] = [part(9), part(10)]
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined
  if (!isDate(year, month, day)) return undefined
  const date = new Date(0)
  // Date.UTC would take the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const nanoseconds = Number((match[7] ?? '').slice(0, 9).padEnd(9, '0'))
  const offset = (offsetHour * 60 + offsetMinute) * 60_000 * (match[8] === '-' ? -1 : 1)
  return date.getTime() - offset + nanoseconds / 1_000_000
}

/** Whether the month has this day in this year. */
export function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return month >= 1 && month <= 12 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
