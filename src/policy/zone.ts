/** Names of time zones, as the platform knows them. */
import { Refusal } from './refusal.ts'
import { nearest, suggest } from './suggest.ts'

/** Not an offset such as `+01:00`, which some platforms take for a zone. */
const format = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/

/** The names without a slash that the IANA Time Zone Database has, links of its `backward` file included; in lower case. */
const short: ReadonlySet<string> = new Set(
  (
    'utc gmt uct zulu universal greenwich gmt0 gmt+0 gmt-0 cet eet met wet est mst hst est5edt cst6cdt mst7mdt pst8pdt ' +
    'prc roc rok cuba egypt eire gb gb-eire hongkong iceland iran israel jamaica japan kwajalein libya navajo nz ' +
    'nz-chat poland portugal singapore turkey w-su'
  ).split(' '),
)

/** What some mean by an abbreviation that others use for another zone, and platforms for a third. */
const meant: Readonly<Record<string, string>> = {
  AET: 'Australia/Sydney',
  AST: 'America/Halifax',
  CST: 'America/Chicago',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  PST: 'America/Los_Angeles',
}

/**
 * The name, if it is one of the IANA Time Zone Database. Platforms know further ones, each others: abbreviations, for which
 * ICU has zones that nobody expects (BST is Bangladesh), and `SystemV/…`.
 *
 * @throws Refusal
 * @example checkZone('Europe/Berlin') // 'Europe/Berlin'
 */
export function checkZone(text: string): string {
  const isName = text.includes('/') ? !/^systemv\//i.test(text) : short.has(text.toLowerCase())
  if (isName && format.test(text) && isKnown(text)) return text
  if (/^[A-Z]{3,5}$/.test(text) || (/^[A-Za-z]{3}$/.test(text) && isKnown(text))) {
    const zone = meant[text.toUpperCase()] ?? 'Europe/London'
    throw new Refusal(`${JSON.stringify(text)} is an abbreviation of several zones`, `write one like "${zone}"`)
  }
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
