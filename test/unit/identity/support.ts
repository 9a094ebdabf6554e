/** An issuer, holders with keys, and proofs between them. */
import { exportJWK, generateKeyPair } from 'jose'
import type { DelegationStatement } from '../../../src/guard/index.ts'
import { issueProof, type KeyPair, type ProofExpected, proveByNonce, verifyProof } from '../../../src/identity/index.ts'
import { publicJwk } from '../../../src/identity/keys.ts'

export const now = Date.UTC(2026, 0, 1)
export const hour = 3_600_000
export const issuer = 'https://issuer.example'
export const audience = 'https://edge.example'
export const nonce = 'n-1'

export const newKeys = (): Promise<KeyPair> => generateKeyPair('Ed25519', { extractable: true })
export const [issuerKeys, botKeys, subKeys, otherKeys] = await Promise.all([newKeys(), newKeys(), newKeys(), newKeys()])
export { exportJWK, publicJwk }

export const bot = { type: 'agent', id: 'bot' }
export const sub = { type: 'agent', id: 'sub' }
export const ann = { type: 'user', id: 'ann' }

export const statement: DelegationStatement = {
  id: 'dlg_1',
  tenant: 'default',
  line: ['dlg_1'],
  grantors: [ann],
  root: ann,
  grantor: ann,
  grantee: bot,
  scopes: [[{ actions: 'travel:*', on: 'trip' }]],
  redelegate: 2,
  metered: false,
}

export async function issued(more: Partial<DelegationStatement> = {}, terms: object = {}): Promise<string> {
  return issueProof(
    { ...statement, ...more },
    {
      issuer,
      key: issuerKeys.privateKey,
      holder: botKeys.publicKey,
      expiresAt: now + hour,
      now,
      ...terms,
    },
  )
}

/** Verifies a proof that a holder presents with the answer to a nonce. */
export async function verified(proof: string, holder: KeyPair = botKeys, more: Partial<ProofExpected> = {}) {
  const signature = await proveByNonce({ holder, proof, nonce, audience, now })
  return verifyProof(proof, {
    issuer,
    key: issuerKeys.publicKey,
    tenant: 'default',
    audience,
    now,
    holder: { kind: 'nonce', signature, nonce, audience },
    revocations: 'unchecked',
    ...more,
  })
}
