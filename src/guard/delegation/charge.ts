/** What a use takes from each delegation of the lines that pay for it, as guarded statements. */
import { type Amount, decimalText, finenessOf, smallestParts } from '../../delegation/amount.ts'
import { SallyportError } from '../../errors.ts'
import type { Guard, Write } from '../../store/port.ts'
import type { Line } from './line.ts'

/** What is used. */
export interface Consumption {
  /** How many uses, at most a thousand million; 1 when left out. */
  readonly amount?: number
  /** What it costs. Delegations with a budget pay only for what has a cost in their unit; it may be 0. */
  readonly cost?: Amount
  /** Calls with the same key are one use. */
  readonly idempotencyKey?: string
}

/** What one delegation pays. */
export interface Charge {
  readonly id: string
  /** How many lines that pay it is in. */
  readonly times: number
  readonly uses: number
  /** Whether its uses are limited. */
  readonly counted: boolean
  /** Smallest parts of its budget; 0 where it has none. */
  readonly parts: number
  /** Undefined: it has no budget. */
  readonly unit?: string
  readonly scale: number
}

/** Why a line cannot pay. */
export type Unpaid = 'delegation_spent' | 'delegation_cost'

/** The most uses that one call takes: far from where sums of them are no longer exact. */
export const MOST_USES = 1_000_000_000

/** @throws SallyportError `E_AMOUNT` for an amount that is no whole number from 1 to `MOST_USES`, or a cost that is none. */
export function checkConsumption({ amount = 1, cost }: Consumption): void {
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > MOST_USES) {
    throw new SallyportError('E_AMOUNT', `the amount of uses must be a whole number from 1 to ${MOST_USES}`)
  }
  if (cost !== undefined) checkCost(cost)
}

/**
 * Whether it is a cost at all. How finely it is counted is known where there is a budget.
 *
 * @throws SallyportError `E_AMOUNT`
 */
export function checkCost(cost: Amount): void {
  if (typeof cost?.unit !== 'string') throw new SallyportError('E_AMOUNT', 'a cost needs an amount and a unit')
  finenessOf(cost.amount)
}

/** What each of the line would pay, or why it cannot. A cost that is finer than a budget cannot be paid from it. */
export function chargesFor(line: Line, { amount = 1, cost }: Consumption): readonly Charge[] | Unpaid {
  const charges: Charge[] = []
  for (const { row } of line) {
    const counted = row.max_uses !== null
    const used = { id: row.id, times: 1, uses: amount, counted }
    if (row.max_uses !== null && row.uses + amount > row.max_uses) return 'delegation_spent'
    if (row.budget === null || row.unit === null) {
      charges.push({ ...used, parts: 0, scale: 0 })
      continue
    }
    if (cost?.unit !== row.unit || finenessOf(cost.amount) > row.scale) return 'delegation_cost'
    const parts = partsOf(cost, row.scale)
    if (parts === undefined || row.spent + parts > row.budget) return 'delegation_spent'
    charges.push({ ...used, parts, unit: row.unit, scale: row.scale })
  }
  return charges
}

/** Several lines pay at once: what is in more than one pays for each. */
export function addUp(all: readonly (readonly Charge[])[]): readonly Charge[] {
  const sums = new Map<string, Charge>()
  for (const charge of all.flat()) {
    const { times, uses, parts } = sums.get(charge.id) ?? { times: 0, uses: 0, parts: 0 }
    const sum = { times: times + charge.times, uses: uses + charge.uses, parts: parts + charge.parts }
    sums.set(charge.id, { ...charge, ...sum })
  }
  return [...sums.values()]
}

/** Whether all of these lines together have as much left: one that is in several pays for each. */
export function canPay(lines: readonly Line[], charges: readonly Charge[]): boolean {
  const rows = new Map(lines.flat().map(({ row }) => [row.id, row]))
  return charges.every(({ id, uses, parts }) => {
    const row = rows.get(id)!
    return (
      (row.max_uses === null || row.uses + uses <= row.max_uses) &&
      (row.budget === null || row.spent + parts <= row.budget)
    )
  })
}

/**
 * The statements that take it, each only as long as the delegation is active and has enough left. Uses are counted only where they are limited:
 * a number without a bound would be full at last, for all that share it.
 */
export function paying(charges: readonly Charge[], now: number, held: boolean): Write[] {
  return charges.map(({ id, uses, parts, counted, unit }) => {
    const when = whileActive(now)
    if (counted) when.push({ column: 'uses', plus: uses, is: '<=', to: 'max_uses' })
    if (unit !== undefined) when.push({ column: 'spent', plus: parts, is: '<=', to: 'budget' })
    const add = { uses: counted ? uses : 0, spent: parts, ...(held && { reserved: parts }) }
    return { update: 'delegations', key: { id }, add, when }
  })
}

/** Holds while a delegation may be used. */
export function whileActive(now: number): Guard<'delegations'>[] {
  return [
    { column: 'state', is: '=', value: 'active' },
    { column: 'expires_at', is: '>', value: now },
    { column: 'lease_until', is: '>', value: now },
  ]
}

/** The lines of the ledger. */
export function entering(charges: readonly Charge[], use: string, at: number, document: string): Write[] {
  return charges.map(({ id, uses, parts }) => ({
    insert: 'delegation_uses',
    row: { delegation: id, use, uses, amount: parts, at, document },
  }))
}

/** What is left to the last of a line, which is never more than what is left above it. */
export interface Left {
  /** Undefined: any number. */
  readonly uses?: number
  readonly budget?: Amount
}

export function leftOf(line: Line): Left {
  const uses = line.flatMap(({ row }) => (row.max_uses === null ? [] : [row.max_uses - row.uses]))
  const budgets = line.flatMap(({ row }) => (row.budget === null ? [] : [row.budget - row.spent]))
  // All budgets of a line have the same unit and scale.
  const { unit, scale = 0 } = line.findLast(({ row }) => row.budget !== null)?.row ?? {}
  return {
    ...(uses.length > 0 && { uses: Math.min(...uses) }),
    ...(budgets.length > 0 && { budget: { amount: decimalText(Math.min(...budgets), scale), unit: unit ?? '' } }),
  }
}

/** Undefined: more than any budget that is counted so finely. */
function partsOf(cost: Amount, scale: number): number | undefined {
  try {
    return smallestParts(cost.amount, scale)
  } catch (error) {
    if (error instanceof SallyportError) return undefined
    throw error
  }
}
