/** JSON over HTTP to a relation source: in bounded time and size, again where that may help, and not for a while when it fails. */
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel'
import { SallyportError } from '../errors.ts'
import { checkAddress } from '../http/address.ts'
import { checkWhole, LONGEST_TIME } from '../http/numbers.ts'
import { readAtMost } from '../http/read-at-most.ts'
import { type BreakerOptions, checkTries } from '../http/tries.ts'
import { isMap } from '../text/is-map.ts'

export interface HttpSourceOptions {
  /** `https://…`, or `http://localhost:PORT`. */
  readonly url: string
  /** The bearer token, or what makes one for each call. */
  readonly token?: string | (() => string | Promise<string>)
  /** Milliseconds until an attempt is given up; 1,000 when left out. */
  readonly timeout?: number
  /** How often a call is made again that failed for a reason that may pass; 1 when left out. */
  readonly retries?: number
  /** After so many failures in a row the source is left alone for `pause` milliseconds; 5 and 5,000 when left out. */
  readonly breaker?: BreakerOptions | false
  /** Left out: the platform's. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** Posts a JSON object to a path below the URL, for the JSON object that is answered. */
export type Post = (path: string, body: object) => Promise<Readonly<Record<string, unknown>>>

/** An answer about 256 relations is a hundredth of it. */
const MAX_BYTES = 4 << 20
const FIRST_PAUSE = 20
/** Statuses that say "not now" (RFC 9110, sections 15.5.9 and 15.6; RFC 6585, section 4). */
const PASSING: readonly number[] = [408, 429, 500, 502, 503, 504]

/** @throws SallyportError `E_ADDRESS`; `E_USAGE` for numbers that an option cannot have */
export function createPost(options: HttpSourceOptions, what: string): Post {
  const { token, timeout = 1000, retries = 1, breaker = { failures: 5, pause: 5000 } } = options
  const base = checkAddress(options.url, `the address of ${what}`)
  checkWhole('timeout', timeout, 1, LONGEST_TIME)
  checkTries({ retries, breaker })
  // Called as it is: a method of something else would lose its `this` in Workers.
  const send = options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init))
  const passing = handleWhen((error) => error instanceof Fault && error.mayPass)
  const again = retry(passing, { maxAttempts: retries, backoff: new ExponentialBackoff({ initialDelay: FIRST_PAUSE }) })
  const policy =
    breaker === false
      ? again
      : wrap(
          again,
          circuitBreaker(passing, { breaker: new ConsecutiveBreaker(breaker.failures), halfOpenAfter: breaker.pause }),
        )
  const attempt = async (path: string, body: string): Promise<Readonly<Record<string, unknown>>> => {
    const bearer = typeof token === 'function' ? await token() : token
    const headers = {
      'Content-Type': 'application/json',
      ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
    }
    const signal = AbortSignal.timeout(timeout)
    try {
      // A redirect would take the token elsewhere; `error` is not known in Workers.
      const response = await send(base + path, { method: 'POST', headers, body, redirect: 'manual', signal })
      if (!response.ok) throw await refused(what, response)
      return parse(what, await readAtMost(response.body, MAX_BYTES))
    } catch (error) {
      if (error instanceof SallyportError) throw error
      if (signal.aborted) {
        throw new Fault('E_RELATION_SOURCE_TIMEOUT', `${what} did not answer within ${timeout} ms`, true)
      }
      throw new Fault('E_RELATION_SOURCE_UNAVAILABLE', `${what} could not be reached`, true)
    }
  }
  return async (path, body) => {
    const text = JSON.stringify(body)
    try {
      return await policy.execute(() => attempt(path, text))
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error
      throw new Fault('E_RELATION_SOURCE_UNAVAILABLE', `${what} failed too often and is not asked for a while`, true)
    }
  }
}

class Fault extends SallyportError {
  readonly mayPass: boolean

  constructor(code: SallyportError['code'], message: string, mayPass: boolean) {
    super(code, message)
    this.mayPass = mayPass
  }
}

/** What it says of the reason may quote what was asked, and is left out. */
async function refused(what: string, response: Response): Promise<Fault> {
  await response.body?.cancel()
  const { status } = response
  if (PASSING.includes(status)) {
    return new Fault('E_RELATION_SOURCE_UNAVAILABLE', `${what} answered with HTTP ${status}`, true)
  }
  const advice = status === 401 || status === 403 ? 'check the token' : 'check its address, store and model'
  return new Fault('E_RELATION_SOURCE_REFUSED', `${what} answered with HTTP ${status || 302}; ${advice}`, false)
}

function parse(what: string, bytes: Uint8Array | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (bytes !== undefined && isMap(value)) return value
  } catch {
    // What is wrong with it could quote it.
  }
  throw answerFault(what)
}

/** The answer is not what the API says. */
export function answerFault(what: string): SallyportError {
  return new SallyportError('E_RELATION_SOURCE_REFUSED', `${what} answered something that its API does not have`)
}
