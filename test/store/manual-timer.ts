/** A timer that stands still until it is told to go on. */
import type { Timer } from '../../src/store/timer.ts'

export class ManualTimer implements Timer {
  #now = 1000
  readonly #waiting = new Set<{ readonly until: number; readonly wake: () => void }>()

  now(): number {
    return this.#now
  }

  wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const waiting = { until: this.#now + milliseconds, wake: resolve }
      this.#waiting.add(waiting)
      signal.addEventListener('abort', () => {
        this.#waiting.delete(waiting)
        resolve()
      })
    })
  }

  /** Lets time pass, also backwards, and then what was waiting run until it waits again. */
  async pass(milliseconds: number): Promise<void> {
    this.#now += milliseconds
    for (const waiting of [...this.#waiting]) {
      if (waiting.until > this.#now) continue
      this.#waiting.delete(waiting)
      waiting.wake()
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}
