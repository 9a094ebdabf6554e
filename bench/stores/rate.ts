/** How often a second: with as many at a time as take about as long as is asked for. */
import type { Work } from './work.ts'

/** Does the work, wherever it is done, and resolves when it is done. */
export type Runner = (work: Work) => Promise<void>

const FIRST = 64

/** @param milliseconds how long it shall take, at least */
export async function rateOf(runner: Runner, work: Omit<Work, 'count'>, milliseconds: number): Promise<number> {
  for (let count = FIRST; ; ) {
    const start = performance.now()
    await runner({ ...work, count })
    const passed = performance.now() - start
    if (passed >= milliseconds) return (count / passed) * 1000
    // Not more than eight times as many: the first may have been slow for other reasons.
    count = Math.ceil(count * Math.min(8, Math.max(1.2, (milliseconds / passed) * 1.1)))
  }
}
