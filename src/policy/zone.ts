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

/** Zones, and the abbreviations by which most mean them. Others use some for another zone, and platforms for a third. */
const abbreviations: Readonly<Record<string, string>> = {
  'America/New_York': 'ET EDT',
  'America/Chicago': 'CT CST CDT',
  'America/Denver': 'MT MDT',
  'America/Los_Angeles': 'PT PST PDT',
  'America/Anchorage': 'AKST AKDT',
  'America/Halifax': 'AST ADT',
  'America/St_Johns': 'NST NDT',
  'America/Sao_Paulo': 'BRT BRST',
  'America/Argentina/Buenos_Aires': 'ART',
  'America/Bogota': 'COT',
  'America/Santiago': 'CLT CLST',
  'Europe/London': 'BST',
  'Europe/Lisbon': 'WEST',
  'Europe/Berlin': 'CEST MEZ MESZ MEST',
  'Europe/Athens': 'EEST',
  'Europe/Istanbul': 'TRT',
  'Europe/Moscow': 'MSK MSD',
  'Africa/Lagos': 'WAT',
  'Africa/Maputo': 'CAT',
  'Africa/Nairobi': 'EAT',
  'Africa/Johannesburg': 'SAST',
  'Asia/Dubai': 'GST',
  'Asia/Karachi': 'PKT',
  'Asia/Kolkata': 'IST',
  'Asia/Bangkok': 'ICT',
  'Asia/Jakarta': 'WIB',
  'Asia/Singapore': 'SGT',
  'Asia/Hong_Kong': 'HKT',
  'Asia/Manila': 'PHT',
  'Asia/Seoul': 'KST',
  'Asia/Tokyo': 'JST',
  'Australia/Perth': 'AWST',
  'Australia/Adelaide': 'ACST ACDT',
  'Australia/Sydney': 'AET AEST AEDT',
  'Pacific/Auckland': 'NZST NZDT',
}

const meant: ReadonlyMap<string, string> = new Map(
  Object.entries(abbreviations).flatMap(([zone, all]) => all.split(' ').map((one) => [one, zone] as const)),
)

const advice = 'write one of the IANA database, such as America/New_York'

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
  const zone = meant.get(text.toUpperCase())
  if (zone !== undefined || /^[A-Z]{3,5}$/.test(text) || (/^[A-Za-z]{3}$/.test(text) && isKnown(text))) {
    const found = `${JSON.stringify(text)} is an abbreviation of several zones`
    throw new Refusal(found, zone === undefined ? advice : `write one like "${zone}"`)
  }
  const guess = nearest(text, Intl.supportedValuesOf?.('timeZone') ?? [])
  throw new Refusal(`unknown time zone ${JSON.stringify(text)}`, guess === undefined ? advice : suggest(text, guess))
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
