/** Issuing proofs: a delegation as a signed token, bound to the key of who holds it. */
import { SallyportError } from '../errors.ts'
import type { DelegationStatement } from '../guard/delegation/statement.ts'
import { type CryptoKey, type PublicKey, publicJwk } from './keys.ts'
import { seconds, sign, TYPES } from './token.ts'

export interface ProofTerms {
  /** Who issues: an URL, as verifiers know it. */
  readonly issuer: string
  /** Of Ed25519. */
  readonly key: CryptoKey
  /** The name of the key, where verifiers have several. */
  readonly kid?: string
  /** The public key of the grantee, who alone can use the proof and narrow it. */
  readonly holder: PublicKey
  /** Who may accept it; anybody when left out. */
  readonly audience?: string | readonly string[]
  /** Milliseconds since 1970. A proof can be taken back only by a list that verifiers fetch: let it be short. */
  readonly expiresAt: number
  readonly now: number
}

/**
 * A delegation as a proof that verifies without a store. It ends when the delegation does, at the latest. Uses and budgets do not
 * travel: a proof of a delegation that has any says so, and only the store can grant by it.
 *
 * @throws SallyportError `E_USAGE` when it would be over at once, `E_PROOF` for a key of another kind.
 * @example
 * const statement = await guard.delegations.statement(id)
 * const proof = await issueProof(statement, { issuer, key, holder, expiresAt: now + 3_600_000, now })
 */
export async function issueProof(statement: DelegationStatement, terms: ProofTerms): Promise<string> {
  const { issuer, key, kid, holder, audience, expiresAt, now } = terms
  const end = Math.min(expiresAt, statement.expiresAt ?? Number.POSITIVE_INFINITY)
  if (!(Number.isFinite(end) && end > now)) throw new SallyportError('E_USAGE', 'expiresAt must be a time after now')
  const { id, tenant, grantor, grantee, scopes, redelegate, line, root, grantors, metered } = statement
  const claims = {
    iss: issuer,
    jti: id,
    iat: seconds(now),
    exp: seconds(end),
    ...(audience !== undefined && { aud: [audience].flat() }),
    tenant,
    cnf: { jwk: await publicJwk(holder) },
    delegation: { grantor, grantee, scopes, redelegate, line, root, grantors, metered },
  }
  return sign(claims, { typ: TYPES.proof, ...(kid !== undefined && { kid }) }, key)
}
