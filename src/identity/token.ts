/** Signing and verifying JWTs, with our errors for what jose finds. */
import {
  errors,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
  SignJWT,
} from 'jose'
import { type ErrorCode, SallyportError } from '../errors.ts'
import { clockOf } from './clock.ts'
import { ALGORITHMS, type CryptoKey } from './keys.ts'

/** The kinds of tokens: each is refused where another one belongs (RFC 8725, section 3.11). */
export const TYPES = {
  proof: 'delegation-proof+jwt',
  holder: 'delegation-holder+jwt',
  revocations: 'revocation-list+jwt',
  /** RFC 9449. */
  dpop: 'dpop+jwt',
} as const

export async function sign(
  payload: JWTPayload,
  header: Omit<JWTHeaderParameters, 'alg'> & { readonly typ: string },
  key: CryptoKey,
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ ...header, alg: 'EdDSA' }).sign(key)
}

/** A key, or what finds it: such as what `createLocalJWKSet` and `createRemoteJWKSet` of jose give. */
export type VerifyKey = CryptoKey | JWTVerifyGetKey<CryptoKey>

/** Milliseconds to the seconds of JWT. */
export const seconds = (time: number): number => Math.floor(time / 1000)

export interface Expected extends Pick<JWTVerifyOptions, 'issuer' | 'audience' | 'typ' | 'requiredClaims'> {
  /** Milliseconds since 1970. */
  readonly now: number
  /** How far clocks may be apart, in milliseconds. */
  readonly tolerance?: number
  /** In messages: `the proof`. */
  readonly what: string
}

/** @throws SallyportError `E_PROOF_EXPIRED` for what is over or not yet begun, and `code` for all else. */
export async function verify(
  token: string,
  key: VerifyKey,
  { now, tolerance = 0, what, ...expected }: Expected,
  code: ErrorCode = 'E_PROOF',
): Promise<{ readonly payload: JWTPayload; readonly protectedHeader: JWTHeaderParameters }> {
  const options: JWTVerifyOptions = {
    ...expected,
    algorithms: ALGORITHMS,
    ...clockOf(now, tolerance),
  }
  try {
    const verified = await jwtVerify(token, key, options)
    // jose counts whole seconds, and takes for up to one more what ends within one.
    if (verified.payload.exp !== undefined && now >= verified.payload.exp * 1000 + tolerance) throw over(what)
    return verified
  } catch (cause) {
    throw problem(cause, what, code)
  }
}

function over(what: string, options?: ErrorOptions): SallyportError {
  return new SallyportError('E_PROOF_EXPIRED', `${what} is over, or not yet to be used`, options)
}

/** What jose found, in our words. */
export function problem(cause: unknown, what: string, code: ErrorCode): SallyportError {
  if (cause instanceof SallyportError) return cause
  const early = cause instanceof errors.JWTClaimValidationFailed && cause.claim === 'nbf'
  if (cause instanceof errors.JWTExpired || early) return over(what, { cause })
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SallyportError(code, `${what} is not valid: ${why}`, { cause })
}
