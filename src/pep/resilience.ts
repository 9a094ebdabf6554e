/** Asking again, and not asking for a while. */
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IRetryBackoffContext,
  retry,
  wrap,
} from 'cockatiel'
import { checkWhole, LONGEST_TIME } from '../http/numbers.ts'
import { checkTries, type Tries } from '../http/tries.ts'
import { untilAborted } from '../http/until-aborted.ts'
import { mayPass, PdpError } from './error.ts'

export interface ResilienceOptions extends Tries {
  /** The first pause before that in milliseconds; it doubles, and up to half of it is left to chance. */
  readonly backoff: number
}

/** Runs an attempt until it succeeds, fails for good, or there is no sense in another. */
export type Resilience = <T>(attempt: () => Promise<T>, signal: AbortSignal | undefined) => Promise<T>

/** A longer wish of the PDP ends the attempts: whoever asks for access does not want to wait so long. */
const MAX_WAIT = 5_000

export function createResilience({ retries, backoff, breaker }: ResilienceOptions): Resilience {
  checkTries({ retries, breaker })
  checkWhole('backoff', backoff, 0, LONGEST_TIME)
  const passing = handleWhen(mayPass)
  const waits = new DelegateBackoff<IRetryBackoffContext<unknown>>(({ attempt, result }) => {
    const wished = 'error' in result && result.error instanceof PdpError ? (result.error.retryAfter ?? 0) : 0
    const own = backoff * 2 ** (attempt - 1) * (0.75 + Math.random() / 2)
    return Math.min(LONGEST_TIME, Math.max(wished, own))
  })
  const again = retry(
    handleWhen((error) => mayPass(error) && (error instanceof PdpError ? (error.retryAfter ?? 0) : 0) <= MAX_WAIT),
    { maxAttempts: retries, backoff: waits },
  )
  const circuit =
    breaker === false
      ? undefined
      : circuitBreaker(passing, { breaker: new ConsecutiveBreaker(breaker.failures), halfOpenAfter: breaker.pause })
  const policy = circuit === undefined ? again : wrap(again, circuit)
  return async (attempt, signal) => {
    try {
      // The pauses between attempts do not end by themselves when the signal aborts.
      return await untilAborted(policy.execute(attempt, signal), signal)
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        throw new PdpError('E_PDP_OPEN', 'the PDP failed too often and is not asked for a while')
      }
      throw error
    }
  }
}
