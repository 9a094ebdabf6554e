/** Attenuation: whoever holds a proof passes a part of it on, offline. */
import type { Scope } from '../delegation/scope.ts'
import { SallyportError } from '../errors.ts'
import type { SubjectRef } from '../guard/subject-key.ts'
import { claimsOf, hashOf, readBlock, splitProof } from './block.ts'
import { type KeyPair, type PublicKey, publicJwk, thumbprint } from './keys.ts'
import { checkNarrowing } from './narrowing.ts'
import { seconds, sign, TYPES } from './token.ts'

export interface Attenuation {
  /** The keys of who holds the proof; the public one is that in the proof. */
  readonly holder: KeyPair
  readonly grantee: SubjectRef
  /** The public key of the new holder. */
  readonly to: PublicKey
  /** Inside those of the proof; all of them when left out. */
  readonly scopes?: readonly Scope[]
  /** How often it may be passed on further; 0 when left out. */
  readonly redelegate?: number
  /** Inside the audience of the proof; the same when left out. */
  readonly audience?: string | readonly string[]
  /** Milliseconds since 1970; the end of the proof when left out. */
  readonly expiresAt?: number
  readonly now: number
  /** Names this part, so that it can be revoked alone: anything that nobody else uses, such as a UUID. */
  readonly id: string
}

/**
 * A proof of a part of what a proof is about, for somebody else. Nobody is asked; what is wider is refused here, and by every
 * verifier. The signatures of the proof are not verified: the key of its issuer may not be at hand.
 *
 * @throws SallyportError `E_PROOF`, `E_PROOF_EXCEEDS`; `E_PROOF_HOLDER` when it is bound to another key
 */
export async function attenuateProof(proof: string, terms: Attenuation): Promise<string> {
  const blocks = splitProof(proof)
  const last = blocks[blocks.length - 1]!
  const outer = await readBlock(claimsOf(last))
  if ((await thumbprint(terms.holder.publicKey)) !== (await thumbprint(outer.holder))) {
    throw new SallyportError('E_PROOF_HOLDER', 'the proof is bound to another key')
  }
  const { expiresAt, audience = outer.audience, now, redelegate = 0 } = terms
  const aud = [audience].flat()
  const claims = {
    jti: terms.id,
    iat: seconds(now),
    exp: expiresAt === undefined ? outer.expires : seconds(expiresAt),
    ...(aud.length > 0 && { aud }),
    prev: await hashOf(last),
    cnf: { jwk: await publicJwk(terms.to) },
    delegation: {
      grantor: outer.grantee,
      grantee: terms.grantee,
      scopes: [terms.scopes ?? outer.scopes[outer.scopes.length - 1]!],
      redelegate,
    },
  }
  checkNarrowing(await readBlock(claims), outer)
  return splitProof([...blocks, await sign(claims, { typ: TYPES.proof }, terms.holder.privateKey)].join('~')).join('~')
}
