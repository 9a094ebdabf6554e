/** Access tokens that are JSON Web Tokens (RFC 7519, RFC 9068): verified by the public keys of one issuer. */
import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { SallyportError } from '../errors.ts'
import { checkTolerance, clockOf } from './clock.ts'

export type { JWTPayload, JWTVerifyGetKey } from 'jose'

export interface AccessTokenExpected {
  /** The `iss` that is trusted, or several. */
  readonly issuer: string | readonly string[]
  /** The `aud` that this service is. */
  readonly audience: string | readonly string[]
  /** The keys of the issuer: jose's `createRemoteJWKSet(url)`, or `createLocalJWKSet(keys)`. */
  readonly keys: JWTVerifyGetKey
  /** Signatures that are taken; those of public keys when left out. Symmetric ones and `none` never are. */
  readonly algorithms?: readonly string[]
  /** The `typ` that is asked for, such as `at+jwt` (RFC 9068); any when left out. */
  readonly type?: string
  /** How far clocks may be apart, in milliseconds, 300,000 at most; 0 when left out. */
  readonly tolerance?: number
  /** The clock: milliseconds since the epoch. */
  readonly now: () => number
}

const publicKeyAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
]

/** Gives the claims of a token, or undefined when it does not hold. Rejects when keys cannot be had. */
export type VerifyAccessToken = (token: string) => Promise<JWTPayload | undefined>

/**
 * Makes what verifies tokens. A token needs `exp` and `sub`. Keys are the issuer's alone: what a token says of where its key is to be
 * found (`jku`, `x5u`, `jwk`) is never followed.
 *
 * @throws SallyportError `E_USAGE` for an algorithm that is none of public keys, no issuer or audience, or a tolerance that cannot be.
 */
export function accessTokens(expected: AccessTokenExpected): VerifyAccessToken {
  const { algorithms = publicKeyAlgorithms, keys, tolerance = 0, type, now } = expected
  const unsafe = algorithms.find((name) => !publicKeyAlgorithms.includes(name))
  if (unsafe !== undefined || algorithms.length === 0) {
    throw new SallyportError('E_USAGE', `algorithms may be ${publicKeyAlgorithms.join(', ')}, not ${unsafe ?? 'none'}`)
  }
  checkTolerance(tolerance)
  const issuer = named(expected.issuer, 'issuer')
  const audience = named(expected.audience, 'audience')
  const fixed = {
    issuer,
    audience,
    algorithms: [...algorithms],
    requiredClaims: ['exp', 'sub'],
    ...(type === undefined ? {} : { typ: type }),
  }
  return async (token) => {
    try {
      return (await jwtVerify(token, keys, { ...fixed, ...clockOf(now(), tolerance) })).payload
    } catch (error) {
      if (isOfToken(error)) return undefined
      throw error
    }
  }
}

/** The `iss` that a token claims: believed for nothing but who is to verify it. Undefined without one; of what is no token, too. */
export function claimedIssuer(token: string): unknown {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** jose takes an empty list for no requirement. */
function named(value: string | readonly string[] | undefined, what: string): string[] {
  const names = [value ?? []].flat()
  if (names.length === 0 || names.some((name) => typeof name !== 'string' || name === '')) {
    throw new SallyportError('E_USAGE', `a token is verified against its ${what}: give at least one`)
  }
  return names
}

/** What is wrong with the token; that keys cannot be fetched is not, and must not look as if it were. */
function isOfToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC') return false
  return !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
}
