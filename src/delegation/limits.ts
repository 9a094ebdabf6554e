/** What bounds a delegation besides its scopes, and whether the bounds of one lie inside those of another. */
import { decimalText } from './amount.ts'

/** A budget in smallest parts. */
export interface Budget {
  readonly unit: string
  /** Decimals of the unit that are counted. */
  readonly scale: number
  readonly parts: number
}

export interface Limits {
  /** Milliseconds since 1970; undefined: only what is above it bounds it, here and below. */
  readonly expiresAt: number | undefined
  readonly maxUses: number | undefined
  readonly budget: Budget | undefined
  /** How many times, one after the other, it may be passed on. */
  readonly redelegate: number
}

/** The longest way from a delegation that rests on no other to one that is passed on: 8 records, or 7 times. */
export const MOST_REDELEGATIONS = 7

/** The longest lease or hold, in milliseconds: some 30,000 years, so that the time at which it ends can be counted. */
export const LONGEST_HOLD = 1_000_000_000_000_000

/**
 * What of the inner limits exceeds the outer ones, as one line for people; undefined when they lie inside.
 *
 * @example limitExcess({ …, maxUses: 20 }, { …, maxUses: 10 }) // 'maxUses 20 is more than the parent has, 10'
 */
export function limitExcess(inner: Limits, outer: Limits): string | undefined {
  if (outer.redelegate < 1) return 'the parent may not be passed on (redelegate: 0)'
  if (inner.redelegate > outer.redelegate - 1) {
    return `redelegate ${inner.redelegate} is more than the parent leaves, ${outer.redelegate - 1}`
  }
  if (exceeds(inner.expiresAt, outer.expiresAt)) {
    return `expiresAt ${time(inner.expiresAt!)} is later than that of the parent, ${time(outer.expiresAt!)}`
  }
  if (exceeds(inner.maxUses, outer.maxUses)) {
    return `maxUses ${inner.maxUses} is more than the parent has, ${outer.maxUses}`
  }
  return budgetExcess(inner.budget, outer.budget)
}

function budgetExcess(inner: Budget | undefined, outer: Budget | undefined): string | undefined {
  if (inner === undefined || outer === undefined) return undefined
  if (inner.unit !== outer.unit) return `the budget is in ${inner.unit}, that of the parent in ${outer.unit}`
  if (inner.scale !== outer.scale) return `the budget has ${inner.scale} decimals, that of the parent ${outer.scale}`
  if (inner.parts <= outer.parts) return undefined
  const [mine, theirs] = [inner, outer].map(({ parts, scale }) => decimalText(parts, scale))
  return `the budget ${mine} ${inner.unit} is more than that of the parent, ${theirs} ${inner.unit}`
}

function exceeds(inner: number | undefined, outer: number | undefined): boolean {
  return inner !== undefined && outer !== undefined && inner > outer
}

function time(at: number): string {
  const date = new Date(at)
  // Later than a Date can say.
  return Number.isNaN(date.getTime()) ? `${at} ms` : date.toISOString()
}
