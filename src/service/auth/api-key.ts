/**
 * API keys: `spk_` and the id of the key, then 32 random bytes. The id finds the record; only the SHA-256 of the whole key is kept.
 *
 * A slow hash, as for passwords, would protect nothing here: it makes guessing dear, and 2²⁵⁶ keys cannot be guessed at any price
 * (NIST SP 800-63B, section 5.1.2.2, asks for salt and stretching only below 112 bits of entropy). It would cost us, at every request.
 */
import { toBase64Url } from '../../text/base64url.ts'

/** Named so that scanners for secrets, and people, know one when they see it. */
const FORM = /^spk_([0-9a-f]{16})_([\w-]{43})$/

export interface NewApiKey {
  /** Shown once, and kept by the caller. */
  readonly key: string
  readonly id: string
  /** Of the whole key, in base64url. */
  readonly sha256: string
}

/** @param random so many random bytes, of a source that nobody can guess */
export async function createApiKey(random: (length: number) => Uint8Array): Promise<NewApiKey> {
  const id = Array.from(random(8), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const key = `spk_${id}_${toBase64Url(random(32))}`
  return { key, id, sha256: toBase64Url(await hashApiKey(key)) }
}

/** The id in a key; undefined when it is not formed as one. */
export function idOfApiKey(key: string): string | undefined {
  return FORM.exec(key)?.[1]
}

export async function hashApiKey(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)))
}
