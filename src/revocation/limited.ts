/** A log with a limit in time: some clients wait for an answer as long as it takes, on a connection that is long dead. */
import type { Timer } from '../store/timer.ts'
import { logFault } from './fault.ts'
import type { AppendLog } from './port.ts'

/**
 * Rejects what the log does not answer in time. While an answer is overdue nothing more is asked: what is written to a dead connection would
 * look like life, and the client's own limit on silence would never end it.
 */
export function limited(log: AppendLog, timer: Timer, timeout: number): Omit<AppendLog, 'kind' | 'watch'> {
  let overdue = 0
  const inTime = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (overdue > 0) throw logFault(log.kind, new Error('an earlier answer is overdue'))
    const answer = ask()
    const answered = new AbortController()
    const late = timer.wait(timeout, answered.signal).then((): never => {
      if (!answered.signal.aborted) {
        overdue++
        const settled = (): void => void overdue--
        answer.then(settled, settled)
      }
      throw logFault(log.kind, new Error(`no answer came within ${timeout} ms`))
    })
    try {
      return await Promise.race([answer, late])
    } finally {
      answered.abort()
    }
  }
  return {
    append: (text) => inTime(() => log.append(text)),
    read: (from, limit) => inTime(() => log.read(from, limit)),
    purge: (upTo) => inTime(() => log.purge(upTo)),
  }
}
