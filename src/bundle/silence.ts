/** How long nothing was heard, by a clock that may be set while it is measured. */

/** A time of the clock, and how often it had been seen to go back until then. */
export interface Moment {
  readonly at: number
  readonly setBack: number
}

export class Silence {
  readonly #now: () => number
  #latest = Number.NEGATIVE_INFINITY
  #setBack = 0
  #heard: Moment | undefined

  /** @param now The clock, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  moment(): Moment {
    const at = this.#now()
    if (at < this.#latest) this.#setBack++
    this.#latest = at
    return { at, setBack: this.#setBack }
  }

  /** What was asked for at this moment has come. */
  heard(asked: Moment): void {
    this.#heard = asked
    // So that a clock that went back meanwhile is seen.
    this.moment()
  }

  /** Of the question that was answered last. */
  get since(): number | undefined {
    return this.#heard?.at
  }

  /** In milliseconds. Infinite when nothing was heard yet, and from when the clock goes back until something is heard: what passed is not known. */
  get length(): number {
    const { at, setBack } = this.moment()
    return this.#heard?.setBack === setBack ? at - this.#heard.at : Number.POSITIVE_INFINITY
  }
}
