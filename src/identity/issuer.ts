/** Who issues proofs: one key of Ed25519, and all that is signed with it. */
import { importJWK } from 'jose'
import { SallyportError } from '../errors.ts'
import { issueProof, type ProofTerms } from './issue.ts'
import { type CryptoKey, type JWK, publicJwk, thumbprint } from './keys.ts'
import { issueRevocationList, type ListTerms } from './revocation-list.ts'

export interface ProofIssuerOptions {
  /** A URL, as verifiers know it: the claim `iss`. */
  readonly issuer: string
  /** A private key of Ed25519 (RFC 8037). Its `kid` is the name of the key; the thumbprint of RFC 7638 when left out. */
  readonly jwk: JWK
}

type Statement = Parameters<typeof issueProof>[0]

export interface ProofIssuer {
  readonly issuer: string
  /** Throws as `issueProof` does. */
  prove(statement: Statement, terms: Omit<ProofTerms, 'issuer' | 'key' | 'kid'>): Promise<string>
  revocationList(terms: Pick<ListTerms, 'ids' | 'now'>): Promise<string>
  /** The public key, for others to verify with: a JWK Set (RFC 7517, section 5). */
  publicKeys(): Promise<{ readonly keys: readonly JWK[] }>
}

/**
 * What signs for one issuer.
 *
 * @throws SallyportError `E_USAGE` when the key is none to sign proofs with; of what it says, when it is first used
 * @example createProofIssuer({ issuer: 'https://authz.example.com', jwk: { kty: 'OKP', crv: 'Ed25519', x, d } })
 */
export function createProofIssuer({ issuer, jwk }: ProofIssuerOptions): ProofIssuer {
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.d !== 'string') {
    throw new SallyportError(
      'E_USAGE',
      'proofs are signed with a private key of Ed25519: "kty": "OKP", "crv", "x" and "d"',
    )
  }
  let loaded: Promise<{ readonly key: CryptoKey; readonly kid: string }> | undefined
  // Imported when first used: some runtimes refuse cryptography before the first request.
  const load = () => {
    loaded ??= importKey(jwk)
    return loaded
  }
  return {
    issuer,
    prove: async (statement, terms) => issueProof(statement, { ...terms, ...(await load()), issuer }),
    revocationList: async (terms) => issueRevocationList({ ...terms, ...(await load()), issuer }),
    publicKeys: async () => ({
      keys: [{ ...(await publicJwk(jwk)), alg: 'EdDSA', use: 'sig', kid: (await load()).kid }],
    }),
  }
}

async function importKey(jwk: JWK): Promise<{ readonly key: CryptoKey; readonly kid: string }> {
  const kid = jwk.kid ?? (await thumbprint(jwk))
  // Without what would bind it to another use. Only symmetric keys come as bytes.
  const { kty, crv, x, d } = jwk
  const key = await importJWK({ kty, crv, x, d } as JWK, 'EdDSA').catch((cause) => {
    throw new SallyportError('E_USAGE', 'the key that is to sign proofs is no key of Ed25519', { cause })
  })
  return { key: key as CryptoKey, kid }
}
