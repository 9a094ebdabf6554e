/**
 * Signatures of manifests: JSON Web Signatures with detached content (RFC 7515, appendix F). A manifest names every other
 * file by its digest, so that its signature covers them all.
 */
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  errors,
  FlattenedSign,
  flattenedVerify,
  importJWK,
  type JWK,
} from 'jose'
import { SallyportError } from '../errors.ts'
import { toBase64Url } from '../text/base64url.ts'
import { bad } from './manifest.ts'

/** Asymmetric only: who can verify must not be able to sign (RFC 8725, section 3.1). */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512']
/** So that no token of another kind passes for a signature of a bundle (RFC 8725, section 3.11). */
const TYPE = 'sallyport-bundle+jws'

/** Public keys that are trusted: a JWK Set (RFC 7517, section 5). */
export interface TrustedKeys {
  readonly keys: readonly JWK[]
}

/**
 * The signature of a manifest, as text.
 *
 * @param jwk A private key with `alg`.
 * @throws SallyportError `E_USAGE` when the key is none to sign with.
 */
export async function signManifest(manifest: Uint8Array, jwk: JWK): Promise<string> {
  const { alg } = jwk
  if (alg === undefined || !ALGORITHMS.includes(alg)) {
    throw new SallyportError('E_USAGE', `the key needs "alg", one of ${ALGORITHMS.join(', ')}`)
  }
  if (jwk.d === undefined) throw new SallyportError('E_USAGE', 'the key is no private key: "d" is missing')
  try {
    const kid = jwk.kid ?? (await calculateJwkThumbprint(jwk))
    const header = { alg, kid, typ: TYPE }
    const signed = await new FlattenedSign(manifest).setProtectedHeader(header).sign(await importJWK(jwk, alg))
    return `${JSON.stringify({ protected: signed.protected, signature: signed.signature })}\n`
  } catch (cause) {
    throw new SallyportError('E_USAGE', `the key cannot sign: it is no whole key for ${alg}`, { cause })
  }
}

/** @throws SallyportError `E_BUNDLE` when no trusted key made the signature. */
export async function verifyManifest(manifest: Uint8Array, signature: string, trusted: TrustedKeys): Promise<void> {
  try {
    const { protected: header, signature: value } = JSON.parse(signature) as Record<string, string>
    if (header === undefined || value === undefined) throw new Error('incomplete')
    const payload = toBase64Url(manifest)
    // createLocalJWKSet looks for the key by the header's kid, and needs one on every key.
    const keys = await Promise.all(
      trusted.keys.map(async (key) => ({ ...key, kid: key.kid ?? (await calculateJwkThumbprint(key)) })),
    )
    const { protectedHeader } = await flattenedVerify(
      { payload, protected: header, signature: value },
      createLocalJWKSet({ keys }),
      {
        algorithms: ALGORITHMS,
      },
    )
    if (protectedHeader?.typ !== TYPE) throw new Error('another type')
  } catch (error) {
    throw bad(`no trusted key has signed it: ${reasonOf(error)}`)
  }
}

/** Whether the key is another one, or the manifest: who looks for the mistake needs to know. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is signed with another key than those given'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is of another manifest, or damaged'
  return 'its signature cannot be read'
}
