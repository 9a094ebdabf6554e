/** Zone tables and schedules: data that condition nodes about time point to. assembly/abi/ defines the forms. */
import { Section } from '../../assembly/abi/image.ts'
import { DateSpan, Schedule } from '../../assembly/abi/time.ts'
import type { DateList, DateSpan as DateSpanModel, ScheduleModel } from '../policy/time-model.ts'
import { Words } from './words.ts'
import { zoneData } from './zone.ts'

export class ScheduleTable {
  readonly zones = new Words()
  readonly schedules = new Words()
  readonly #calendars: ReadonlyMap<string, readonly DateSpanModel[]>
  readonly #zoneOffsets = new Map<string, number>()
  readonly #scheduleOffsets = new Map<string, number>()
  readonly #sources: (readonly [offset: number, source: ScheduleModel['source']])[] = []

  constructor(calendars: ReadonlyMap<string, readonly DateSpanModel[]>) {
    this.#calendars = calendars
  }

  /** Appends the address of a zone's table to other words; 0 for UTC, which has none. */
  pushZone(words: Words, zone: string): void {
    if (zone === 'UTC') words.push(0)
    else words.pushAddress(Section.Zones, this.#zoneOffset(zone))
  }

  #zoneOffset(zone: string): number {
    const known = this.#zoneOffsets.get(zone)
    if (known !== undefined) return known
    const { firstOffset, changes } = zoneData(zone)
    const offset = this.zones.offset
    this.zones.push(changes.length)
    this.zones.push(firstOffset >>> 0)
    for (const [at, after] of changes) {
      this.zones.push(at)
      this.zones.push(after >>> 0)
    }
    this.#zoneOffsets.set(zone, offset)
    return offset
  }

  /** The offset of a schedule in its section; equal ones stand there once. */
  scheduleOffset(schedule: ScheduleModel, zone: string): number {
    const key = JSON.stringify([schedule, zone])
    const known = this.#scheduleOffsets.get(key)
    if (known !== undefined) return known
    const dates = schedule.dates && this.#spans(schedule.dates)
    const except = this.#spans(schedule.except)
    const { schedules } = this
    const offset = schedules.offset
    this.pushZone(schedules, zone)
    schedules.push(schedule.days)
    schedules.push(schedule.hours.length)
    schedules.push(dates === undefined ? Schedule.AnyDate : dates.length)
    schedules.push(except.length)
    for (const { from, until } of schedule.hours) schedules.push(from | (until << 16))
    for (const { yearly, first, last } of [...(dates ?? []), ...except]) {
      schedules.push((yearly ? DateSpan.Yearly | first : first) >>> 0)
      schedules.push(last)
    }
    this.#scheduleOffsets.set(key, offset)
    this.#sources.push([offset, schedule.source])
    return offset
  }

  #spans({ spans, calendars }: DateList): DateSpanModel[] {
    return [...spans, ...calendars.flatMap((name) => this.#calendars.get(name) ?? [])]
  }

  /** Each zone table's offset and name. */
  zoneNames(): (readonly [offset: number, name: string])[] {
    return [...this.#zoneOffsets].map(([name, offset]) => [offset, name] as const)
  }

  /** Each schedule's offset, and the keys of the document that it came from. */
  scheduleSources(): readonly (readonly [offset: number, source: ScheduleModel['source']])[] {
    return this.#sources
  }
}
