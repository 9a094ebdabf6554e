/** Names of time zones, as the platform knows them. */
import { Refusal } from './refusal.ts'
import { nearest, suggest } from './suggest.ts'

/** Not an offset such as `+01:00`, which some platforms take for a zone. */
const format = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/

/**
 * The name, if it is one of the IANA Time Zone Database.
 *
 * @throws Refusal
 * @example checkZone('Europe/Berlin') // 'Europe/Berlin'
 */
export function checkZone(text: string): string {
  if (format.test(text) && isKnown(text)) return text
  const guess = nearest(text, Intl.supportedValuesOf?.('timeZone') ?? [])
  const advice = guess === undefined ? 'write one of the IANA database, such as Europe/Berlin' : suggest(text, guess)
  throw new Refusal(`unknown time zone ${JSON.stringify(text)}`, advice)
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
