/** Zones, schedules and clocks. See README.md. */

/** u32 indexes in a zone table: when local time changes its distance to UTC, in order, and by how much from then on. */
export const enum ZoneTable {
  /** Number of changes. */
  Count = 0,
  /** Seconds east of UTC (i32) before the first change. */
  FirstOffset = 1,
  /** For each change: seconds since 1970 (u32), seconds east of UTC from then on (i32). */
  Changes = 2,
}

/** u32 indexes in a schedule. */
export const enum Schedule {
  /** Address of a zone table; 0: UTC. */
  Zone = 0,
  /** Bit 0 is Monday. */
  Days = 1,
  /** Number of ranges of hours; 0: the whole day. */
  HoursCount = 2,
  /** Number of spans of dates; AnyDate: every date. */
  DateCount = 3,
  /** Number of spans of exceptions. */
  ExceptCount = 4,
  /**
   * Ranges of hours: first minute of the day | minute after the last << 16, which is above 1440 for a range over midnight.
   * Then the spans of dates, then those of exceptions: see DateSpan.
   */
  Lists = 5,
  AnyDate = 0xffffffff,
}

/**
 * Two words, the first and the last date: days since 1970, or, with this bit in the first word, dates of every year as
 * month << 5 | day.
 */
export const enum DateSpan {
  Yearly = 0x80000000,
}

export const enum TimeLimit {
  /** Bytes of the longest text that is read as a time: no request can make each test of it long. */
  TextBytes = 64,
  /** 2100-01-01, in days since 1970: where the zone tables end. */
  TableEndDay = 47482,
  /** The range of ECMAScript's times in days, to both sides of 1970. */
  FarthestDay = 100000000,
  /** A thousand years, the longest duration, as days; and as months. */
  DurationDays = 366000,
  DurationMonths = 12000,
}

/** A score that seems to come from the future by more than this (milliseconds) is refused; clocks differ by less. */
export const enum Clock {
  Skew = 300000,
}
