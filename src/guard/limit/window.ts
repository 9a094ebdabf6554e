/** Over which time is counted, as milliseconds. Durations are written as in `approval` of a policy: `1h`, `PT1H`. */
import { SallyportError } from '../../errors.ts'
import { readWaiting } from '../../policy/waiting.ts'

/**
 * Over which time uses are counted.
 *
 * @example { fixed: '1h' }    // from each full hour (UTC) on
 * @example { sliding: '1h' }  // at any time, over the last hour
 * @example { bucket: 10, refill: '6s' }  // 10 at once, and then one every 6 seconds
 * @example 'ever'
 */
export type Window =
  | { readonly fixed: string }
  | { readonly sliding: string }
  /** A token bucket: its capacity, and how long one token takes to come back. */
  | { readonly bucket: number; readonly refill: string }
  | 'ever'

export type ReadWindow =
  | { readonly kind: 'fixed' | 'sliding'; readonly length: number }
  /** Microseconds per token: whole numbers that a store can compare. */
  | { readonly kind: 'bucket'; readonly capacity: number; readonly interval: number }
  | { readonly kind: 'ever' }

/** Ten parts of a sliding window; see sliding.ts. */
export const SLICES = 10

/** In microseconds, some 140 years: with the time of now, to which it is added, still exact. */
const LONGEST_FILLING = Math.floor(Number.MAX_SAFE_INTEGER / 2)

/** @throws SallyportError `E_USAGE` */
export function readWindow(window: Window, what: string): ReadWindow {
  if (window === 'ever') return { kind: 'ever' }
  if ('fixed' in window) return { kind: 'fixed', length: duration(window.fixed, what) }
  if ('sliding' in window) {
    const length = duration(window.sliding, what)
    if (length % SLICES !== 0) throw usage(`${what}: a sliding window has ${SLICES} equal parts of whole milliseconds`)
    return { kind: 'sliding', length }
  }
  const { bucket, refill } = window
  if (!Number.isInteger(bucket) || bucket < 1) throw usage(`${what}: a bucket holds at least one token`)
  // Rounded up: never faster than was said.
  const interval = Math.ceil(duration(refill, what) * 1000)
  if (bucket * interval > LONGEST_FILLING) throw usage(`${what}: the bucket takes too long to fill`)
  return { kind: 'bucket', capacity: bucket, interval }
}

function duration(text: string, what: string): number {
  const read = readWaiting(text)
  if (typeof read === 'number') return read
  throw usage(`${what}: ${read.message}`)
}

function usage(message: string): SallyportError {
  return new SallyportError('E_USAGE', message)
}
