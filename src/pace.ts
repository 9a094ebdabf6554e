/**
 * The pace of work for one request body. A body may ask for thousands of decisions, which one thread makes one after the other: so that others are
 * answered meanwhile, such work lets them have a turn every few milliseconds, and it ends when its time is up.
 */

/** Time as work needs it: how much has passed, and a turn for all others. */
export interface Turns {
  /** Milliseconds since any fixed moment; it never goes back (`performance.now`). */
  now(): number
  /** Resolves when what else waits for this thread has had its turn. */
  turn(): Promise<void>
}

export interface Pace {
  /**
   * Asked before pieces of work are done, of which `most` are left: how many may be done before it is asked again. 0 when the time is up; not for
   * the first piece, so that everyone gets on.
   */
  take(most: number): number | Promise<number>
}

/** For work that nobody waits behind. */
export const unhurried: Pace = { take: (most) => most }

/** Milliseconds of work after which others have a turn. */
const SLICE = 10
/** Pieces that are done at once, if they are that short. */
const MOST_AT_ONCE = 256

/** Milliseconds that this thread has worked at any pace. */
let worked = 0

/**
 * The pace of one body.
 *
 * @param time Milliseconds that its work may take. Waiting does not count: for turns of others, for stores and servers.
 * @example
 * const pace = createPace({ now: () => performance.now(), turn }, 2_000)
 * for (const item of items) answers.push((await pace.take(1)) === 0 ? tooLate : decide(item))
 */
export function createPace(turns: Turns, time: number): Pace {
  return new TurnPace(turns, time)
}

/**
 * Work comes in stretches, in which no one else has a turn. A stretch ends when all others have had one, whether it waited for that or for something
 * else: hence a turn is asked for when it begins.
 */
class TurnPace implements Pace {
  readonly #turns: Turns
  readonly #time: number
  /** Milliseconds of all stretches before this one. */
  #spent = 0
  /** Since when this stretch lasts, undefined between two. */
  #since: number | undefined
  /** What had been worked then. */
  #workedBefore = 0
  /** Resolves when the others have had their turn. */
  #turned: Promise<void> = Promise.resolve()
  /** When it was asked last, in this stretch, and how many pieces were taken then. */
  #asked = 0
  #taken = 0
  #atOnce = 1

  constructor(turns: Turns, time: number) {
    this.#turns = turns
    this.#time = time
  }

  take(most: number): number | Promise<number> {
    const now = this.#turns.now()
    const ran = this.#since === undefined ? 0 : now - this.#since
    if (this.#spent + ran >= this.#time && this.#taken > 0) return 0
    if (this.#since === undefined) this.#begin(now)
    else this.#learn(now - this.#asked)
    if (ran < SLICE) return this.#give(most, now)
    this.#end(now)
    return this.#turned.then(() => {
      const again = this.#turns.now()
      this.#begin(again)
      return this.#give(most, again)
    })
  }

  #give(most: number, now: number): number {
    this.#asked = now
    this.#taken = Math.min(most, this.#atOnce)
    return this.#taken
  }

  /** So many pieces at once that they take half a slice, as far as the last ones tell. */
  #learn(took: number): void {
    const fitting = took <= 0 ? MOST_AT_ONCE : Math.floor((this.#taken * SLICE) / 2 / took)
    // Step by step: those that come next may take longer.
    this.#atOnce = Math.max(1, Math.min(fitting, this.#taken * 4, MOST_AT_ONCE))
  }

  #begin(now: number): void {
    this.#since = now
    this.#workedBefore = worked
    this.#turned = this.#turns.turn().then(() => this.#end(this.#turns.now()))
  }

  #end(now: number): void {
    if (this.#since === undefined) return
    // While it waited for something else, others may have worked.
    const ran = Math.max(0, now - this.#since - (worked - this.#workedBefore))
    this.#spent += ran
    worked += ran
    this.#since = undefined
  }
}
