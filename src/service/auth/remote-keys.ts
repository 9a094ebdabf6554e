/** The public keys of an issuer, from the address where it publishes them (RFC 7517, section 5). */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import { checkAddress } from '../../http/address.ts'
import { readAtMost } from '../../http/read-at-most.ts'

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
}

/** A JWK Set of dozens of keys has less. */
const MAX_BYTES = 256 * 1024

/**
 * Keys for `jwtCallers`, fetched when they are needed and kept. Redirects are not followed: they would lead past the check of the address.
 *
 * @throws SallyportError `E_ADDRESS`
 * @example remoteKeys({ url: 'https://as.example.com/jwks.json' })
 */
export function remoteKeys({
  url,
  fetch: send = fetch,
  maxAge,
  cooldown,
  timeout,
}: RemoteKeysOptions): JWTVerifyGetKey {
  const address = checkAddress(url, 'the address of the keys')
  return createRemoteJWKSet(new URL(address), {
    cacheMaxAge: maxAge ?? 600_000,
    cooldownDuration: cooldown ?? 30_000,
    timeoutDuration: timeout ?? 5_000,
    [customFetch]: async (to, init) => {
      const response = await send(to, { ...init, redirect: 'error' })
      const bytes = await readAtMost(response.body, MAX_BYTES)
      if (bytes === undefined) throw new TypeError(`the JWK Set has more than ${MAX_BYTES} bytes`)
      return new Response(bytes, { status: response.status })
    },
  })
}
