/** The parts of a policy document that are about time. */

/**
 * A time: all keys that are given must hold. Both ends of the window belong to it; of a range of hours, only the start does.
 *
 * @example { from: '2026-01-01T00:00:00Z', until: '2026-06-30T00:00:00Z' }
 * @example { days: 'mon-fri', hours: ['09:00-12:00', '13:00-17:00'], zone: 'Europe/Berlin', except: 'de-holidays' }
 */
export interface During {
  /** RFC 3339, or milliseconds since 1970. */
  readonly from?: string | number
  readonly until?: string | number
  /** In place of `until`: an ISO 8601 duration after `from`. */
  readonly for?: string
  /** `mon` to `sun`, or 1 to 7, or a range such as `mon-fri`. */
  readonly days?: string | number | readonly (string | number)[]
  readonly dates?: Dates
  /** `"09:00-17:00"`; a range over midnight belongs to the day on which it starts. */
  readonly hours?: string | readonly string[]
  /** Not on these dates. */
  readonly except?: Dates
  /** An IANA time zone; UTC when left out. */
  readonly zone?: string
}

/** `2026-12-24`, `12-24` (every year), spans such as `2026-07-01/2026-07-15`, and names of calendars. */
export type Dates = string | readonly string[]

/** An ISO 8601 duration, by the calendar of UTC or of a zone. */
export type Age = string | { readonly duration: string; readonly zone?: string }
