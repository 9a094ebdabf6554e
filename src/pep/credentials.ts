/** What a PEP shows to its PDP. */
import {
  type AuthorizationServer,
  allowInsecureRequests,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
} from 'oauth4webapi'
import { SallyportError } from '../errors.ts'
import { checkEndpoint, isLoopback } from '../http/address.ts'
import { checkWhole, LONGEST_TIME } from '../http/numbers.ts'
import { readAtMost } from '../http/read-at-most.ts'
import { untilAborted } from '../http/until-aborted.ts'
import { PdpError } from './error.ts'
import type { Fetch } from './exchange.ts'
import { checkHeader } from './headers.ts'

export interface Credentials {
  /** The header fields for the next request. */
  headers(fetch: Fetch, signal: AbortSignal | undefined): Promise<Readonly<Record<string, string>>>
  /** The PDP has refused what was shown (401). Whether there may be something better now. */
  renew?(): boolean
}

/** A bearer token (RFC 6750) that somebody else keeps fresh. */
export function bearer(token: string): Credentials {
  const headers = headerOf('Authorization', `Bearer ${token}`)
  return { headers: async () => headers }
}

/** An API key in a header field of its own. */
export function apiKey(key: string, header = 'X-API-Key'): Credentials {
  const headers = headerOf(header, key)
  return { headers: async () => headers }
}

function headerOf(name: string, value: string): Readonly<Record<string, string>> {
  checkHeader(name, value, 'what the credentials show')
  return { [name]: value }
}

export interface ClientCredentialsOptions {
  readonly tokenEndpoint: string
  readonly clientId: string
  readonly clientSecret: string
  /** For authorization servers that ask for one. */
  readonly audience?: string
  /** Further parameters of the token request, such as `scope` and `resource`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** So many seconds before it expires, a token is not used any more; 30 when left out. */
  readonly skew?: number
  /** How long the authorization server has for an answer, in milliseconds; 10,000 when left out. */
  readonly timeout?: number
  /** The clock, in milliseconds. */
  readonly now?: () => number
}

const RESERVED = ['grant_type', 'client_id', 'client_secret']
/** For tokens that come without `expires_in` (RFC 6749, section 5.1, leaves it open). */
const ASSUMED_LIFETIME = 300

/**
 * An access token by the client credentials grant (RFC 6749, section 4.4), kept until shortly before it expires and fetched once for all
 * requests that wait for it.
 *
 * @throws SallyportError `E_USAGE` for parameters that replace what identifies the client; SallyportError `E_ADDRESS`.
 */
export function clientCredentials(options: ClientCredentialsOptions): Credentials {
  const { clientId, clientSecret, audience, parameters = {}, skew = 30, timeout = 10_000, now = Date.now } = options
  checkWhole('timeout', timeout, 1, LONGEST_TIME)
  const endpoint = checkEndpoint(options.tokenEndpoint, 'the address of the token endpoint')
  const replaced = Object.keys(parameters).filter((name) => RESERVED.includes(name))
  if (replaced.length > 0) {
    throw new SallyportError('E_USAGE', `parameters may not replace ${replaced.join(', ')}; leave them out`)
  }
  const server: AuthorizationServer = { issuer: endpoint, token_endpoint: endpoint }
  const form = { ...(audience !== undefined && audience !== '' && { audience }), ...parameters }
  let token: { readonly value: string; readonly until: number } | undefined
  let asking: Promise<string> | undefined

  async function ask(fetch: Fetch, signal: AbortSignal | undefined): Promise<string> {
    try {
      const client = { client_id: clientId }
      const response = await clientCredentialsGrantRequest(server, client, ClientSecretPost(clientSecret), form, {
        [customFetch]: async (url: string, init: RequestInit) => bounded(await fetch(url, init)),
        [allowInsecureRequests]: isLoopback(endpoint),
        ...(signal !== undefined && { signal }),
      })
      const { access_token, token_type, expires_in } = await processClientCredentialsResponse(server, client, response)
      // RFC 6749, section 7.1: a token of another type is not to be used.
      if (token_type.toLowerCase() !== 'bearer') throw new TypeError(`a token of the type ${token_type}`)
      checkHeader('Authorization', `Bearer ${access_token}`, 'the access token')
      token = { value: access_token, until: now() + ((expires_in ?? ASSUMED_LIFETIME) - skew) * 1000 }
      return access_token
    } catch {
      // The reason may quote the answer, and that the secret.
      throw new PdpError('E_PDP_TOKEN', 'the authorization server gave no access token for the PDP')
    }
  }

  return {
    async headers(fetch, signal) {
      if (token === undefined || now() >= token.until) {
        // Without the signal of one caller, since others may wait for the same token.
        asking ??= ask(fetch, AbortSignal.timeout(timeout)).finally(() => {
          asking = undefined
        })
        const value = await untilAborted(asking, signal)
        return { Authorization: `Bearer ${value}` }
      }
      return { Authorization: `Bearer ${token.value}` }
    },
    renew() {
      token = undefined
      return true
    },
  }
}

/** A token of some kilobytes is a long one. */
const MAX_BYTES = 64 * 1024

/** The same answer, of which no more than that is read. */
async function bounded({ body, status, headers }: Response): Promise<Response> {
  const bytes = await readAtMost(body, MAX_BYTES)
  if (bytes === undefined) throw new TypeError(`the answer has more than ${MAX_BYTES} bytes`)
  return new Response(bytes, { status, headers })
}
