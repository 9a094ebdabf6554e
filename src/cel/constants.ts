/** Constant arguments for which a function fails always: times, durations, addresses and offsets that are none. */
import { CelCall } from '../../assembly/abi/cel.ts'
import { parseTime } from '../text/time.ts'
import type { Checker } from './check.ts'
import type { ProblemCode } from './problem.ts'
import { refused } from './refused.ts'
import type { Tree } from './tree.ts'

/** What is wrong with a constant, and what to write: a sentence, or a text that takes its place. */
interface Wrong {
  readonly found: string
  readonly advice: string
  readonly replacement?: string | undefined
}

/** The problem of a call whose constant argument makes it fail; undefined when there is none. */
export function constantProblem(checker: Checker, call: CelCall, trees: readonly Tree[]): Tree | undefined {
  const argument = call === CelCall.InCidr ? trees[1] : trees[0]
  const { constants } = checker.environment
  if (constants === undefined || argument?.kind !== 'string') return undefined
  const { value: text, range } = argument
  const refuse = (code: ProblemCode, wrong: Wrong | undefined): Tree | undefined =>
    wrong && refused(checker, code, range, wrong.found, errorOf(text, wrong))
  switch (call) {
    case CelCall.ToDuration:
      return refuse('E_TIME', wrongDuration(text))
    case CelCall.ToTimestamp:
      return refuse('E_TIME', wrongTime(text))
    case CelCall.ToIpAddress:
      return addressProblem(checker, argument, () => constants.address(text))
    case CelCall.InCidr:
      return addressProblem(checker, argument, () => constants.range(text))
    default:
      return undefined
  }
}

/** The problem of an offset in place of a zone, such as `+25:00`; undefined for one that exists, and for names. */
export function offsetProblem(checker: Checker, { value, range }: Extract<Tree, { kind: 'string' }>): Tree | undefined {
  const [, sign = '+', hours = '', minutes = '00'] = /^([+-])?(\d{1,2}):?(\d\d)?$/.exec(value) ?? []
  if (hours === '' || isOffset(value, checker)) return undefined
  const padded = `${sign}${hours.padStart(2, '0')}:${minutes}`
  const advice = 'write one from -23:59 to +23:59, or a name such as Europe/Berlin'
  const wrong = {
    found: `${JSON.stringify(value)} is no offset`,
    advice,
    replacement: isOffset(padded, checker) ? padded : undefined,
  }
  return refused(checker, 'E_ZONE', range, wrong.found, errorOf(value, wrong))
}

/** Zones that are read when deciding; such as there are, where constants are checked. */
export function isOffset(text: string, { environment: { constants } }: Checker): boolean {
  if (constants === undefined && /^[+-]?\d\d:\d\d$/.test(text)) return true
  return /^(?:UTC|[+-]?(?:[01]\d|2[0-3]):[0-5]\d)$/.test(text)
}

function addressProblem(checker: Checker, { range }: Tree, check: () => void): Tree | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return refused(checker, 'E_CIDR', range, error.message, error)
  }
}

/** As the environment's errors are: the word stands inside of the quotes of the argument. */
function errorOf(word: string, { found, advice, replacement }: Wrong): Error {
  const text = replacement === undefined ? advice : `write ${JSON.stringify(replacement)}`
  return Object.assign(new Error(found), {
    advice: replacement === undefined ? text : { advice: text, word, replacement },
  })
}

/** As the core reads them: Go's notation. */
const duration = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:h|m|s|ms|us|\u00b5s|\u03bcs|ns))+)$/

/** The longest one, 2⁶³ nanoseconds, in hours. */
const MOST_HOURS = 2 ** 63 / 3.6e12
const hoursOf: Readonly<Record<string, number>> = {
  h: 1,
  m: 1 / 60,
  s: 1 / 3600,
  ms: 1 / 3.6e6,
  us: 1 / 3.6e9,
  ns: 1 / 3.6e12,
}

function wrongDuration(text: string): Wrong | undefined {
  if (duration.test(text)) {
    let hours = 0
    for (const [, count, unit = ''] of text.matchAll(/([\d.]+)([a-z\u00b5\u03bc]+)/g)) {
      hours += Number(count) * (hoursOf[unit] ?? hoursOf.us!)
    }
    if (hours <= MOST_HOURS) return undefined
    return { found: `${text} is longer than a duration can be`, advice: 'at most 2562047h47m, 292 years' }
  }
  const found = `${JSON.stringify(text)} is not a duration`
  return { found, advice: 'write it in h, m, s and ms, such as "1h30m"', replacement: inHours(text) }
}

/** Days and weeks, and ISO 8601 without years and months, in hours and less. */
function inHours(text: string): string | undefined {
  const [, count, unit] = /^(\d{1,6})\s*(d|day|days|w|week|weeks)$/i.exec(text) ?? []
  if (count !== undefined) return `${Number(count) * (unit?.toLowerCase().startsWith('w') ? 168 : 24)}h`
  const iso = /^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/.exec(text)
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] =
    iso?.slice(1).map((part) => Number(part ?? 0)) ?? []
  const whole = weeks * 168 + days * 24 + hours
  const parts = [whole > 0 ? `${whole}h` : '', minutes > 0 ? `${minutes}m` : '', seconds > 0 ? `${seconds}s` : '']
  return parts.join('') || undefined
}

function wrongTime(text: string): Wrong | undefined {
  // What is longer may still be one here, though not in attributes.
  if (text.length > 64 || parseTime(text) !== undefined) return undefined
  const guess = [`${text}T00:00:00Z`, `${text}Z`, `${text}:00Z`, text.replace(' ', 'T'), `${text.replace(' ', 'T')}Z`]
  const advice = 'write it like "2026-01-31T09:00:00Z"'
  const replacement = guess.find((one) => parseTime(one) !== undefined)
  return { found: `${JSON.stringify(text)} is not an RFC 3339 time`, advice, replacement }
}
