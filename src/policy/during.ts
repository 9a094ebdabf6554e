/** `during`: a window of time, a recurring schedule, or both. A list of them means any of them. */

import { parseTime } from '../text/time.ts'
import { parseDuration } from './duration.ts'
import { duringKeys, duringSynonyms } from './keys.ts'
import { warnOfSeconds } from './meant-seconds.ts'
import type { Condition } from './model.ts'
import type { MapNode, Node } from './node.ts'
import type { Named } from './pattern-list.ts'
import { describe, quote, readRecord, readString } from './read.ts'
import { attempt } from './refusal.ts'
import type { Report } from './report.ts'
import { readSchedule } from './schedule.ts'
import type { DurationModel } from './time-model.ts'
import { checkZone } from './zone.ts'

/** The range of ECMAScript's times, to both sides of 1970. */
const farthest = 8.64e15

const defaultZone = 'UTC'

/** Reads a `during`. Mistakes go to the report; the names of calendars in it go to `calendars`. */
export function readDuring(node: Node, report: Report, calendars: Named[]): Condition | undefined {
  if (node.kind !== 'list') return readOne(node, report, calendars)
  if (node.items.length === 0) {
    report.error('E_MISSING', node.at, 'the list of "during" is empty, which is never', 'name a time, or leave it out')
  }
  const of = node.items.map((item) => readOne(item, report, calendars)).filter((one) => one !== undefined)
  return of.length > 1 ? { kind: 'any', of } : of[0]
}

function readOne(node: Node, report: Report, calendars: Named[]): Condition | undefined {
  const advice = 'write, for example, { days: mon-fri, hours: "09:00-17:00", zone: Europe/Berlin }'
  const map = readRecord(node, report, '"during"', duringKeys, { synonyms: duringSynonyms, advice })
  if (map === undefined) return undefined
  const at = (key: (typeof duringKeys)[number]): Node | undefined => map.entries.get(key)?.value
  const from = readTime(at('from'), '"from"', report)
  const until = readTime(at('until'), '"until"', report)
  const length = readDuration(at('for'), report)
  const schedule = readSchedule(map, report, calendars)
  const zone = readZone(at('zone'), report)
  checkTogether(map, report)
  if (from !== undefined && until !== undefined && until < from) {
    report.error('E_TIME', (at('until') ?? map).at, 'the window ends before it starts', 'exchange "from" and "until"')
  }
  if (from !== undefined && length !== undefined && !reaches(from, length, zone)) {
    const found = zone === defaultZone ? 'the window ends beyond all dates' : `"zone" is known from 1970 to 2099 only`
    report.error('E_TIME', (at('for') ?? map).at, found, 'write the end as "until"')
  }
  if (from === undefined && until === undefined && schedule === undefined) return undefined
  return { kind: 'during', from, until, length, schedule, zone }
}

/** Whether the end of a window can be worked out: for zones within the years that their tables cover. */
function reaches(from: number, { months, days, milliseconds }: DurationModel, zone: string): boolean {
  const latest = from + (months * 31 + days + 1) * 86_400_000 + milliseconds
  return zone === defaultZone ? latest <= farthest : from >= 0 && latest < Date.UTC(2100, 0, 1)
}

/** Whether the keys that are there say something together. */
function checkTogether(map: MapNode, report: Report): void {
  const has = (key: (typeof duringKeys)[number]): boolean => map.entries.has(key)
  const scheduled = has('days') || has('dates') || has('hours') || has('except')
  const place = (key: string) => map.entries.get(key)?.at ?? map.at
  if (has('for') && !has('from')) report.error('E_TIME', place('for'), '"for" stands without "from"', 'write both')
  else if (has('for') && has('until')) {
    report.error('E_TIME', place('for'), '"for" and "until" both say when the window ends', 'write one of them')
  }
  if (map.entries.size === 0 || (has('zone') && map.entries.size === 1)) {
    if (map.problems.length > 0) return
    report.error('E_MISSING', map.at, '"during" says no time', 'write from, until, days, dates, hours or except')
  } else if (has('zone') && !scheduled && !has('for')) {
    const found = '"zone" changes nothing here: "from" and "until" carry their own distance to UTC'
    report.error('E_TIME', place('zone'), found, 'leave it out')
  }
}

/** An RFC 3339 time or milliseconds since 1970. */
export function readTime(node: Node | undefined, what: string, report: Report): number | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'broken') report.problem(node)
  else {
    const value = node.kind === 'scalar' ? node.scalar : undefined
    const time = typeof value === 'number' ? value : typeof value === 'string' ? parseTime(value) : undefined
    if (time !== undefined && Math.abs(time) <= farthest) {
      if (node.kind === 'scalar') warnOfSeconds(node, report)
      return time
    }
    const advice = 'write an RFC 3339 time with its distance to UTC, like 2026-01-31T09:00:00Z'
    report.error('E_TIME', node.at, `${what} is not a time: ${describe(node)}`, advice)
  }
  return undefined
}

export function readDuration(node: Node | undefined, report: Report): DurationModel | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'scalar' && typeof node.scalar === 'string') {
    const text = node.scalar
    return attempt(report, 'E_TIME', node.at, '', () => parseDuration(text))
  }
  if (node.kind === 'broken') report.problem(node)
  else {
    const found = `${describe(node)} is not an ISO 8601 duration`
    const seconds = node.kind === 'scalar' && typeof node.scalar === 'number'
    const advice = seconds ? `write ${quote(`PT${node.scalar}S`)} for seconds` : 'write, for example, P30D or PT2H'
    report.error('E_TIME', node.at, found, advice)
  }
  return undefined
}

/** The zone, UTC when there is none. */
export function readZone(node: Node | undefined, report: Report): string {
  const text = node === undefined ? defaultZone : readString(node, report, '"zone"')
  if (node === undefined || text === undefined) return defaultZone
  return attempt(report, 'E_ZONE', node.at, '', () => checkZone(text)) ?? defaultZone
}
