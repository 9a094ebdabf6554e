/**
 * Showing that a proof is one's own: by DPoP (RFC 9449) where the proof comes with an HTTP request, or by signing a nonce of the
 * verifier. Both name the proof by its hash, so that what was shown for one proof says nothing of another.
 */
import { EmbeddedJWK } from 'jose'
import { SallyportError } from '../errors.ts'
import { hashOf } from './block.ts'
import { importPublic, type JWK, type KeyPair, publicJwk, thumbprint } from './keys.ts'
import { seconds, sign, TYPES, verify } from './token.ts'

/** How a verifier has the holder shown. */
export type HolderProof = DpopProof | NonceProof

export interface DpopProof {
  readonly kind: 'dpop'
  /** The header `DPoP` of the request. */
  readonly dpop: string
  readonly method: string
  /** The URL of the request; its query and fragment do not count. */
  readonly url: string
  /** The nonce that the verifier gave, if it asks for one. */
  readonly nonce?: string
  /** How old it may be, and how far clocks may be apart: milliseconds; 60,000 when left out. */
  readonly within?: number
  /** Whether an id was seen before; it is kept until then, in milliseconds since 1970. */
  readonly seen: (id: string, until: number) => boolean | Promise<boolean>
}

export interface NonceProof {
  readonly kind: 'nonce'
  readonly signature: string
  /** What the verifier gave, once. */
  readonly nonce: string
  readonly audience: string
}

export interface DpopTerms {
  readonly holder: KeyPair
  readonly proof: string
  readonly method: string
  readonly url: string
  readonly nonce?: string
  readonly now: number
  /** Anything that is used once, such as a UUID. */
  readonly id: string
}

/** The header `DPoP` for a request that brings the proof. */
export async function proveByDpop({ holder, proof, method, url, nonce, now, id }: DpopTerms): Promise<string> {
  const claims = {
    jti: id,
    htm: method,
    htu: plainUrl(url),
    iat: seconds(now),
    ath: await hashOf(proof),
    ...(nonce !== undefined && { nonce }),
  }
  return sign(claims, { typ: TYPES.dpop, jwk: await publicJwk(holder.publicKey) }, holder.privateKey)
}

export interface NonceTerms {
  readonly holder: KeyPair
  readonly proof: string
  readonly nonce: string
  /** Who gave the nonce. */
  readonly audience: string
  readonly now: number
}

/** The answer to a nonce. */
export async function proveByNonce({ holder, proof, nonce, audience, now }: NonceTerms): Promise<string> {
  const claims = { nonce, aud: audience, iat: seconds(now), ath: await hashOf(proof) }
  return sign(claims, { typ: TYPES.holder }, holder.privateKey)
}

/** @throws SallyportError `E_PROOF_HOLDER` */
export async function checkHolder(shown: HolderProof, proof: string, holder: JWK, now: number): Promise<void> {
  if (shown.kind === 'dpop') await checkDpop(shown, proof, holder, now)
  else await checkNonce(shown, proof, holder, now)
}

/** The list of RFC 9449, section 4.3. */
async function checkDpop(shown: DpopProof, proof: string, holder: JWK, now: number): Promise<void> {
  const { dpop, method, url, nonce, within = 60_000, seen } = shown
  const expected = { typ: TYPES.dpop, now, tolerance: within, what: 'the DPoP proof' }
  const { payload, protectedHeader } = await verify(dpop, EmbeddedJWK, expected, 'E_PROOF_HOLDER')
  const { jti, htm, htu, iat, ath, nonce: given } = payload
  const key = await thumbprint(protectedHeader.jwk as JWK)
  demand(key === (await thumbprint(holder)), 'it is signed by another key than the one that the proof is bound to')
  demand(htm === method, 'it is for another method')
  demand(typeof htu === 'string' && plainUrl(htu) === plainUrl(url), 'it is for another URL')
  demand(ath === (await hashOf(proof)), 'it is for another proof')
  demand(nonce === undefined || given === nonce, 'it lacks the nonce')
  const made = typeof iat === 'number' ? iat * 1000 : Number.NaN
  demand(Math.abs(now - made) <= within, 'it is too old, or of the future')
  demand(typeof jti === 'string' && jti !== '' && jti.length <= 256, 'it has no id (jti)')
  // The last: an id that comes with something wrong is not used up.
  demand(!(await seen(`${key} ${jti}`, made + 2 * within)), 'it was used before')
}

async function checkNonce(
  { signature, nonce, audience }: NonceProof,
  proof: string,
  holder: JWK,
  now: number,
): Promise<void> {
  const expected = { typ: TYPES.holder, audience, now, what: 'the answer to the nonce' }
  const { payload } = await verify(signature, await importPublic(holder), expected, 'E_PROOF_HOLDER')
  demand(payload.nonce === nonce && nonce !== '', 'it answers another nonce')
  demand(payload.ath === (await hashOf(proof)), 'it is for another proof')
}

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new SallyportError('E_PROOF_HOLDER', `the holder of the proof is not shown: ${otherwise}`)
}

function plainUrl(url: string): string {
  try {
    const { origin, pathname } = new URL(url)
    return origin + pathname
  } catch (cause) {
    throw new SallyportError('E_PROOF_HOLDER', 'the holder of the proof is not shown: there is no URL', { cause })
  }
}
