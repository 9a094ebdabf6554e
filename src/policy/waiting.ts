/** How long something waits, holds or is counted over: a number with one letter, or an ISO 8601 duration of fixed length. */
import { fixedDuration } from './duration.ts'
import { Refusal } from './refusal.ts'

const hour = 3_600_000
const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: hour, d: 24 * hour, w: 168 * hour }

/**
 * Milliseconds, or what is wrong with the text.
 *
 * @example readWaiting('90m') // 5400000
 * @example readWaiting('PT1H30M') // 5400000
 */
export function readWaiting(text: string): number | Refusal {
  const [, count, unit = ''] = /^([1-9]\d{0,6})([smhdw])$/.exec(text) ?? []
  if (count !== undefined) return Number(count) * (units[unit] ?? 0)
  try {
    return Math.ceil(fixedDuration(text))
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
