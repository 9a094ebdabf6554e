/** `sallyport/identity`: proofs of delegations that travel, and tokens that say who acts for whom. It needs no store and no network. */
export { type ActorTokenExpected, subjectFromToken } from './actor-token.ts'
export { type Attenuation, attenuateProof } from './attenuate.ts'
export { type ByProofOptions, decideByProof } from './decide.ts'
export {
  type DpopProof,
  type DpopTerms,
  type HolderProof,
  type NonceProof,
  type NonceTerms,
  proveByDpop,
  proveByNonce,
} from './holder.ts'
export { issueProof, type ProofTerms } from './issue.ts'
export { createProofIssuer, type ProofIssuer, type ProofIssuerOptions } from './issuer.ts'
export type { CryptoKey, JWK, KeyPair, PublicKey } from './keys.ts'
export {
  issueRevocationList,
  type ListExpected,
  type ListTerms,
  type RevocationList,
  readRevocationList,
} from './revocation-list.ts'
export { type ProofExpected, type VerifiedProof, verifyProof } from './verify.ts'
