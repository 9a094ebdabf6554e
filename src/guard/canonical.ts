/** Digests of what was asked: SHA-256 of the canonical JSON of RFC 8785. */
import { bytesToHex } from '@noble/hashes/utils.js'
import { SallyportError } from '../errors.ts'
import { canonicalText } from '../text/canonical.ts'

/**
 * The digest of a JSON value, in hex: the same for the same value, in whatever order its keys stand.
 *
 * @throws SallyportError `E_REQUEST` when it is no JSON value.
 */
export async function digestOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(value))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return bytesToHex(digest)
}

/** RFC 8785, with all that it refuses. Throws as `digestOf` does. */
export function canonicalJson(value: unknown): string {
  try {
    return canonicalText(value, wellFormed)
  } catch (cause) {
    throw new SallyportError('E_REQUEST', 'the request holds what JSON cannot say', { cause })
  }
}

/** Takes nothing with half of a surrogate pair: two systems need not read the same in it. */
function wellFormed(name: string, value: unknown): unknown {
  if (!name.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) {
    throw new TypeError('half of a surrogate pair')
  }
  return value
}
