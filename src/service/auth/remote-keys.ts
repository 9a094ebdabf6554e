/** The public keys of an issuer, from the address where it publishes them (RFC 7517, section 5). */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import { SallyportError } from '../../errors.ts'
import { checkAddress } from '../../http/address.ts'
import { readAtMost } from '../../http/read-at-most.ts'
import { tell } from '../../store/tell.ts'
import { isMap } from '../../text/is-map.ts'

export interface RemoteKeysOptions {
  /** The address of the JWK Set: https, or http on this machine. */
  readonly url: string
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** How long keys are kept, in milliseconds; 10 minutes when left out. */
  readonly maxAge?: number
  /** At least so long lies between two requests, however many tokens name unknown keys, in milliseconds; 30 seconds when left out. */
  readonly cooldown?: number
  /** How long a request may take, in milliseconds; 5 seconds when left out. */
  readonly timeout?: number
  /** Is told when keys were asked for and could not be had. */
  readonly onFault?: (error: SallyportError) => void
}

/** A JWK Set of dozens of keys has less. */
const MAX_BYTES = 256 * 1024
/** After a failure, in milliseconds; it doubles with each further one, up to the cooldown. */
const FIRST_PAUSE = 1000

/**
 * Keys for `jwtCallers`, fetched when they are needed and kept. Redirects are not followed: they would lead past the check of the address.
 * While they cannot be had, `E_ISSUER_UNAVAILABLE` is what becomes of every token, and the issuer is left alone between two tries.
 *
 * @throws SallyportError `E_ADDRESS`
 * @example remoteKeys({ url: 'https://as.example.com/jwks.json' })
 */
export function remoteKeys(options: RemoteKeysOptions): JWTVerifyGetKey {
  const { url, fetch: send = fetch, maxAge = 600_000, cooldown = 30_000, timeout = 5_000, onFault } = options
  const address = checkAddress(url, 'the address of the keys')
  let failures = 0
  let fault: SallyportError | undefined
  let pausedUntil = 0
  return createRemoteJWKSet(new URL(address), {
    cacheMaxAge: maxAge,
    cooldownDuration: cooldown,
    timeoutDuration: timeout,
    // jose paces requests after one that succeeded; forged tokens would ask an issuer that is down without end.
    [customFetch]: async (to, init) => {
      if (fault !== undefined && performance.now() < pausedUntil) throw fault
      try {
        const bytes = await fetchKeys(send, to, init)
        failures = 0
        fault = undefined
        return new Response(bytes)
      } catch (cause) {
        pausedUntil = performance.now() + Math.min(cooldown, FIRST_PAUSE * 2 ** failures++)
        const why = cause instanceof Error ? cause.message : String(cause)
        fault = new SallyportError('E_ISSUER_UNAVAILABLE', `the keys at ${address} cannot be had: ${why}`, { cause })
        tell(onFault, fault)
        throw fault
      }
    },
  })
}

async function fetchKeys(
  send: NonNullable<RemoteKeysOptions['fetch']>,
  url: string,
  init: RequestInit,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await send(url, { ...init, redirect: 'error' })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new TypeError(`HTTP ${response.status}`)
  }
  const bytes = await readAtMost(response.body, MAX_BYTES)
  if (bytes === undefined) throw new TypeError(`the JWK Set has more than ${MAX_BYTES} bytes`)
  const set: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (!isMap(set) || !Array.isArray(set.keys)) throw new TypeError('what is there is no JWK Set')
  return bytes
}
