/** The machine's timer. */
import type { Turns } from '../pace.ts'
import type { Timer } from '../store/timer.ts'

export const systemTimer: Timer = {
  now: () => performance.now(),
  wait: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const end = (): void => {
        clearTimeout(timeout)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timeout = setTimeout(end, milliseconds)
      // A process that has nothing else to do may end.
      if (typeof timeout === 'object') timeout.unref?.()
      signal.addEventListener('abort', end)
    }),
}

/**
 * The machine's turns. Where time stands still while a Worker computes (workerd), nothing seems to last, and the platform's limit on
 * computing is the only one.
 */
export const systemTurns: Turns = {
  now: systemTimer.now,
  // Timers of 0 ms take 1 ms or more, and 4 ms in browsers, which have nothing else.
  turn: () => new Promise((resolve) => void (globalThis.setImmediate ?? setTimeout)(resolve)),
}
