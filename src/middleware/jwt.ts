/** Who asks, by a bearer token (RFC 6750) that is a JSON Web Token: verified, with the chain of its actors (RFC 8693). */
import { type ClaimsOptions, subjectFromClaims } from '../engine/claims.ts'
import { SallyportError } from '../errors.ts'
import { type AccessTokenExpected, accessTokens } from '../identity/access-token.ts'
import type { IdentifySubject } from './types.ts'

export interface JwtOptions extends ClaimsOptions, AccessTokenExpected {}

/**
 * The subject of a request's bearer token; undefined when there is none, or none that holds. A token without `exp` does not.
 *
 * @throws SallyportError `E_USAGE` for an algorithm that is none of public keys.
 * @example subjectFromJwt({ issuer, audience, keys: createRemoteJWKSet(new URL(jwksUri)), now: Date.now })
 */
export function subjectFromJwt(options: JwtOptions): IdentifySubject {
  const verify = accessTokens(options)
  return async ({ header }) => {
    const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header('authorization') ?? '') ?? []
    const claims = token === undefined ? undefined : await verify(token)
    return claims === undefined ? undefined : subjectOf(claims, options)
  }
}

/** Claims that are signed may still say nothing of who it is. */
function subjectOf(claims: Parameters<typeof subjectFromClaims>[0], options: JwtOptions) {
  try {
    return subjectFromClaims(claims, options)
  } catch (error) {
    if (error instanceof SallyportError && (error.code === 'E_REQUEST' || error.code === 'E_CHAIN_DEPTH')) {
      return undefined
    }
    throw error
  }
}
