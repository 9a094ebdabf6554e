/**
 * Page tokens of the Search APIs (AuthZEN Authorization API 1.0, section 8.2): opaque, and stateless, so that any
 * instance with the same secret and policies can continue what another began.
 *
 * A token holds the last candidate that was looked at, which the caller may not be allowed to see; so it is encrypted. It
 * is bound to its query, which holds the tenant and the image: AES-GCM's additional data (NIST SP 800-38D).
 * The nonce is a MAC of what is sealed, as in SIV (RFC 5297): without randomness, two texts never share one.
 */
import { SallyportError } from '../errors.ts'
import { fromBase64Url, toBase64Url } from '../text/base64url.ts'
import { bad } from './json.ts'

/** Where a search goes on: after this candidate (undefined: before the first), with so many results to a page. */
export interface Position {
  readonly after: string | undefined
  readonly limit: number
}

export interface PageTokens {
  /** The token for a position in the results of a query. */
  seal(query: string, position: Position): Promise<string>
  /** @throws SallyportError `E_REQUEST` when the token is damaged, forged, or was made for another query. */
  open(query: string, token: string): Promise<Position>
}

const nonceBytes = 12
const shortestSecret = 32

/**
 * Tokens under a secret of at least 32 bytes. Instances that answer for one another share it.
 *
 * @throws SallyportError `E_USAGE` when the secret is shorter.
 * @example const tokens = createPageTokens(crypto.getRandomValues(new Uint8Array(32)))
 */
export function createPageTokens(secret: Uint8Array): PageTokens {
  if (secret.length < shortestSecret) {
    throw new SallyportError('E_USAGE', `the secret of page tokens needs ${shortestSecret} bytes or more`)
  }
  const copy = Uint8Array.from(secret)
  let keys: Promise<Keys> | undefined
  // Imported when first used: some runtimes refuse cryptography before the first request.
  const load = () => {
    keys ??= deriveKeys(copy)
    return keys
  }
  return {
    seal: async (query, { after, limit }) => {
      const { mac, cipher } = await load()
      const text = encode(JSON.stringify([limit, after ?? null]))
      const bound = encode(query)
      const nonce = new Uint8Array(await crypto.subtle.sign('HMAC', mac, join(text, [0], bound))).slice(0, nonceBytes)
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: bound }, cipher, text)
      return toBase64Url(join(nonce, new Uint8Array(sealed)))
    },
    open: async (query, token) => {
      const { cipher } = await load()
      const bytes = fromBase64Url(token)
      const iv = bytes?.slice(0, nonceBytes)
      if (bytes === undefined || iv?.length !== nonceBytes) throw foreign()
      try {
        const additionalData = encode(query)
        const body = bytes.slice(nonceBytes)
        return positionIn(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, cipher, body))
      } catch {
        throw foreign()
      }
    },
  }
}

interface Keys {
  readonly mac: CryptoKey
  readonly cipher: CryptoKey
}

/** Two keys from one secret, by HKDF (RFC 5869). */
async function deriveKeys(secret: Uint8Array<ArrayBuffer>): Promise<Keys> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const from = (use: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(0),
    info: encode(`sallyport page token ${use}`),
  })
  const [mac, cipher] = await Promise.all([
    crypto.subtle.deriveKey(from('mac'), base, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']),
    crypto.subtle.deriveKey(from('cipher'), base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
  ])
  return { mac, cipher }
}

/** Only we can seal, so what opens has this form. */
function positionIn(bytes: ArrayBuffer): Position {
  const [limit, after] = JSON.parse(new TextDecoder().decode(bytes)) as [number, string | null]
  return { limit, after: after ?? undefined }
}

function foreign() {
  return bad('page.token does not belong to this query and these policies; start again without a token')
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
