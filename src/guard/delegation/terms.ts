/** What somebody asks to be lent, and the limits in it as they are kept. */
import { type Amount, scaleOf, smallestParts } from '../../delegation/amount.ts'
import { type Budget, type Limits, LONGEST_HOLD, MOST_REDELEGATIONS } from '../../delegation/limits.ts'
import type { Scope } from '../../delegation/scope.ts'
import type { Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import { isMap } from '../../text/is-map.ts'
import { checkSubject, type SubjectRef, sameSubject } from '../subject-key.ts'

export interface DelegationTerms {
  /** Who calls: somebody whom the host has authenticated. With properties, where policies judge callers by these. */
  readonly by: Subject
  /**
   * Who lends. Properties given here are the host's word: they are kept with the delegation, and judged by at every use. Leave them out
   * where `attributes` of the guard, or the entities in the policies, tell them. A proposal has none: who accepts brings them.
   */
  readonly grantor: Subject
  readonly grantee: SubjectRef
  /** At least one; at most 16. */
  readonly scopes: readonly Scope[]
  /** The delegation that a part of is passed on: the grantor is its grantee. */
  readonly parent?: string
  /** How many times, one after the other, it may be passed on; 0 when left out, 7 at most. */
  readonly redelegate?: number
  readonly maxUses?: number
  /** As many decimals as are written are counted: `{ amount: '100.00', unit: 'EUR' }` counts cents. */
  readonly budget?: Amount
  /** A time, in milliseconds since 1970 or as a Date. */
  readonly expiresAt?: number | Date
  /** Milliseconds after which it lapses, unless it is renewed. */
  readonly lease?: number
  /** Who may renew the lease, besides the grantor. */
  readonly renewableBy?: readonly SubjectRef[]
  /**
   * Calls with the same key make one delegation. Without it, calls with the same terms do, as long as what was made is not
   * over.
   */
  readonly idempotencyKey?: string
}

/**
 * Whether the terms are of the form that they should be; what they say is looked at later.
 *
 * @throws SallyportError `E_USAGE`, `E_AMOUNT`
 */
export function checkForm({ by, grantor, grantee, renewableBy = [], budget }: DelegationTerms): void {
  for (const [name, subject] of Object.entries({ by, grantor, grantee })) checkSubject(name, subject)
  if (!Array.isArray(renewableBy)) throw wrong('renewableBy must be a list of subjects')
  for (const [i, subject] of renewableBy.entries()) checkSubject(`renewableBy[${i}]`, subject)
  if (sameSubject(grantor, grantee)) throw wrong('nobody lends to itself')
  if (budget !== undefined && !isMap(budget)) throw new SallyportError('E_AMOUNT', 'a budget has an amount and a unit')
}

/** @throws SallyportError `E_USAGE`, `E_AMOUNT` */
export function readLimits(terms: DelegationTerms, above: Limits | undefined): Limits {
  const { redelegate = 0, maxUses, budget, expiresAt } = terms
  checkWhole('redelegate', redelegate, 0, MOST_REDELEGATIONS)
  if (maxUses !== undefined) checkWhole('maxUses', maxUses, 1)
  if (terms.lease !== undefined) checkWhole('lease', terms.lease, 1, LONGEST_HOLD)
  const end = expiresAt === undefined ? undefined : Number(expiresAt)
  if (end !== undefined) checkWhole('expiresAt', end, 0)
  return { redelegate, maxUses, expiresAt: end, budget: budget && readBudget(budget, above?.budget) }
}

/** Counted as finely as above it. */
function readBudget({ amount, unit }: Amount, above: Budget | undefined): Budget {
  if (typeof unit !== 'string' || unit === '')
    throw new SallyportError('E_AMOUNT', 'a budget needs a unit, such as EUR')
  const scale = above?.unit === unit ? above.scale : scaleOf(amount)
  const parts = smallestParts(amount, scale)
  if (parts < 1) throw new SallyportError('E_AMOUNT', 'a budget must be more than 0')
  return { unit, scale, parts }
}

function checkWhole(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER - 1): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    const range = most < Number.MAX_SAFE_INTEGER - 1 ? `from ${least} to ${most}` : `of at least ${least}`
    throw wrong(`${name} must be a whole number ${range}`)
  }
}

function wrong(message: string): SallyportError {
  return new SallyportError('E_USAGE', message)
}
