/** Tokens of OAuth token exchange (RFC 8693): who acts for whom, verified. */
import { type JWTVerifyGetKey, jwtVerify } from 'jose'
import { type ClaimsOptions, subjectFromClaims } from '../engine/claims.ts'
import type { Subject } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { checkTolerance, clockOf } from './clock.ts'
import type { CryptoKey, JWK } from './keys.ts'
import { problem } from './token.ts'

export interface ActorTokenExpected extends ClaimsOptions {
  readonly issuer: string
  readonly audience: string
  /** The issuer's key, or what finds it: `createRemoteJWKSet` of jose, for one. */
  readonly key: CryptoKey | JWK | JWTVerifyGetKey
  /** The algorithms of signature to accept, such as `RS256`. Those with a shared secret are never accepted. */
  readonly algorithms: readonly string[]
  /** The header `typ` to demand, such as `at+jwt` (RFC 9068). */
  readonly typ?: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** How far clocks may be apart, in milliseconds, 300,000 at most; 0 when left out. */
  readonly tolerance?: number
}

/**
 * The subject that an access token describes, with the actors of its `act` claims.
 *
 * @throws SallyportError `E_PROOF` when a signature, the issuer, the audience or the type is wrong; `E_PROOF_EXPIRED`; `E_REQUEST` for an `act`
 * that is none; `E_USAGE` for algorithms, a time or a tolerance that cannot be
 * @example
 * const subject = await subjectFromToken(token, { issuer, audience, key, algorithms: ['ES256'], now: Date.now() })
 * engine.evaluate({ subject, action: { name: 'read' }, resource })
 */
export async function subjectFromToken(token: string, expected: ActorTokenExpected): Promise<Subject> {
  const { issuer, audience, key, algorithms, typ, now, tolerance = 0, ...claims } = expected
  const shared = algorithms.find((algorithm) => !/^(?:RS|PS|ES)\d+$|^EdDSA$|^Ed25519$/.test(algorithm))
  if (algorithms.length === 0 || shared !== undefined) {
    throw new SallyportError(
      'E_USAGE',
      `algorithms must name signatures with public keys, not ${JSON.stringify(shared ?? [])}`,
    )
  }
  checkTolerance(tolerance)
  const options = {
    issuer,
    audience,
    algorithms: [...algorithms],
    ...clockOf(now, tolerance),
    requiredClaims: ['sub', 'exp'],
    ...(typ !== undefined && { typ }),
  }
  const { payload } = await jwtVerify(token, key, options).catch((cause: unknown) => {
    throw problem(cause, 'the token', 'E_PROOF')
  })
  return subjectFromClaims(payload, claims)
}
