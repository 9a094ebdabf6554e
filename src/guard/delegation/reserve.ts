/**
 * Reservations: for work whose cost is known later. What it may cost at most is taken at once, and what it did cost is settled at
 * the end. One that is not settled in time is released, at the latest when somebody else needs what it holds.
 */
import { type Amount, smallestParts } from '../../delegation/amount.ts'
import { LONGEST_HOLD } from '../../delegation/limits.ts'
import type { AccessRequest } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Guard, Row, Write } from '../../store/port.ts'
import { fitsKey } from '../../store/values.ts'
import { type SubjectRef, subjectOf } from '../subject-key.ts'
import { type Charge, checkCost, entering, MOST_USES, whileActive } from './charge.ts'
import type { Held } from './overdue.ts'
import type { Paying } from './paying.ts'
import { type ConsumeDecision, Spending, summaryOf, type Use } from './spend.ts'
import type { DelegationTools } from './tools.ts'

export interface ReserveDecision extends ConsumeDecision {
  /** Undefined when nothing was reserved: it is denied, or the policies allow it without any delegation. */
  readonly reservation?: Reservation
}

export interface Reservation {
  readonly id: string
  /** Until when it is held for sure, in milliseconds since 1970. */
  readonly expiresAt: number
}

/** What was used in the end; what is left out is what was reserved. */
export interface Settlement {
  readonly amount?: number
  readonly cost?: Amount
}

const PAGE = 100

/** @throws SallyportError `E_USAGE`, `E_AMOUNT` */
export function reserving(
  tools: DelegationTools,
  { holdFor, ...asked }: Pick<Use, 'consumption' | 'payers'> & { readonly holdFor: number },
): Paying<ReserveDecision> {
  const { environment } = tools
  if (!Number.isSafeInteger(holdFor) || holdFor < 1 || holdFor > LONGEST_HOLD) {
    throw new SallyportError('E_USAGE', `holdFor must be a whole number of milliseconds from 1 to ${LONGEST_HOLD}`)
  }
  if (asked.consumption.idempotencyKey !== undefined) {
    throw new SallyportError('E_USAGE', 'a reservation takes no idempotency key; it has an id of its own')
  }
  const id = environment.newId('rsv')
  const created_at = environment.now()
  const expires_at = created_at + holdFor
  const also = (charges: readonly Charge[], request: AccessRequest): readonly Write[] => {
    const document: Held = { charges, summary: JSON.stringify(summaryOf(request)) }
    // The last pays with all above it.
    const { id: delegation, uses, parts } = charges[charges.length - 1]!
    const row = {
      id,
      delegation,
      state: 'held',
      uses,
      amount: parts,
      expires_at,
      created_at,
    }
    return [{ insert: 'reservations', row: { ...row, document: JSON.stringify(document) } }]
  }
  const spending = new Spending(tools, { ...asked, also, held: true, makeRoom: () => releaseExpired(tools) })
  return {
    kept: async () => undefined,
    async choose(judged) {
      const choice = await spending.choose(judged)
      if (choice === 'changed') return choice
      return {
        answer: choice.answer,
        async pay(approvals, together) {
          const decision = await choice.pay(approvals, together)
          if (decision === 'changed') return decision
          return decision.paid.length === 0 ? decision : { ...decision, reservation: { id, expiresAt: expires_at } }
        },
      }
    },
  }
}

/**
 * Settles a reservation: gives back what was not used, or takes what was used beyond it, if there is so much left and what is lent is still active.
 * To settle it twice in the same way is no mistake.
 *
 * @throws SallyportError `E_RESERVATION` when there is none, it was settled otherwise or released, or more is needed than is left;
 * `E_AMOUNT`
 */
export async function commit({ environment }: DelegationTools, id: string, settlement: Settlement): Promise<void> {
  checkSettlement(settlement)
  const row = await find(environment.store, id)
  const { charges, summary }: Held = JSON.parse(row.document)
  const now = environment.now()
  const final = charges.map((charge) => ({ ...charge, ...settled(charge, settlement) }))
  // What was put aside was taken while all of the line was active; what exceeds it is a new use.
  const exceeds = charges.some((held, i) => usesBeyond(held, final[i]!) > 0 || final[i]!.parts > held.parts)
  const active = exceeds ? whileActive(now) : []
  const writes: Write[] = [
    {
      update: 'reservations',
      key: { id },
      set: { state: 'committed' },
      when: [{ column: 'state', is: '=', value: 'held' }],
    },
    ...charges.map((charge, i) => settle(charge, final[i]!, active)),
    ...entering(final, id, now, summary),
  ]
  const result = await environment.store.write(writes)
  if (result.applied) return
  if (result.failed > 0) {
    throw new SallyportError(
      'E_RESERVATION',
      `the reservation ${id} held less than was used, and the rest cannot be taken: too little is left, or what is lent is not active`,
    )
  }
  const { state } = await find(environment.store, id)
  if (state !== 'committed')
    throw new SallyportError('E_RESERVATION', `the reservation ${id} is ${state}, and cannot be committed`)
  if (await isInLedger(environment.store, id, final)) return
  throw new SallyportError('E_RESERVATION', `the reservation ${id} is committed already, with another amount or cost`)
}

