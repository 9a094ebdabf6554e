/** Which requests count against which rate, and what those that come too soon are answered. */
import type { Context } from 'hono'
import type { Caller } from '../../authzen/decide.ts'
import { SallyportError } from '../../errors.ts'
import type { Authenticate } from '../authenticate.ts'
import type { LimitName } from '../observe/observer.ts'
import { originOf } from '../origin.ts'
import { ProblemError } from '../problem.ts'
import { Attempts } from './attempts.ts'
import { type Rate, RateLimiter, type Taken } from './rate.ts'

/** Rates of this process alone; several instances each count for themselves. */
export interface RateOptions {
  /** Of each caller, in all its tenants; where callers do not say who they are, of each address. */
  readonly caller?: Rate
  /** Of each tenant, by all its callers. */
  readonly tenant?: Rate
  /** Of attempts of one address that end with 401; after that it is refused before its credentials are looked at. */
  readonly failures?: Rate
}

export interface RequestLimits {
  /** @throws ProblemError 429 */
  takeCaller(c: Context, caller: Caller | undefined): void
  /** @throws ProblemError 429 */
  takeTenant(c: Context, tenant: string): void
  /** The same authentication, which an address may fail only so often. */
  around(authenticate: Authenticate): Authenticate
}

/** @throws SallyportError `E_USAGE` for a rate that is none */
export function requestLimits(rates: RateOptions, now: () => number, limited: (by: LimitName) => void): RequestLimits {
  const [callers, tenants, failures] = [limiter(rates.caller), limiter(rates.tenant), limiter(rates.failures)]
  const take = (c: Context, limit: RateLimiter | undefined, name: LimitName, key: string): void => {
    if (limit === undefined) return
    const taken = limit.take(key, now())
    if (!taken.allowed) {
      limited(name)
      throw tooMany(name, limit.rate, taken)
    }
    tell(c, name, limit.rate, taken)
  }
  return {
    takeCaller: (c, caller) => take(c, callers, 'caller', caller === undefined ? addressOf(c) : keyOf(caller)),
    takeTenant: (c, tenant) => take(c, tenants, 'tenant', tenant),
    around: (authenticate) => {
      if (failures === undefined) return authenticate
      const attempts = new Attempts()
      return async (c) => {
        const address = addressOf(c)
        // Without addresses one stranger would lock all others out.
        if (address === '') return authenticate(c)
        const room = (): number => {
          const looked = failures.look(address, now())
          if (looked.allowed) return looked.remaining
          limited('failures')
          throw tooMany('failures', failures.rate, looked)
        }
        return attempts.make(address, room, async () => {
          try {
            return await authenticate(c)
          } catch (error) {
            if (error instanceof ProblemError && error.status === 401) failures.take(address, now())
            throw error
          }
        })
      }
    },
  }
}

function limiter(rate: Rate | undefined): RateLimiter | undefined {
  if (rate === undefined) return undefined
  const { requests, per } = rate
  if (!(Number.isSafeInteger(requests) && requests >= 1 && Number.isFinite(per) && per >= 1)) {
    throw new SallyportError('E_USAGE', 'a rate is { requests, per }: one request or more in so many milliseconds')
  }
  return new RateLimiter(rate)
}

/** Names of callers may hold anything; the list keeps them apart. */
function keyOf({ proof, type, id }: Caller): string {
  return JSON.stringify([proof, type, id])
}

/** Who has one address of IPv6 has 2⁶⁴ of them: the first half counts (RFC 4291, section 2.5.4). */
export function addressOf(c: Context): string {
  const { peer = '' } = originOf(c)
  if (!peer.includes(':') || peer.includes('.')) return peer.replace(/^::ffff:/i, '')
  const [head = '', tail] = peer.split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const rest = (tail ?? '').split(':').filter((group) => group !== '')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length)
  return [...groups, ...Array<string>(zeros).fill('0'), ...rest].slice(0, 4).join(':')
}

/** The fields of draft-ietf-httpapi-ratelimit-headers-10: quotas (q) per window (w), what remains (r), seconds until all is back (t). */
function fields(name: LimitName, { requests, per }: Rate, { remaining, reset }: Taken): Record<string, string> {
  return {
    'RateLimit-Policy': `"${name}";q=${requests};w=${Math.ceil(per / 1000)}`,
    RateLimit: `"${name}";r=${remaining};t=${Math.ceil(reset / 1000)}`,
  }
}

function tell(c: Context, name: LimitName, rate: Rate, taken: Taken): void {
  for (const [field, value] of Object.entries(fields(name, rate, taken))) c.header(field, value, { append: true })
}

/** `Retry-After` in seconds (RFC 9110, section 10.2.3). */
function tooMany(name: LimitName, rate: Rate, taken: Taken): ProblemError {
  const seconds = Math.max(1, Math.ceil(taken.retryAfter / 1000))
  const headers = { ...fields(name, rate, taken), 'Retry-After': String(seconds) }
  return new ProblemError(429, 'E_RATE', `too many requests; try again in ${seconds} s`, { headers })
}
