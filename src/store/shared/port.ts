/**
 * The part of the state that may live apart from the rest, where a fleet has a faster place for it: counters that limit rates, and
 * what was revoked. Any store can hold it (`sharedState`), and Redis can. Budgets are no such counters: they belong to what they were lent with, and are
 * changed together with it.
 *
 * Every method may reject with a `SallyportError` whose code starts with `E_STORE`.
 */
export interface SharedState {
  readonly kind: string

  /** Adds to a counter, unless it would pass `atMost`; one that is not there, or whose time is over, begins at 0. Exact, whoever else counts. */
  take(taking: Taking): Promise<Taken>

  /** 0 when nothing was counted, or its time is over. */
  count(name: string, window: number): Promise<number>

  revoke(revocation: Revocation): Promise<void>

  /** Those of the ids that were revoked; at most 1000 are asked about at a time. */
  revoked(kind: string, ids: readonly string[]): Promise<ReadonlySet<string>>
}

export interface Taking {
  readonly name: string
  /** The start of the window, in milliseconds; 0 when there is none. */
  readonly window: number
  /** At least 1. */
  readonly add: number
  readonly atMost: number
  /** When the counter may be forgotten, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** `value`: the counter as it is now. */
export interface Taken {
  readonly applied: boolean
  readonly value: number
}

export interface Revocation {
  /** `delegation`, `token`, `key` … */
  readonly kind: string
  readonly id: string
  /** When it was revoked, in milliseconds since the epoch. */
  readonly at: number
  /** When what was revoked would have ended by itself; after that it may be forgotten. */
  readonly expiresAt: number
}