/** Whether this is what was written down when the reservation was settled. */
async function isInLedger(store: ReservationStore, use: string, charges: readonly Charge[]): Promise<boolean> {
  const lines = await Promise.all(charges.map(({ id }) => store.get('delegation_uses', { delegation: id, use })))
  return lines.every((line, i) => line?.uses === charges[i]!.uses && line.amount === charges[i]!.parts)
}

/**
 * For whom something is put aside: the subject of the request.
 *
 * @throws SallyportError `E_RESERVATION` when there is none
 */
export async function holderOf({ environment }: DelegationTools, id: string): Promise<SubjectRef> {
  const { summary }: Held = JSON.parse((await find(environment.store, id)).document)
  const { subject }: ReturnType<typeof summaryOf> = JSON.parse(summary)
  return subjectOf(subject)
}

/** Gives all of it back. */
export async function cancel(tools: DelegationTools, id: string): Promise<void> {
  const row = await find(tools.environment.store, id)
  if (await giveBack(tools, row, 'cancelled')) return
  const { state } = await find(tools.environment.store, id)
  if (state === 'committed')
    throw new SallyportError('E_RESERVATION', `the reservation ${id} is committed, and cannot be cancelled`)
}

/** Gives back what is held by reservations whose time is over; says how many they were. */
export async function releaseExpired(tools: DelegationTools, limit = Number.POSITIVE_INFINITY): Promise<number> {
  const { store, now } = tools.environment
  let released = 0
  for (let looked = 0; ; ) {
    const page = await store.find('reservations', {
      by: 'by_expiry',
      where: [
        { column: 'state', is: '=', value: 'held' },
        { column: 'expires_at', is: '<=', value: now() },
      ],
      limit: Math.min(PAGE, limit - looked),
    })
    for (const row of page) if (await giveBack(tools, row, 'expired')) released++
    looked += page.length
    if (page.length < PAGE || looked >= limit) return released
  }
}

async function giveBack({ environment }: DelegationTools, row: Row<'reservations'>, state: string): Promise<boolean> {
  const { charges }: Held = JSON.parse(row.document)
  const writes: Write[] = [
    {
      update: 'reservations',
      key: { id: row.id },
      set: { state },
      when: [{ column: 'state', is: '=', value: 'held' }],
    },
    ...charges.map((charge) => settle(charge, { uses: 0, parts: 0 })),
  ]
  return (await environment.store.write(writes)).applied
}

type ReservationStore = DelegationTools['environment']['store']

type Used = Pick<Charge, 'uses' | 'parts'>

/** @throws SallyportError `E_AMOUNT`, whoever is to pay it */
function checkSettlement({ amount, cost }: Settlement): void {
  if (amount !== undefined && (!Number.isSafeInteger(amount) || amount < 0 || amount > MOST_USES)) {
    throw new SallyportError('E_AMOUNT', `the amount of uses must be a whole number from 0 to ${MOST_USES}`)
  }
  if (cost !== undefined) checkCost(cost)
}

/** What one delegation paid in the end; one that is in several lines pays for each. */
function settled(charge: Charge, { amount, cost }: Settlement): Used {
  const { times } = charge
  const uses = amount === undefined ? charge.uses : amount * times
  if (cost === undefined || charge.unit === undefined) return { uses, parts: charge.parts }
  if (cost.unit !== charge.unit) {
    throw new SallyportError('E_AMOUNT', `the cost is in ${cost.unit}, and was reserved in ${charge.unit}`)
  }
  const parts = smallestParts(cost.amount, charge.scale) * times
  if (!Number.isSafeInteger(parts)) {
    throw new SallyportError('E_AMOUNT', `the cost, taken ${times} times, is too large to be counted exactly`)
  }
  return { uses, parts }
}

/** From what was held to what was used; `active` is what has to hold besides that enough is left. */
function settle(held: Charge, used: Used, active: readonly Guard<'delegations'>[] = []): Write {
  const uses = usesBeyond(held, used)
  const spent = used.parts - held.parts
  const when = [...active]
  if (uses > 0) when.push({ column: 'uses', plus: uses, is: '<=', to: 'max_uses' })
  if (spent > 0) when.push({ column: 'spent', plus: spent, is: '<=', to: 'budget' })
  return { update: 'delegations', key: { id: held.id }, add: { uses, spent, reserved: -held.parts }, when }
}

/** Uses that are taken, or where it is below 0 given back; none where they are not counted. */
function usesBeyond(held: Charge, used: Used): number {
  return held.counted ? used.uses - held.uses : 0
}

async function find(store: ReservationStore, id: string): Promise<Row<'reservations'>> {
  const row = fitsKey(id) ? await store.get('reservations', { id }) : undefined
  if (row === undefined) throw new SallyportError('E_RESERVATION', `there is no reservation ${JSON.stringify(id)}`)
  return row
}
