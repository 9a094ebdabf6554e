/**
 * tbac: when, and for which task. Tests of `now` have no other value where there is no `now`: open-guard always has a clock,
 * so without one nothing can be said.
 */

import { parseTime } from '../../../text/time.ts'
import type { AttributeValue } from '../../document.ts'
import type { Entry, MapNode } from '../../node.ts'
import { readMap, readString, readValue } from '../../read.ts'
import type { Report } from '../../report.ts'
import { pathTo } from './attribute.ts'
import { allOf, anyOf, type Logic, test } from './logic.ts'
import { scheduleConditions } from './schedule.ts'
import type { SourcePolicy } from './source.ts'

export function tbacConditions({ conditions, report }: SourcePolicy): Logic {
  const part = (key: string, make: (map: MapNode) => Logic): Logic => {
    const entry = conditions.get(key)
    const map = entry && readMap(entry.value, report, `"${key}"`)
    return map === undefined ? entry === undefined : make(map)
  }
  return allOf([
    part('time_window', (map) => windowConditions(map, report)),
    part('schedule', (map) => scheduleConditions(map, report)),
    part('ttl', (map) => ttlConditions(map, report)),
    taskConditions(conditions.get('task_id'), report),
  ])
}

/** Both ends belong to the window. */
function windowConditions(map: MapNode, report: Report): Logic {
  const from = timeIn(map, 'not_before', report)
  const until = timeIn(map, 'not_after', report)
  if (from === undefined && until === undefined) return true
  return { now: { ...(from && { gte: from.text }), ...(until && { lte: until.text }) } }
}

interface Time {
  readonly text: string
  readonly ms: number
}

function timeIn(map: MapNode, key: string, report: Report): Time | undefined {
  const entry = map.entries.get(key)
  const text = entry && readString(entry.value, report, `"${key}"`)
  if (entry === undefined || text === undefined) return undefined
  const ms = parseTime(text)
  if (ms === undefined) {
    report.error('E_IMPORT', entry.value.at, `"${key}" is no time with an offset`, 'write it like 2026-01-31T09:00:00Z')
    return undefined
  }
  return { text, ms }
}

const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

/** From a reference on, inclusive; before it, too: open-guard only looks at the end. */
function ttlConditions(map: MapNode, report: Report): Logic {
  const reference = timeIn(map, 'reference', report)
  const entry = map.entries.get('duration')
  const text = entry && readString(entry.value, report, '"duration"')
  const match = text === undefined ? undefined : duration.exec(text)
  if (reference === undefined || !match) {
    const advice = 'write { reference: 2026-01-31T09:00:00Z, duration: P1DT2H30M }'
    report.error('E_IMPORT', entry?.at ?? map.at, '"ttl" needs a reference and a duration of days to seconds', advice)
    return false
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((digits) => Number(digits ?? 0))
  const end = reference.ms + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
  if (Number.isNaN(new Date(end).getTime())) {
    report.error('E_IMPORT', entry?.at ?? map.at, 'the time to live ends beyond all dates', 'write a shorter duration')
    return false
  }
  return { during: { until: written(end) } }
}

/** RFC 3339 for people to read, where that is the same time. */
function written(ms: number): string | number {
  const text = new Date(ms).toISOString()
  return parseTime(text) === ms ? text : ms
}

/** The task as the host describes it in `state.tasks`; without a description there is no such task. */
function taskConditions(entry: Entry | undefined, report: Report): Logic {
  const id = entry && readValue(entry.value, report)
  if (id === undefined || id === null) return true
  if (typeof id !== 'string') return false
  const of = (key: string): string => pathTo('state.tasks', [id, key])
  const covers = (key: string, part: string): Logic => {
    const listed = (operand: AttributeValue | { ref: string }) => test(of(key), { contains: operand as never }, false)
    return anyOf([listed('*'), listed({ ref: part })])
  }
  return allOf([
    test(of('status'), { eq: 'active' }, false),
    anyOf([test(of('expires_at'), { eq: null }, true), { now: { lte: { ref: of('expires_at') } } }]),
    covers('allowed_actions', 'action.name'),
    covers('allowed_resource_types', 'resource.type'),
  ])
}
