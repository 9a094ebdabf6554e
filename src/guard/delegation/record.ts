/** Delegations as the store keeps them, and as callers see them. */
import { type Amount, decimalText } from '../../delegation/amount.ts'
import type { Limits } from '../../delegation/limits.ts'
import type { Scope } from '../../delegation/scope.ts'
import { type DelegationState, type KeptState, stateOf } from '../../delegation/state.ts'
import type { Properties } from '../../engine/types.ts'
import type { Row } from '../../store/port.ts'
import { type SubjectRef, subjectOf } from '../subject-key.ts'

/** A right that is lent. Times are in milliseconds since 1970. */
export interface Delegation {
  readonly id: string
  /** Its own state. It is of use only while those above it are active, too. */
  readonly state: DelegationState
  readonly grantor: SubjectRef
  readonly grantee: SubjectRef
  readonly scopes: readonly Scope[]
  /** The delegation that this one passes on a part of. */
  readonly parent?: string
  /** The first of its line: its own id where it has no parent. */
  readonly root: string
  /** 0 without a parent. */
  readonly depth: number
  /** How many times, one after the other, it may be passed on. */
  readonly redelegate: number
  readonly maxUses?: number
  readonly usesLeft?: number
  readonly budget?: Amount
  /** What is neither spent nor reserved. */
  readonly budgetLeft?: Amount
  readonly expiresAt?: number
  /** Milliseconds that the lease goes on after it was renewed. */
  readonly lease?: number
  readonly leasedUntil?: number
  /** Who may renew the lease, besides the grantor. */
  readonly renewableBy: readonly SubjectRef[]
  readonly createdAt: number
  readonly createdBy: SubjectRef
  /** Where it waits for somebody: who has to accept next. */
  readonly awaits?: 'grantor' | 'approver'
  /** Who suspended, declined or revoked it, and when. */
  readonly ended?: { readonly by: SubjectRef; readonly at: number }
}

/** What no statement of the store compares. Subjects are keys. */
export interface Details {
  /** From the root down, without the delegation itself. */
  readonly ancestors: readonly string[]
  readonly redelegate: number
  readonly lease?: number
  readonly renewable_by: readonly string[]
  readonly created_by: string
  /** Attributes of the grantor, for judging whether it still holds the right. */
  readonly grantor_properties?: Properties
  /** Who accepts it in the end. Before an approver does, the grantor agrees; see `awaitedOf`. */
  readonly awaits?: 'grantor' | 'approver'
  readonly agreed?: true
  /** `level` is the place in the line of the grantor who did it; −1: the policies permitted it. */
  readonly ended?: { readonly by: string; readonly at: number; readonly level: number }
}

/** One that was read. */
export interface DelegationRecord {
  readonly row: Row<'delegations'>
  readonly scopes: readonly Scope[]
  readonly details: Details
}

/** Stands for "never" in columns of times. */
export const NEVER = Number.MAX_SAFE_INTEGER

export function readRecord(row: Row<'delegations'>): DelegationRecord {
  return { row, scopes: JSON.parse(row.scope), details: JSON.parse(row.document) }
}

export function limitsOf({ row, details }: DelegationRecord): Limits {
  return {
    expiresAt: orNever(row.expires_at),
    maxUses: row.max_uses ?? undefined,
    budget:
      row.budget === null || row.unit === null ? undefined : { unit: row.unit, scale: row.scale, parts: row.budget },
    redelegate: details.redelegate,
  }
}

export function recordState({ row }: DelegationRecord, now: number): DelegationState {
  const standing = {
    kept: row.state as KeptState,
    expiresAt: orNever(row.expires_at),
    leasedUntil: orNever(row.lease_until),
    usesLeft: row.max_uses === null ? undefined : row.max_uses - row.uses,
    budgetLeft: row.budget === null ? undefined : row.budget - row.spent,
  }
  return stateOf(standing, now)
}

/**
 * Who has to accept it next, as long as it is proposed. Nobody lends what is theirs without having agreed: where there is to be a review, and somebody
 * else than the grantor asked for it, the grantor comes first.
 */
export function awaitedOf({ row, details }: DelegationRecord): Details['awaits'] {
  const agreed = details.agreed ?? details.created_by === row.grantor
  return details.awaits === 'approver' && !agreed ? 'grantor' : details.awaits
}

/** A delegation as callers see it. Attributes of the grantor are not shown. */
export function delegationOf(record: DelegationRecord, now: number): Delegation {
  const { row, details, scopes } = record
  const { max_uses, budget, unit, scale } = row
  const awaits = row.state === 'proposed' ? awaitedOf(record) : undefined
  const amount = (parts: number): Amount => ({ amount: decimalText(parts, scale), unit: unit ?? '' })
  return {
    id: row.id,
    state: recordState(record, now),
    grantor: subjectOf(row.grantor),
    grantee: subjectOf(row.grantee),
    scopes,
    ...(row.parent !== '' && { parent: row.parent }),
    root: row.root,
    depth: row.depth,
    redelegate: details.redelegate,
    ...(max_uses !== null && { maxUses: max_uses, usesLeft: max_uses - row.uses }),
    ...(budget !== null && { budget: amount(budget), budgetLeft: amount(budget - row.spent) }),
    ...(row.expires_at !== NEVER && { expiresAt: row.expires_at }),
    ...(details.lease !== undefined && { lease: details.lease, leasedUntil: row.lease_until }),
    renewableBy: details.renewable_by.map(subjectOf),
    createdAt: row.created_at,
    createdBy: subjectOf(details.created_by),
    ...(awaits !== undefined && { awaits }),
    ...(details.ended !== undefined && { ended: { by: subjectOf(details.ended.by), at: details.ended.at } }),
  }
}

function orNever(time: number): number | undefined {
  return time === NEVER ? undefined : time
}
