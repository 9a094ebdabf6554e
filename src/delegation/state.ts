/**
 * The states of a delegation. Five are kept; the others follow from these, from the counters and from the time, so that
 * nothing has to run for a delegation to end.
 */

/** What is kept. */
export type KeptState = 'proposed' | 'active' | 'suspended' | 'declined' | 'revoked'

export type DelegationState =
  | KeptState
  /** `expires_at` is reached. */
  | 'expired'
  /** The lease was not renewed in time. */
  | 'lapsed'
  /** All uses are used, or the whole budget is spent. */
  | 'exhausted'

/** What somebody does to a delegation. */
export type Transition = 'accept' | 'decline' | 'renew' | 'suspend' | 'resume' | 'revoke'

/** What its state depends on. Times are in milliseconds since 1970. */
export interface Standing {
  readonly kept: KeptState
  readonly expiresAt: number | undefined
  readonly leasedUntil: number | undefined
  /** Uses and smallest parts that are left; undefined: no limit. */
  readonly usesLeft: number | undefined
  readonly budgetLeft: number | undefined
}

/** The state at a time. At the instant of `expiresAt` and `leasedUntil` itself it is over, as in RFC 7519, section 4.1.4. */
export function stateOf({ kept, ...standing }: Standing, now: number): DelegationState {
  if (kept === 'revoked' || kept === 'declined') return kept
  if (standing.expiresAt !== undefined && now >= standing.expiresAt) return 'expired'
  if (kept !== 'active') return kept
  if (standing.leasedUntil !== undefined && now >= standing.leasedUntil) return 'lapsed'
  if ((standing.usesLeft ?? 1) <= 0 || (standing.budgetLeft ?? 1) <= 0) return 'exhausted'
  return 'active'
}

/** By transition: in which states it is possible, and what is kept after it. */
export const transitions: Readonly<
  Record<Transition, { readonly from: readonly DelegationState[]; readonly to: KeptState }>
> = {
  accept: { from: ['proposed'], to: 'active' },
  decline: { from: ['proposed'], to: 'declined' },
  renew: { from: ['active', 'lapsed', 'exhausted'], to: 'active' },
  suspend: { from: ['active', 'lapsed', 'exhausted'], to: 'suspended' },
  resume: { from: ['suspended'], to: 'active' },
  revoke: { from: ['proposed', 'active', 'suspended', 'lapsed', 'exhausted', 'expired'], to: 'revoked' },
}

/** Whether nothing can make it active again. */
export function isOver(state: DelegationState): boolean {
  return state === 'declined' || state === 'revoked' || state === 'expired'
}

/** Until when a lease goes that is taken or renewed now; never past the end of the delegation. */
export function leaseEnd(now: number, lease: number | undefined, expiresAt: number | undefined): number | undefined {
  if (lease === undefined) return undefined
  return Math.min(now + lease, expiresAt ?? Number.POSITIVE_INFINITY)
}
