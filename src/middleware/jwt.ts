/** Who asks, by a bearer token (RFC 6750) that is a JSON Web Token: verified, with the chain of its actors (RFC 8693). */
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { type ClaimsOptions, subjectFromClaims } from '../engine/claims.ts'
import { SallyportError } from '../errors.ts'
import type { IdentifySubject } from './types.ts'

export interface JwtOptions extends ClaimsOptions {
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
  /** How far clocks may differ, in seconds; 0 when left out. */
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

/**
 * The subject of a request's bearer token; undefined when there is none, or none that holds. A token without `exp` does not.
 *
 * @throws SallyportError `E_USAGE` for an algorithm that is none of public keys.
 * @example subjectFromJwt({ issuer, audience, keys: createRemoteJWKSet(new URL(jwksUri)), now: Date.now })
 */
export function subjectFromJwt(options: JwtOptions): IdentifySubject {
  const { algorithms = publicKeyAlgorithms, keys, tolerance = 0, type, now } = options
  const unsafe = algorithms.find((name) => !publicKeyAlgorithms.includes(name))
  if (unsafe !== undefined || algorithms.length === 0) {
    throw new SallyportError('E_USAGE', `algorithms may be ${publicKeyAlgorithms.join(', ')}, not ${unsafe ?? 'none'}`)
  }
  const fixed = {
    issuer: [options.issuer].flat(),
    audience: [options.audience].flat(),
    algorithms: [...algorithms],
    clockTolerance: tolerance,
    requiredClaims: ['exp', 'sub'],
    ...(type === undefined ? {} : { typ: type }),
  }
  return async ({ header }) => {
    const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header('authorization') ?? '') ?? []
    if (token === undefined) return undefined
    try {
      const { payload } = await jwtVerify(token, keys, { ...fixed, currentDate: new Date(now()) })
      return subjectFromClaims(payload, options)
    } catch (error) {
      if (isOfToken(error)) return undefined
      throw error
    }
  }
}

/** What is wrong with the token; that keys cannot be fetched is not, and must not look as if it were. */
function isOfToken(error: unknown): boolean {
  if (error instanceof SallyportError) return error.code === 'E_REQUEST' || error.code === 'E_CHAIN_DEPTH'
  return (
    error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && error.code !== 'ERR_JOSE_GENERIC'
  )
}
