/** How often something is asked again, and when not for a while: the options of clients. */
import { checkWhole } from './numbers.ts'

export interface BreakerOptions {
  /** Failures in a row after which the other side is left alone. */
  readonly failures: number
  /** For how long, in milliseconds; then one request tries it. */
  readonly pause: number
}

export interface Tries {
  /** How often a request is sent again when it failed for a reason that may pass. */
  readonly retries: number
  readonly breaker: BreakerOptions | false
}

/** @throws SallyportError `E_USAGE` for what is no whole number of its range */
export function checkTries({ retries, breaker }: Tries): void {
  checkWhole('retries', retries, 0)
  if (breaker === false) return
  checkWhole('"failures" of the breaker', breaker.failures, 1)
  checkWhole('"pause" of the breaker', breaker.pause, 0)
}
