/**
 * Following something that others write: it is read at an interval, and at once where it tells of news; and how old the knowledge is
 * that comes of it.
 */
import { tell } from './tell.ts'
import type { Timer } from './timer.ts'

export interface Followed {
  readonly timer: Timer
  /** How long to wait between two readings, in milliseconds. */
  readonly interval: number
  /** Reads all that is new; reports how that went by `heard`. */
  readonly read: () => Promise<void>
  /**
   * Has `wake` called on news, and `lost` when it ends by itself; resolves to what ends it. Undefined where nothing tells of news.
   */
  readonly watch: (wake: () => void, lost: (reason: unknown) => void) => Promise<() => void> | undefined
  /** A reading failed, or watching did, or the watch was lost; the next try follows after the interval. */
  readonly onFault?: ((error: unknown) => void) | undefined
}

export class Follower {
  readonly #followed: Followed
  readonly #stop = new AbortController()
  /** Ends a waiting early. */
  #wake = new AbortController()
  #asOf: number | undefined
  /** Aborted when the watch is over. */
  #watching = new AbortController()

  constructor(followed: Followed) {
    this.#followed = followed
  }

  /** How long ago, in milliseconds, a reading began that has ended well; infinite before the first. */
  get age(): number {
    const age = this.#asOf === undefined ? Number.POSITIVE_INFINITY : this.#followed.timer.now() - this.#asOf
    // A timer that went back says nothing about what passed.
    return age < 0 ? Number.POSITIVE_INFINITY : age
  }

  /** Aborted by `stop`. */
  get stopped(): AbortSignal {
    return this.#stop.signal
  }

  /** Whether a reading has ended well. */
  get hasHeard(): boolean {
    return this.#asOf !== undefined
  }

  /** All is known that was there at this time, by the timer. */
  heard(asOf: number): void {
    this.#asOf = asOf
  }

  /** Has the next reading begin at once. */
  wake(): void {
    this.#wake.abort()
  }

  /** Reads until `stop`, whatever becomes of the watch: that only makes it faster. */
  async run(): Promise<void> {
    const { interval, timer, read, onFault } = this.#followed
    void this.#watch()
    while (!this.stopped.aborted) {
      this.#wake = new AbortController()
      try {
        await read()
      } catch (error) {
        tell(onFault, error)
      }
      if (!this.stopped.aborted) await timer.wait(interval, this.#wake.signal)
    }
  }

  stop(): void {
    this.#stop.abort()
    this.wake()
    this.#watching.abort()
  }

  /** Has news wake the reading, until `stop`; where that fails or is lost, it is tried again after the interval. */
  async #watch(): Promise<void> {
    const { interval, timer, watch, onFault } = this.#followed
    const failed = (reason: unknown): void => {
      if (!this.stopped.aborted) tell(onFault, reason)
    }
    while (!this.stopped.aborted) {
      const watching = new AbortController()
      this.#watching = watching
      const lost = (reason: unknown): void => {
        watching.abort()
        failed(reason)
      }
      try {
        const end = await watch(() => this.wake(), lost)
        if (end === undefined) return
        // What was written before it heard.
        this.wake()
        await aborted(watching.signal)
        if (this.stopped.aborted) end()
      } catch (error) {
        failed(error)
      }
      await timer.wait(interval, this.stopped)
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
