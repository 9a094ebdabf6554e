/** Keys of Ed25519 (RFC 8032) as JWK (RFC 8037). Proofs know no other algorithm: there is nothing to choose, and nothing to confuse. */
import { type CryptoKey, calculateJwkThumbprint, exportJWK, importJWK, type JWK } from 'jose'
import { SallyportError } from '../errors.ts'

export type { CryptoKey, JWK } from 'jose'

/** What signs, and what it is verified with. */
export interface KeyPair {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

/** A public key of Ed25519. */
export type PublicKey = CryptoKey | JWK

/** The names of the one algorithm: RFC 8037, and RFC 9864, which puts the second in place of the first. */
export const ALGORITHMS = ['EdDSA', 'Ed25519']

/** A public key as a JWK that holds nothing else, above all no private part. */
export async function publicJwk(key: PublicKey): Promise<JWK> {
  const { kty, crv, x } = isCryptoKey(key) ? await exported(key) : key
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') {
    throw new SallyportError('E_PROOF', 'the key is no public key of Ed25519')
  }
  return { kty, crv, x }
}

export async function importPublic(key: PublicKey): Promise<CryptoKey> {
  const imported = await importJWK(await publicJwk(key), 'EdDSA').catch((cause) => {
    throw new SallyportError('E_PROOF', 'the key is no public key of Ed25519', { cause })
  })
  // Only symmetric keys come as bytes.
  return imported as CryptoKey
}

/** RFC 7638: the name of a key. */
export async function thumbprint(key: PublicKey): Promise<string> {
  return calculateJwkThumbprint(await publicJwk(key))
}

function isCryptoKey(key: PublicKey): key is CryptoKey {
  return 'algorithm' in key && 'extractable' in key
}

async function exported(key: CryptoKey): Promise<JWK> {
  if (key.type !== 'public') throw new SallyportError('E_PROOF', 'a public key is needed, and this one is not')
  return exportJWK(key)
}
