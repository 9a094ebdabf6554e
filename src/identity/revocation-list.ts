/** Lists of what is revoked, signed, so that verifiers know without asking a store, and know how old their knowledge is. */
import { SallyportError } from '../errors.ts'
import { type CryptoKey, importPublic, type PublicKey } from './keys.ts'
import { seconds, sign, TYPES, verify } from './token.ts'

export interface RevocationList {
  readonly issuer: string
  /** When it was made, in milliseconds since 1970. */
  readonly asOf: number
  has(id: string): boolean
}

export interface ListTerms {
  readonly issuer: string
  readonly key: CryptoKey
  readonly kid?: string
  /** Of delegations (`guard.delegations.revoked()`), and of single blocks, where these are known. */
  readonly ids: Iterable<string>
  readonly now: number
}

/** @example await issueRevocationList({ issuer, key, ids: await guard.delegations.revoked(), now: Date.now() }) */
export async function issueRevocationList({ issuer, key, kid, ids, now }: ListTerms): Promise<string> {
  const claims = { iss: issuer, iat: seconds(now), ids: [...new Set(ids)].sort() }
  return sign(claims, { typ: TYPES.revocations, ...(kid !== undefined && { kid }) }, key)
}

export interface ListExpected {
  readonly issuer: string
  readonly key: PublicKey
  readonly now: number
  /** How far clocks may be apart, in milliseconds; 0 when left out. */
  readonly tolerance?: number
}

/**
 * Reads a list. How old it may be is asked where it is used.
 *
 * @throws SallyportError `E_PROOF` when it is none, or of another issuer
 */
export async function readRevocationList(
  list: string,
  { issuer, key, now, tolerance = 0 }: ListExpected,
): Promise<RevocationList> {
  const expected = {
    issuer,
    typ: TYPES.revocations,
    now,
    tolerance,
    requiredClaims: ['iss', 'iat'],
    what: 'the revocation list',
  }
  const { payload } = await verify(list, await importPublic(key), expected)
  const { ids, iat = 0 } = payload
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
    throw new SallyportError('E_PROOF', 'the revocation list has no ids')
  if (!(iat * 1000 <= now + tolerance)) throw new SallyportError('E_PROOF', 'the revocation list is of the future')
  const known = new Set<string>(ids)
  return { issuer, asOf: iat * 1000, has: (id) => known.has(id) }
}
