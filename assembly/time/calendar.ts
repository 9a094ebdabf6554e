/**
 * The Gregorian calendar, extended to all years: days since 1970-01-01 to year, month, day and back. The formulas are
 * those of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days): years that
 * start in March, in eras of 400 years.
 */

export const MS_PER_DAY: i64 = 86400000
const DAYS_PER_ERA: i64 = 146097

/** What the last call of `setCivil` found. */
let civilYear: i32 = 0
export let civilMonth: i32 = 0
export let civilDay: i32 = 0

export function daysFromCivil(year: i32, month: i32, day: i32): i64 {
  const y = <i64>year - (month <= 2 ? 1 : 0)
  const era = floorDivide(y, 400)
  const yearOfEra = y - era * 400
  const dayOfYear = <i64>((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
  return era * DAYS_PER_ERA + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
}

export function setCivil(days: i64): void {
  const shifted = days + 719468
  const era = floorDivide(shifted, DAYS_PER_ERA)
  const dayOfEra = <i32>(shifted - era * DAYS_PER_ERA)
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const fromMarch = (5 * dayOfYear + 2) / 153
  civilDay = dayOfYear - (153 * fromMarch + 2) / 5 + 1
  civilMonth = fromMarch + (fromMarch < 10 ? 3 : -9)
  civilYear = yearOfEra + <i32>era * 400 + (civilMonth <= 2 ? 1 : 0)
}

export function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  // 30 days have April, June, September and November.
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

/** Milliseconds of a local time, so many months and then days earlier; a day that its month does not have is its last. */
export function subtractDate(local: i64, months: i32, days: i32): i64 {
  const day = floorDivide(local, MS_PER_DAY)
  const timeOfDay = local - day * MS_PER_DAY
  setCivil(day)
  const monthsSinceZero = <i64>civilYear * 12 + (civilMonth - 1) - months
  const year = <i32>floorDivide(monthsSinceZero, 12)
  const month = <i32>(monthsSinceZero - <i64>year * 12) + 1
  const target = daysFromCivil(year, month, min(civilDay, daysInMonth(year, month))) - days
  return target * MS_PER_DAY + timeOfDay
}

export function floorDivide(a: i64, b: i64): i64 {
  const quotient = a / b
  return a % b < 0 ? quotient - 1 : quotient
}
