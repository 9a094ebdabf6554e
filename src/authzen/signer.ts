/** What a PDP signs: one key, and JSON Web Tokens under it (RFC 7515, RFC 7519). */
import { calculateJwkThumbprint, errors, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { SallyportError } from '../errors.ts'

export interface SigningKey {
  /** The party that vouches for what is signed: the claim `iss`. */
  readonly issuer: string
  /** A private key with `alg`, which is asymmetric: ES256, EdDSA, RS256, … */
  readonly jwk: JWK
}

/** Claims, with what says for whom and how long they hold. */
export interface SignOptions {
  /** The header `typ`: what kind of token it is, so that none is taken for another (RFC 8725, section 3.11). */
  readonly type: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface Signer {
  readonly issuer: string
  sign(claims: JWTPayload, options: SignOptions): Promise<string>
  /** The claims; undefined when the token is not ours, of another type or for someone else; `expired` when it was good once. */
  verify(
    token: string,
    options: SignOptions & { readonly audience: string },
  ): Promise<JWTPayload | 'expired' | undefined>
  /** The public key, for others to verify with: a JWK Set (RFC 7517, section 5). */
  publicKeys(): Promise<{ readonly keys: readonly JWK[] }>
}

const algorithms = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512']
/** Members of a JWK that are public (RFC 7518, section 6; RFC 8037, section 2). All others stay here. */
const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const

/**
 * A signer with a private key.
 *
 * @throws SallyportError `E_USAGE` when the key is none to sign with.
 * @example createSigner({ issuer: 'https://pdp.example.com', jwk: { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', x, d } })
 */
export function createSigner({ issuer, jwk }: SigningKey): Signer {
  const { alg } = jwk
  if (alg === undefined || !algorithms.includes(alg)) {
    throw new SallyportError('E_USAGE', `the signing key needs "alg", one of ${algorithms.join(', ')}`)
  }
  if (jwk.d === undefined) throw new SallyportError('E_USAGE', 'the signing key is no private key: "d" is missing')
  const open: JWK = Object.fromEntries(publicMembers.flatMap((name) => (name in jwk ? [[name, jwk[name]]] : [])))
  let loaded: Promise<Loaded> | undefined
  // Imported when first used: some runtimes refuse cryptography before the first request.
  const load = () => {
    loaded ??= importKeys(jwk, open, alg)
    return loaded
  }
  return {
    issuer,
    sign: async (claims, { type, now }) => {
      const { signing, kid } = await load()
      const token = new SignJWT({ ...claims, iss: issuer, iat: Math.floor(now / 1000) })
      return token.setProtectedHeader({ alg, kid, typ: type }).sign(signing)
    },
    verify: async (token, { type, now, audience }) => {
      const { verifying } = await load()
      const expected = { algorithms: [alg], issuer, audience, typ: type, currentDate: new Date(now) }
      try {
        return (await jwtVerify(token, verifying, { ...expected, requiredClaims: ['exp'] })).payload
      } catch (error) {
        // Its time is the last that is looked at: all else was right.
        if (error instanceof errors.JWTExpired) return 'expired'
        if (error instanceof errors.JOSEError) return undefined
        throw error
      }
    },
    publicKeys: async () => ({ keys: [{ ...open, alg, use: 'sig', kid: (await load()).kid }] }),
  }
}

interface Loaded {
  readonly signing: Awaited<ReturnType<typeof importJWK>>
  readonly verifying: Awaited<ReturnType<typeof importJWK>>
  readonly kid: string
}

async function importKeys(jwk: JWK, open: JWK, alg: string): Promise<Loaded> {
  const [signing, verifying] = await Promise.all([importJWK(jwk, alg), importJWK(open, alg)])
  return { signing, verifying, kid: jwk.kid ?? (await calculateJwkThumbprint(open)) }
}
