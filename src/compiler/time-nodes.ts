/** Condition nodes about time; the forms are in assembly/abi/condition.ts under Op. */
import { Op } from '../../assembly/abi/condition.ts'
import { Section } from '../../assembly/abi/image.ts'
import type { AttributePath, Comparison } from '../policy/model.ts'
import type { DurationModel } from '../policy/time-model.ts'
import { addDuration } from './calendar-time.ts'
import type { ScheduleTable } from './schedules.ts'
import type { Words } from './words.ts'

export type TimeComparison = Extract<Comparison, { kind: 'time' | 'age' | 'during' }>

/** Where a node goes: its words after the first. */
export interface NodeTarget {
  readonly words: Words
  readonly pushPath: (path: AttributePath) => void
}

export interface TimeNode {
  readonly op: Op
  readonly write: (target: NodeTarget) => void
}

const NOW: AttributePath = { root: 'now', keys: [], fixed: false, text: 'now' }

/** The operation of a comparison, and how the rest of its node is written. */
export function timeNode(test: TimeComparison, schedules: ScheduleTable): TimeNode {
  if (test.kind === 'during') return { op: Op.During, write: (target) => writeDuring(test, schedules, target) }
  if (test.kind === 'age') {
    const { path, op, duration, zone } = test
    return {
      op: op === 'within' ? Op.Within : Op.OlderThan,
      write: ({ words, pushPath }) => {
        pushPath(path)
        words.push(duration.months)
        words.push(duration.days)
        schedules.pushZone(words, zone)
        words.pushNumber(duration.milliseconds)
      },
    }
  }
  const { path, op, operand } = test
  if (operand.kind === 'path') {
    return {
      op: op === 'before' ? Op.BeforeAttribute : Op.AfterAttribute,
      write: ({ pushPath }) => {
        pushPath(path)
        pushPath(operand.path)
      },
    }
  }
  return {
    op: op === 'before' ? Op.Before : Op.After,
    write: ({ words, pushPath }) => {
      pushPath(path)
      words.pushNumber(Number(operand.value))
    },
  }
}

function writeDuring(
  { from, until, length, schedule, zone }: Extract<TimeComparison, { kind: 'during' }>,
  schedules: ScheduleTable,
  { words, pushPath }: NodeTarget,
): void {
  const last = from === undefined || length === undefined ? until : endOf(from, length, zone)
  pushPath(NOW)
  words.pushNumber(from ?? Number.NEGATIVE_INFINITY)
  words.pushNumber(last ?? Number.POSITIVE_INFINITY)
  if (schedule === undefined) words.push(0)
  else words.pushAddress(Section.Schedules, schedules.scheduleOffset(schedule, zone))
}

/** The end of a window; the parser has refused those that go beyond what the zone tables tell. */
function endOf(from: number, length: DurationModel, zone: string): number {
  const end = addDuration(from, length, zone)
  if (end === undefined) throw new RangeError(`a window from ${from} ends beyond what is known of ${zone}`)
  return end
}
