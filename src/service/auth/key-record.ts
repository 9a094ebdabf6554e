/** What is kept of API keys: a list of records, as JSON. */
import { SallyportError } from '../../errors.ts'
import { fromBase64Url } from '../../text/base64url.ts'
import { isMap } from '../../text/is-map.ts'
import { parseTime } from '../../text/time.ts'
import { attributesOf, optionalText, refuseOthers, tenantsOf } from './caller-record.ts'
import type { IdentifiedCaller } from './identify.ts'

export interface ApiKeyRecord {
  /** Of the key; a caller may have several keys, as while they are being changed. */
  readonly id: string
  readonly hash: Uint8Array
  readonly caller: IdentifiedCaller
  /** From when on it is none any more, in milliseconds since the epoch. */
  readonly expires: number
}

export type ApiKeys = ReadonlyMap<string, ApiKeyRecord>

/**
 * Reads `{ "keys": [ { id, sha256, caller, type?, tenants, attributes?, expires? } ] }`.
 *
 * @throws SallyportError `E_USAGE`, which names the record by its place and repeats nothing of it
 * @example readApiKeys(JSON.parse(await readFile('api-keys.json', 'utf8')))
 */
export function readApiKeys(document: unknown): ApiKeys {
  const list = isMap(document) ? document.keys : undefined
  if (!Array.isArray(list)) throw new SallyportError('E_USAGE', 'the keys are { "keys": [ … ] }')
  const keys = new Map<string, ApiKeyRecord>()
  for (const [place, item] of list.entries()) {
    const record = readRecord(item, `keys[${place}]`)
    if (keys.has(record.id)) throw new SallyportError('E_USAGE', `keys[${place}].id is that of another key`)
    keys.set(record.id, record)
  }
  return keys
}

function readRecord(item: unknown, where: string): ApiKeyRecord {
  if (!isMap(item)) throw new SallyportError('E_USAGE', `${where} is no object`)
  refuseOthers(item, ['id', 'sha256', 'caller', 'type', 'tenants', 'attributes', 'expires'], where)
  const { id, sha256, caller, expires } = item
  if (typeof id !== 'string' || !/^[0-9a-f]{16}$/.test(id)) throw wrong(`${where}.id is 16 hexadecimal digits`)
  const hash = typeof sha256 === 'string' ? fromBase64Url(sha256) : undefined
  if (hash?.length !== 32) throw wrong(`${where}.sha256 is 32 bytes in base64url, as sallyport key create prints it`)
  if (typeof caller !== 'string' || caller === '') throw wrong(`${where}.caller is the name of a caller`)
  const end = expires === undefined ? Number.POSITIVE_INFINITY : parseTime(String(expires))
  if (end === undefined) throw wrong(`${where}.expires is a time such as 2027-01-31T12:00:00Z`)
  const type = optionalText(item.type, `${where}.type`)
  const known = { tenants: tenantsOf(item.tenants, `${where}.tenants`), ...attributesOf(item.attributes, where) }
  return { id, hash, caller: { id: caller, ...known, ...(type && { type }) }, expires: end }
}

function wrong(message: string): SallyportError {
  return new SallyportError('E_USAGE', message)
}
