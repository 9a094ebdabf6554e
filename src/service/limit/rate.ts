/**
 * How often something may happen: the generic cell rate algorithm (ITU-T I.371, annex A; RFC 2697 has its relatives). It keeps one number
 * for each key: when the next request would come if all so far had been evenly spaced.
 */

/** At most so many requests within a time, in milliseconds; all of them may come at once. */
export interface Rate {
  readonly requests: number
  readonly per: number
}

export interface Taken {
  readonly allowed: boolean
  /** How many more may come at once. */
  readonly remaining: number
  /** Until all may come again, in milliseconds. */
  readonly reset: number
  /** Until one may come, in milliseconds; 0 when it may now. */
  readonly retryAfter: number
}

export class RateLimiter {
  readonly rate: Rate
  readonly #capacity: number
  /** Key → the number; those that were used last are at the end. */
  readonly #due = new Map<string, number>()

  /** @param capacity keys that are remembered; the one that was not used for longest is forgotten first */
  constructor(rate: Rate, capacity = 10_000) {
    this.rate = rate
    this.#capacity = capacity
  }

  get size(): number {
    return this.#due.size
  }

  /** Takes one, if there is one. What is refused costs nothing. */
  take(key: string, now: number): Taken {
    const looked = this.look(key, now)
    if (!looked.allowed) return looked
    const { requests, per } = this.rate
    const due = now + looked.reset + per / requests
    this.#due.delete(key)
    this.#due.set(key, due)
    if (this.#due.size > this.#capacity) this.#forgetOldest()
    return { ...looked, remaining: looked.remaining - 1, reset: due - now }
  }

  /** What taking would say. */
  look(key: string, now: number): Taken {
    const { requests, per } = this.rate
    const spacing = per / requests
    const due = this.#dueAt(key, now)
    // Sums of fractions end a little beside the whole numbers that they stand for.
    const remaining = Math.floor((now + per - due) / spacing + 1e-6)
    const allowed = remaining >= 1
    return { allowed, remaining, reset: due - now, retryAfter: allowed ? 0 : due + spacing - per - now }
  }

  /** When the next one would come, and not before now. */
  #dueAt(key: string, now: number): number {
    const latest = now + this.rate.per
    const stored = this.#due.get(key) ?? now
    if (stored <= latest) return Math.max(now, stored)
    // The clock was set back: nobody is locked out for longer than the time of the rate.
    this.#due.set(key, latest)
    return latest
  }

  #forgetOldest(): void {
    for (const key of this.#due.keys()) {
      this.#due.delete(key)
      return
    }
  }
}
