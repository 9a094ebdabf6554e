/** Delegations that travel: as signed proofs, which others verify offline with the keys and the list of revocations that are here. */
import Type from 'typebox'
import { SallyportError } from '../../errors.ts'
import { sameSubject } from '../../guard/subject-key.ts'
import type { ProofIssuer } from '../../identity/issuer.ts'
import type { Publication } from '../operation/api.ts'
import { type Description, operationsWith } from '../operation/operation.ts'
import { Id, named, strict, Time, timeText } from '../operation/shapes.ts'
import { type ApiContext, actingAs, permitOnTenant } from './acting.ts'
import { SubjectSchema } from './subject.ts'

const define = operationsWith<ApiContext>()
const tag = 'proofs'

/** How long a proof may last, in milliseconds: it can be taken back only by a list that verifiers fetch. */
const LONGEST = 3_600_000

/** A coordinate of Ed25519: 32 bytes in base64url. */
const Coordinate = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const HolderSchema = strict(
  { kty: Type.Enum(['OKP']), crv: Type.Enum(['Ed25519']), x: Coordinate },
  { $id: 'HolderKey', description: 'A public key of Ed25519 as a JWK (RFC 8037), and nothing besides.' },
)

const prove = define({
  method: 'POST',
  path: '/v1/delegations/{id}/proof',
  operationId: 'proveDelegation',
  tag,
  summary: 'Gives its grantee a delegation as a signed proof, bound to a key that the grantee has.',
  description: 'Whoever holds the proof and that key can use it and pass parts of it on, without asking here again.',
  permission: 'delegations:prove',
  params: strict({ id: Id }),
  body: strict(
    {
      by: Type.Optional(SubjectSchema),
      holder: HolderSchema,
      audience: Type.Optional(
        Type.Array(Id, { minItems: 1, maxItems: 16, description: 'Who may accept it; anybody when left out.' }),
      ),
      expires_at: Type.Optional(
        Type.String({ format: 'date-time', description: 'In an hour at most, as when left out.' }),
      ),
    },
    { $id: 'ProveBody' },
  ),
  answers: {
    200: {
      description: 'The proof. It ends when the delegation does, at the latest.',
      body: named('DelegationProof', {
        proof: Type.String({ description: 'A JWT of type delegation-proof+jwt.' }),
        issuer: Type.String(),
        expires_at: Time,
        metered: Type.Boolean({ description: 'Uses or a budget are counted: offline, nothing is granted by it.' }),
      }),
    },
  },
  problems: [409],
  answer: async ({ params: { id }, body, point: { now } }, context) => {
    const { subject: by } = actingAs(body.by, context)
    const proofs = signing(context.proofs)
    const { delegations } = context.guard
    const { grantee } = await delegations.read(id, { by })
    // The grantor would get a key by which it could act as the grantee.
    if (!sameSubject(grantee, by)) {
      throw new SallyportError('E_DELEGATION_FORBIDDEN', 'a proof of a delegation is for its grantee alone')
    }
    const latest = now + LONGEST
    const asked = body.expires_at === undefined ? latest : Date.parse(body.expires_at)
    if (asked > latest) throw new SallyportError('E_USAGE', `a proof lasts ${LONGEST / 1000} seconds at most`)
    const statement = await delegations.statement(id)
    // To the second, as a token says it.
    const expiresAt = Math.floor(Math.min(asked, statement.expiresAt ?? asked) / 1000) * 1000
    const { holder, audience } = body
    const proof = await proofs.prove(statement, { holder, ...(audience && { audience }), expiresAt, now })
    const { issuer } = proofs
    return { status: 200, body: { proof, issuer, expires_at: timeText(expiresAt), metered: statement.metered } }
  },
})

const revocations = define({
  method: 'GET',
  path: '/v1/revocation-list',
  operationId: 'getRevocationList',
  tag,
  summary: 'The delegations of the tenant that are revoked, as a signed list for those who verify proofs.',
  permission: 'revocations:read',
  answers: {
    200: {
      description: 'The list as of now.',
      body: named('RevocationList', {
        list: Type.String({ description: 'A JWT of type revocation-list+jwt.' }),
        issuer: Type.String(),
      }),
    },
  },
  answer: async ({ point: { now } }, context) => {
    permitOnTenant(context)
    const proofs = signing(context.proofs)
    const ids = await context.guard.delegations.revoked()
    return { status: 200, body: { list: await proofs.revocationList({ ids, now }), issuer: proofs.issuer } }
  },
})

export const proofOperations = [prove, revocations]

export const proofKeys: Description = {
  method: 'GET',
  path: '/v1/jwks',
  operationId: 'getProofKeys',
  tag,
  summary: 'The public keys that proofs and lists of revocations are verified with (RFC 7517).',
  published: true,
  answers: {
    200: {
      description: 'The keys, for all tenants.',
      body: named('ProofKeys', {
        keys: Type.Array(
          named('ProofKey', {
            kty: Type.Enum(['OKP']),
            crv: Type.Enum(['Ed25519']),
            x: Type.String(),
            alg: Type.Enum(['EdDSA']),
            use: Type.Enum(['sig']),
            kid: Type.String(),
          }),
        ),
      }),
    },
  },
}

/** The keys of an issuer as what everybody may read. */
export function publishKeys(proofs: ProofIssuer | undefined): Publication {
  return {
    ...proofKeys,
    publish: async () => ({
      status: 200,
      body: await signing(proofs).publicKeys(),
      headers: { 'Cache-Control': 'max-age=300' },
    }),
  }
}

function signing(proofs: ProofIssuer | undefined): ProofIssuer {
  if (proofs !== undefined) return proofs
  throw new SallyportError('E_PROOF_KEY', 'this service has no key to sign proofs with (serve --proof-key)')
}
