/** Times, durations and schedules of condition nodes, as a policy would write them. */
import { Op } from '../../assembly/abi/condition.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { ImageReader } from './image-reader.ts'
import { scheduleSource, zoneName } from './image-sources.ts'

/** What a node holds; addresses are those of the core's memory. */
export interface NodeReader {
  word(address: number): number
  number(address: number): number
}

/** The operand of a node about time that compares with a constant. */
export function timeOperand(node: number, op: number, image: ImageReader, memory: NodeReader): AttributeValue {
  if (op === Op.During) return during(node, image, memory)
  if (op === Op.Before || op === Op.After) return formatTime(memory.number(node + 8))
  const [months, days, zone] = [memory.word(node + 8), memory.word(node + 12), memory.word(node + 16)]
  const duration = formatDuration(months, days, memory.number(node + 20))
  return zone === 0 ? duration : { duration, zone: zoneName(image, zone) }
}

function during(node: number, image: ImageReader, memory: NodeReader): AttributeValue {
  const [from, until, schedule] = [memory.number(node + 8), memory.number(node + 16), memory.word(node + 24)]
  return {
    ...(from > Number.NEGATIVE_INFINITY && { from: formatTime(from) }),
    ...(until < Number.POSITIVE_INFINITY && { until: formatTime(until) }),
    ...(schedule !== 0 && scheduleSource(image, schedule)),
  }
}

/** RFC 3339, or the number where that has no form: other years than 0 to 9999, and parts of a millisecond. */
function formatTime(time: number): AttributeValue {
  const date = new Date(time)
  const text = Number.isInteger(time) && Number.isFinite(date.getTime()) ? date.toISOString() : ''
  return /^\d{4}-/.test(text) ? text.replace('.000Z', 'Z') : time
}

/** ISO 8601, in the largest parts that are exact. */
function formatDuration(months: number, days: number, milliseconds: number): string {
  const part = (value: number, unit: string): string => (value === 0 ? '' : `${value}${unit}`)
  const minutes = Math.floor(milliseconds / 60_000)
  const seconds = (milliseconds - minutes * 60_000) / 1000
  const date = part(Math.floor(months / 12), 'Y') + part(months % 12, 'M') + part(days, 'D')
  const time = part(Math.floor(minutes / 60), 'H') + part(minutes % 60, 'M') + part(seconds, 'S')
  return `P${date}${time === '' ? '' : `T${time}`}`
}
