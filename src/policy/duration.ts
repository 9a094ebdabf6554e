/** ISO 8601 durations: `P30D`, `PT2H30M`, `P1Y6M`, `P2W`. */

import { Refusal } from './refusal.ts'
import type { DurationModel } from './time-model.ts'

const format =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]
const longestMonths = 12_000
const longestDays = 366_000

/**
 * Parses a duration. Years and months are kept as months, weeks and days as days, because their length depends on when
 * they are; all else is milliseconds. Only the smallest part may have a fraction; that of a day or week counts by days of
 * 24 hours.
 *
 * @throws Refusal
 * @example parseDuration('P1Y2M3W4DT5H6M7.5S') // { months: 14, days: 25, milliseconds: 18367500 }
 */
export function parseDuration(text: string): DurationModel {
  const match = format.exec(text)
  const parts = match?.slice(1) ?? []
  const given = parts.filter((part) => part !== undefined)
  if (match === null || given.length === 0 || text.endsWith('T')) throw malformed(text)
  if (given.slice(0, -1).some((part) => /[.,]/.test(part))) {
    const found = `${JSON.stringify(text)} has a fraction that is not in its smallest part`
    throw new Refusal(found, 'write a fraction only there, as in PT1H30.5M')
  }
  const value = (index: number): number => Number(parts[index]?.replace(',', '.') ?? 0)
  const days = value(2) * 7 + value(3)
  const wholeDays = Math.floor(days)
  const milliseconds = (days - wholeDays) * day + value(4) * hour + value(5) * minute + value(6) * second
  const duration = { months: value(0) * 12 + value(1), days: wholeDays, milliseconds }
  if (duration.months + duration.days + duration.milliseconds === 0) {
    throw new Refusal(`the duration ${text} is zero`, 'write a longer one')
  }
  const tooLong = duration.months > longestMonths || days > longestDays || milliseconds > longestDays * day
  if (tooLong) throw new Refusal(`the duration ${text} is longer than 1000 years`, 'write a shorter one')
  return duration
}

function malformed(text: string): Refusal {
  const found = `${JSON.stringify(text)} is not an ISO 8601 duration`
  if (/^P.*\d[.,]\d+[YM]/.test(text.replace(/T.*/, ''))) {
    return new Refusal(`${found}: a part of a year or month has no length`, 'write it in days, or in whole months')
  }
  if (text.startsWith('-') || text.startsWith('+')) return new Refusal(`${found}: it has a sign`, 'leave the sign out')
  const upper = text.toUpperCase()
  if (upper !== text && format.test(upper)) return new Refusal(found, `write ${upper}`)
  return new Refusal(found, 'write, for example, P30D (30 days), PT2H (2 hours) or P1Y6M (a year and 6 months)')
}

/**
 * Milliseconds of a duration without years and months, which have no fixed length. A day has 24 hours.
 *
 * @throws Refusal
 * @example fixedDuration('P1DT12H') // 129600000
 */
export function fixedDuration(text: string): number {
  const { months, days, milliseconds } = parseDuration(text)
  if (months === 0) return days * day + milliseconds
  throw new Refusal(`${JSON.stringify(text)} has no fixed length`, 'write weeks, days, hours: P2W, P30D, PT12H')
}
