/** The parts of the policy model that are about time. */
import type { AttributeValue } from './document.ts'

/** Of two times. A constant operand is a number of milliseconds since 1970. */
export type TimeOperator = 'before' | 'after'

/** Of a time and now: at most so long before, or longer. */
export type AgeOperator = 'within' | 'older_than'

/** Calendar months and days, then milliseconds; none negative. */
export interface DurationModel {
  readonly months: number
  readonly days: number
  readonly milliseconds: number
}

/** Now lies in a window, both ends included, and in a schedule. */
export interface DuringModel {
  readonly kind: 'during'
  /** Milliseconds since 1970. */
  readonly from: number | undefined
  readonly until: number | undefined
  /** In place of `until`: how long after `from`. */
  readonly length: DurationModel | undefined
  readonly schedule: ScheduleModel | undefined
  /** An IANA name that the platform knows. */
  readonly zone: string
}

/** A day and an hour of it that recur. */
export interface ScheduleModel {
  /** A bit for each day of the week, Monday lowest. */
  readonly days: number
  /** Undefined: every date. */
  readonly dates: DateList | undefined
  /** Empty: the whole day. */
  readonly hours: readonly HourRange[]
  readonly except: DateList
  /** As written, for explanations. */
  readonly source: Readonly<Record<string, AttributeValue>>
}

export interface DateList {
  readonly spans: readonly DateSpan[]
  /** Names of calendars whose dates count too. */
  readonly calendars: readonly string[]
}

/** Dates, both ends included: days since 1970, or dates of every year as 32 × month + day. */
export interface DateSpan {
  readonly yearly: boolean
  readonly first: number
  readonly last: number
}

/** Minutes of the day on which the range starts, the end excluded; above 1440 when it goes over midnight. */
export interface HourRange {
  readonly from: number
  readonly until: number
}
