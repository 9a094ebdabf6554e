/** The machine's timer. */
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
