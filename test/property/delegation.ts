/**
 * Lending by the plainest means: a list of records, looked through from the front, with no store, no statements and no automata.
 * What docs/delegation.md says, for a small world of actions, types and ids in which patterns can be tried out.
 */
import { covers } from '../reference/patterns.ts'

export interface Loan {
  readonly name: string
  readonly grantor: string
  readonly grantee: string
  readonly parent: Loan | undefined
  readonly scopes: readonly PlainScope[]
  readonly redelegate: number
  readonly maxUses: number | undefined
  /** In cents. */
  readonly budget: number | undefined
  readonly expiresAt: number | undefined
  readonly lease: number | undefined
  leasedUntil: number
  uses: number
  spent: number
  state: 'active' | 'suspended' | 'revoked'
}

export interface PlainScope {
  readonly actions: readonly string[]
  readonly type: string
  readonly ids: readonly string[]
}

export interface Triple {
  readonly action: string
  readonly type: string
  readonly id: string
}

/** One text for everything that the patterns of the tests tell apart. */
export const actions = ['a', 'b', 'c', 'd', 'zz']
export const types = ['doc', 'dx', 'zz']
export const ids = ['1', '2', 'x', 'zz']
export const triples: readonly Triple[] = actions.flatMap((action) =>
  types.flatMap((type) => ids.map((id) => ({ action, type, id }))),
)

/** People may do a, b and c to documents; nobody may do anything to x. */
export function peopleMay({ action, type, id }: Triple): boolean {
  return ['a', 'b', 'c'].includes(action) && type === 'doc' && id !== 'x'
}

export function lends(scopes: readonly PlainScope[], { action, type, id }: Triple): boolean {
  return scopes.some(
    (scope) =>
      scope.actions.some((pattern) => covers(pattern, action)) &&
      covers(scope.type, type) &&
      scope.ids.some((pattern) => covers(pattern, id)),
  )
}

export function lineOf(loan: Loan): Loan[] {
  return loan.parent === undefined ? [loan] : [...lineOf(loan.parent), loan]
}

/** Whether it could be used, were there enough left. */
export function isLive(loan: Loan, now: number): boolean {
  if (loan.state !== 'active') return false
  if (loan.expiresAt !== undefined && now >= loan.expiresAt) return false
  return loan.lease === undefined || now < loan.leasedUntil
}

export function isExhausted(loan: Loan): boolean {
  return usesLeft(loan) <= 0 || budgetLeft(loan) <= 0
}

export const usesLeft = ({ maxUses, uses }: Loan) => (maxUses === undefined ? Number.POSITIVE_INFINITY : maxUses - uses)
export const budgetLeft = ({ budget, spent }: Loan) =>
  budget === undefined ? Number.POSITIVE_INFINITY : budget - spent

/** Whether the loan grants the triple to whom it was lent. */
export function grants(loan: Loan, asked: Triple, now: number): boolean {
  const live = lineOf(loan).every((one) => isLive(one, now) && !isExhausted(one) && lends(one.scopes, asked))
  return live && peopleMay(asked)
}

/** Whether all of the line can pay; a budget needs a cost. */
export function canPay(loan: Loan, uses: number, cost: number | undefined): boolean {
  return lineOf(loan).every(
    (one) => usesLeft(one) >= uses && (one.budget === undefined || (cost !== undefined && budgetLeft(one) >= cost)),
  )
}

/** Takes it from all of the line, or gives it back where it is negative. */
export function take(loan: Loan, uses: number, cost: number): void {
  for (const one of lineOf(loan)) {
    one.uses += uses
    if (one.budget !== undefined) one.spent += cost
  }
}

/** Whether what is to be lent lies inside what it is a part of. */
export function fits(
  inner: Pick<Loan, 'scopes' | 'redelegate' | 'maxUses' | 'budget' | 'expiresAt'>,
  parent: Loan,
): boolean {
  const line = lineOf(parent)
  const within = (key: 'maxUses' | 'budget' | 'expiresAt') =>
    inner[key] === undefined || line.every((one) => one[key] === undefined || inner[key]! <= one[key])
  return (
    parent.redelegate >= 1 &&
    inner.redelegate <= parent.redelegate - 1 &&
    within('maxUses') &&
    within('budget') &&
    within('expiresAt') &&
    triples.every((triple) => !lends(inner.scopes, triple) || lends(parent.scopes, triple))
  )
}
