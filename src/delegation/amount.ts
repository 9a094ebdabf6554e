/**
 * Exact decimals: whole numbers of the smallest part of a unit, such as cents, with how many decimals that is. No amount is
 * ever rounded: what does not fit is an error.
 */
import { SallyportError } from '../errors.ts'

/** `12.50`, or a whole number. A fraction is text: most of them no number of JavaScript is equal to. */
export type Decimal = string | number

/** A decimal and what it counts: a currency (`EUR`), or anything else (`tokens`). */
export interface Amount {
  readonly amount: Decimal
  readonly unit: string
}

/** The most decimals. */
const MOST_DECIMALS = 12

const form = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/

/**
 * A decimal in smallest parts.
 *
 * @param scale How many decimals a smallest part has: 2 for cents.
 * @throws SallyportError `E_AMOUNT` when it is none, is finer than the scale, or is above 2^53 − 1 smallest parts.
 * @example smallestParts('12.5', 2) // 1250
 */
export function smallestParts(decimal: Decimal, scale: number): number {
  const { whole, fraction } = split(decimal)
  const digits = fraction.replace(/0+$/, '')
  if (digits.length > scale) {
    throw bad(`${JSON.stringify(decimal)} is finer than the budget, which has ${scale} decimals`)
  }
  const parts = Number(BigInt(whole + digits.padEnd(scale, '0')))
  if (!Number.isSafeInteger(parts)) throw bad(`${JSON.stringify(decimal)} is too large to be counted exactly`)
  return parts
}

/** How many decimals are written: 2 for `100.00`. */
export function scaleOf(decimal: Decimal): number {
  const scale = split(decimal).fraction.length
  if (scale > MOST_DECIMALS) throw bad(`${JSON.stringify(decimal)} has more than ${MOST_DECIMALS} decimals`)
  return scale
}

/**
 * How many decimals it takes to count an amount: 1 for `12.50`.
 *
 * @throws SallyportError `E_AMOUNT` when it is no decimal, or no number of smallest parts could be equal to it.
 */
export function finenessOf(decimal: Decimal): number {
  const { length } = split(decimal).fraction.replace(/0+$/, '')
  if (length > MOST_DECIMALS) throw bad(`${JSON.stringify(decimal)} has more than ${MOST_DECIMALS} decimals`)
  smallestParts(decimal, length)
  return length
}

/** Smallest parts as people write them, with all decimals of the scale. */
export function decimalText(parts: number, scale: number): string {
  const sign = parts < 0 ? '-' : ''
  const digits = String(Math.abs(parts)).padStart(scale + 1, '0')
  const at = digits.length - scale
  return sign + (scale === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`)
}

function split(decimal: Decimal): { whole: string; fraction: string } {
  if (typeof decimal === 'number' && !Number.isSafeInteger(decimal)) {
    throw bad(`the amount ${decimal} is no whole number; write a decimal as text, such as "12.50"`)
  }
  const match = form.exec(String(decimal))
  if (match === null || String(decimal).length > 40) {
    throw bad(`the amount ${JSON.stringify(decimal)} is no decimal; write digits, such as "12.50"`)
  }
  return { whole: match[1]!, fraction: match[2] ?? '' }
}

function bad(message: string): SallyportError {
  return new SallyportError('E_AMOUNT', message)
}
