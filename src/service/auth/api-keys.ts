/** Callers that prove who they are by an API key. */
import { equalBytes } from '../../http/equal.ts'
import { hashApiKey, idOfApiKey } from './api-key.ts'
import { bearerToken, type IdentifyCaller, InvalidCredentials } from './identify.ts'
import type { ApiKeys } from './key-record.ts'

export interface ApiKeyOptions {
  /** The records, or what gives those that hold now: keys come and go while the service runs. */
  readonly keys: ApiKeys | (() => ApiKeys)
  /** The clock: milliseconds since the epoch. */
  readonly now: () => number
}

/** Compared with when there is no record, so that the time does not tell which ids there are. */
const NO_HASH = new Uint8Array(32)

/**
 * Callers by `Authorization: Bearer spk_…`. Other tokens are left to others.
 *
 * @example createApp({ engine, identify: apiKeys({ keys: readApiKeys(document), now: Date.now }) })
 */
export function apiKeys({ keys, now }: ApiKeyOptions): IdentifyCaller {
  const current = typeof keys === 'function' ? keys : () => keys
  return async (request) => {
    const token = bearerToken(request)
    if (token === undefined || !token.startsWith('spk_')) return undefined
    const id = idOfApiKey(token)
    if (id === undefined) throw new InvalidCredentials('not formed as a key')
    const record = current().get(id)
    const same = equalBytes(await hashApiKey(token), record?.hash ?? NO_HASH)
    if (record === undefined || !same) throw new InvalidCredentials('no such key')
    if (now() >= record.expires) throw new InvalidCredentials('the key has expired')
    return { ...record.caller, proof: 'api-key' }
  }
}
