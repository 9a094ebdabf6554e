/** The clocks, and what it costs to look at one. */

export interface ClockStart {
  readonly wall: number
  readonly thread: number
}

export function startClock(): ClockStart {
  return { thread: threadMicroseconds(), wall: performance.now() }
}

/**
 * Nanoseconds since the start: on the wall, and those in which this thread ran. The latter is what counts on a machine that does
 * other things, too; it moves in steps of up to some milliseconds, so it is for longer times only;
 * where it has not moved at all, the wall's time stands for it.
 */
export function readClock({ wall, thread }: ClockStart): { readonly wallNs: number; readonly threadNs: number } {
  const wallNs = (performance.now() - wall) * 1e6
  const threadNs = (threadMicroseconds() - thread) * 1e3
  return { wallNs, threadNs: threadNs > 0 ? Math.min(threadNs, wallNs) : wallNs }
}

/** Tells when this thread has run for so long: on a busy machine an engine gets its share all the same. */
export function threadBudget(ms: number): () => boolean {
  const end = threadMicroseconds() + ms * 1000
  return () => threadMicroseconds() >= end
}

function threadMicroseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

const readings = 200_000

/**
 * The median time between two readings of `performance.now()` with nothing in between, in nanoseconds.
 * It is in every timed call.
 */
export function measureTimer(): number {
  const times = new Float64Array(readings)
  for (let i = 0; i < readings; i++) {
    const start = performance.now()
    times[i] = (performance.now() - start) * 1e6
  }
  return times.sort()[readings / 2]!
}
