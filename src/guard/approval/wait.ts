/** Waiting for people. */
import { SallyportError } from '../../errors.ts'
import type { ApprovalTools } from './open.ts'
import { type ApprovalRow, isResolved, stateAt } from './record.ts'
import { existing } from './vote.ts'

/** Resolves after so many milliseconds, or as soon as the signal is aborted, which may reject. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<unknown>

export interface WaitOptions {
  readonly signal?: AbortSignal
  /** How often the store is asked where it does not tell of changes by itself, in milliseconds; 1000 when left out. */
  readonly pollEvery?: number
}

/** The request once it is no longer pending. Rejects with the signal's reason when that is aborted. */
export async function waitForResolution(
  tools: ApprovalTools,
  id: string,
  sleep: Sleep | undefined,
  { signal, pollEvery = 1000 }: WaitOptions,
): Promise<ApprovalRow> {
  if (sleep === undefined) {
    throw new SallyportError('E_USAGE', 'waiting takes time: create the guard with sleep')
  }
  let wake = (): void => undefined
  const stop = watched(tools, () => wake())
  try {
    while (true) {
      signal?.throwIfAborted()
      // Before the store is read: what changes meanwhile must not be missed.
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      const row = await existing(tools, id)
      const now = tools.now()
      if (isResolved(stateAt(row, now))) return row
      await pause(changed, sleep, Math.max(1, Math.min(pollEvery, row.expires_at - now)), signal)
    }
  } finally {
    stop()
  }
}

/**
 * Has news of the store wake what waits, until what it returns is called. The store is asked now and then anyway, so that nothing
 * waits for the watch, which some databases cannot have.
 */
function watched({ store }: ApprovalTools, wake: () => void): () => void {
  let ended = false
  let stop = (): void => undefined
  const begin = async (): Promise<void> => {
    const end = await store.watch?.(wake)
    if (end === undefined) return
    if (ended) return end()
    stop = end
    // What changed before it heard.
    wake()
  }
  begin().catch(() => undefined)
  return () => {
    ended = true
    stop()
  }
}

/** Until something changes, time has passed or the signal is aborted; leaves no timer behind. */
async function pause(
  changed: Promise<void>,
  sleep: Sleep,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const done = new AbortController()
  const aborted = (): void => done.abort(signal?.reason)
  signal?.addEventListener('abort', aborted, { once: true })
  try {
    // A sleep may reject when it is aborted; whether it was our signal is looked at by who called.
    await Promise.race([changed, sleep(milliseconds, done.signal).catch(() => undefined)])
  } finally {
    signal?.removeEventListener('abort', aborted)
    done.abort()
  }
}
