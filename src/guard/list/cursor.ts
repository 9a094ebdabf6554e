/**
 * Cursors: where a list goes on, in the caller's hands. They hold no state of this process, so that any other over the same store and policies can
 * continue. They are bound to tenant, query and policies by an HMAC or, without a key, by a digest: one that somebody makes up without a key leads
 * only into a list that its maker may read from the start anyway.
 */
import { SallyportError } from '../../errors.ts'
import { fromBase64Url, toBase64Url } from '../../text/base64url.ts'
import { canonicalJson } from '../canonical.ts'

export interface Position {
  /** The last candidate that was looked at. */
  readonly after: string
  /** The store's revision when the list began; only where it has to stay the same. */
  readonly revision?: number
}

/** What a cursor is bound to: any JSON value. */
export type Binding = unknown

/** @param key secret bytes, the same in all processes; undefined: a digest binds */
export class Cursors {
  readonly #key: Promise<CryptoKey> | undefined

  constructor(key: Uint8Array<ArrayBuffer> | undefined) {
    if (key !== undefined && key.length < 32)
      throw new SallyportError('E_USAGE', 'a key of cursors has 32 bytes or more')
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    this.#key = key && crypto.subtle.importKey('raw', key, algorithm, false, ['sign', 'verify'])
  }

  async issue(binding: Binding, position: Position): Promise<string> {
    const payload = toBase64Url(new TextEncoder().encode(JSON.stringify([position.after, position.revision ?? null])))
    return `${payload}.${await this.#seal(binding, payload)}`
  }

  /** @throws SallyportError `E_CURSOR` when it is damaged, or of another tenant, query or revision of the policies. */
  async read(binding: Binding, cursor: string): Promise<Position> {
    const [payload = '', seal = '', ...rest] = cursor.split('.')
    // Two MACs over secret-keyed input are compared; without a key there is nothing to tell by time.
    const known = rest.length === 0 && seal !== '' && (await this.#fits(binding, payload, seal))
    const position = known ? readPosition(payload) : undefined
    if (position === undefined) {
      throw new SallyportError(
        'E_CURSOR',
        'the cursor does not belong to this query and these policies; start again without it',
      )
    }
    return position
  }

  async #seal(binding: Binding, payload: string): Promise<string> {
    const key = await this.#key
    const bytes = bytesOf(binding, payload)
    const seal = key === undefined ? crypto.subtle.digest('SHA-256', bytes) : crypto.subtle.sign('HMAC', key, bytes)
    return toBase64Url(new Uint8Array(await seal))
  }

  async #fits(binding: Binding, payload: string, seal: string): Promise<boolean> {
    const key = await this.#key
    if (key === undefined) return seal === (await this.#seal(binding, payload))
    const given = fromBase64Url(seal)
    return given !== undefined && crypto.subtle.verify('HMAC', key, given, bytesOf(binding, payload))
  }
}

/** The payload has no line break, so that the border between the two is clear. */
function bytesOf(binding: Binding, payload: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${payload}\n${canonicalJson(binding)}`)
}

/** Whoever can seal can seal anything, so it is checked like any input. */
function readPosition(payload: string): Position | undefined {
  try {
    const bytes = fromBase64Url(payload)
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (!Array.isArray(value)) return undefined
    const [after, revision]: unknown[] = value
    if (typeof after !== 'string') return undefined
    if (revision === null) return { after }
    return typeof revision === 'number' && Number.isSafeInteger(revision) ? { after, revision } : undefined
  } catch {
    return undefined
  }
}
