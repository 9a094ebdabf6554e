/** Digests of what was asked: SHA-256 of the canonical JSON of RFC 8785. */
import canonicalize from 'canonicalize'
import { SallyportError } from '../errors.ts'

/**
 * The digest of a JSON value, in hex: the same for the same value, in whatever order its keys stand.
 *
 * @throws SallyportError `E_REQUEST` when it is no JSON value.
 */
export async function digestOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(value))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** RFC 8785. Throws as `digestOf` does. */
export function canonicalJson(value: unknown): string {
  try {
    // Through JSON first: what JSON leaves out (undefined, methods) is no part of the value.
    const text = JSON.stringify(value)
    const canonical = text === undefined ? undefined : canonicalize(JSON.parse(text))
    if (canonical !== undefined) return canonical
  } catch (cause) {
    throw new SallyportError('E_REQUEST', 'the request holds what JSON cannot say', { cause })
  }
  throw new SallyportError('E_REQUEST', 'the request is no JSON value')
}
