/** Verifying proofs offline: with the issuer's public key, the time, and a list of what is revoked. */
import type { Scope } from '../delegation/scope.ts'
import { SallyportError } from '../errors.ts'
import type { SubjectRef } from '../guard/subject-key.ts'
import { type Block, type FirstBlock, type Grantor, hashOf, readBlock, readFirst, splitProof } from './block.ts'
import { checkTolerance } from './clock.ts'
import { checkHolder, type HolderProof } from './holder.ts'
import { importPublic, type PublicKey } from './keys.ts'
import { checkNarrowing } from './narrowing.ts'
import type { RevocationList } from './revocation-list.ts'
import { TYPES, type VerifyKey, verify } from './token.ts'

export interface ProofExpected {
  readonly issuer: string
  /** The issuer's public key, or what finds it: `createRemoteJWKSet` of jose, for one. */
  readonly key: PublicKey | Extract<VerifyKey, (...given: never[]) => unknown>
  /** The tenant that the proof must be of. */
  readonly tenant: string
  /** Who verifies. A proof that names an audience must name this one. */
  readonly audience: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** How far clocks may be apart, in milliseconds; 0 when left out, 5 minutes at most: for so long what was revoked stays listed. */
  readonly tolerance?: number
  /** How the holder shows that the proof is theirs. */
  readonly holder: HolderProof
  /** What is revoked, and how old this knowledge may be, in milliseconds. `unchecked`: a revoked proof is good until it ends. */
  readonly revocations: { readonly list: RevocationList; readonly within: number } | 'unchecked'
}

/** A proof that was verified. */
export interface VerifiedProof {
  readonly issuer: string
  readonly tenant: string
  /** Who holds it: whoever asks must be this one. */
  readonly grantee: SubjectRef
  /** Who lent to the grantee. */
  readonly grantor: SubjectRef
  /** Whose right it is in the end. */
  readonly root: Grantor
  /** All whose rights it passed through: the root, and then who lent each of the line. */
  readonly grantors: readonly Grantor[]
  /** The ids of the delegations and blocks, the root's first. */
  readonly line: readonly string[]
  /** A request must be covered by every list. */
  readonly scopes: readonly (readonly Scope[])[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** How much longer it is taken, as it was verified; undefined: not at all. */
  readonly tolerance?: number
  /** Its uses or its budget are counted in the issuer's store, which alone can grant by it. */
  readonly metered: boolean
}

/**
 * Verifies every signature, every narrowing, the ends, the audience, the revocations and the holder.
 *
 * @throws SallyportError `E_PROOF`, `E_PROOF_EXPIRED`, `E_PROOF_EXCEEDS`, `E_PROOF_REVOKED`, `E_PROOF_STALE`, `E_PROOF_HOLDER`; `E_USAGE` for a
 * tolerance that is too large, or a `within` that is no number
 */
export async function verifyProof(proof: string, expected: ProofExpected): Promise<VerifiedProof> {
  const { now, audience, tenant, holder, revocations, tolerance = 0 } = expected
  checkTolerance(tolerance)
  if (revocations !== 'unchecked' && !(revocations.within >= 0)) {
    throw new SallyportError('E_USAGE', 'within must be a number of milliseconds, 0 or more')
  }
  const [head = '', ...others] = splitProof(proof)
  const first = await verifyFirst(head, expected)
  if (first.tenant !== tenant) throw bad(`the proof is of the tenant ${JSON.stringify(first.tenant)}`)
  const blocks: Block[] = [first]
  let before = head
  for (const block of others) {
    const outer = blocks[blocks.length - 1]!
    const inner = await verifyNext(block, before, outer, expected)
    checkNarrowing(inner, outer)
    blocks.push(inner)
    before = block
  }
  const last = blocks[blocks.length - 1]!
  if (last.audience.length > 0 && !last.audience.includes(audience))
    throw bad(`the proof is for ${last.audience.join(', ')}`)
  const added = blocks.slice(1)
  const line = [...first.line, ...added.map(({ id }) => id)]
  if (revocations !== 'unchecked') checkRevocations(revocations, line, expected)
  await checkHolder(holder, proof, last.holder, now)
  return {
    issuer: first.issuer,
    tenant: first.tenant,
    grantee: last.grantee,
    grantor: last.grantor,
    root: first.root,
    grantors: [{ type: first.root.type, id: first.root.id }, ...first.grantors, ...added.map(({ grantor }) => grantor)],
    line,
    scopes: blocks.flatMap(({ scopes }) => scopes),
    expiresAt: last.expires * 1000,
    ...(tolerance > 0 && { tolerance }),
    metered: first.metered,
  }
}

async function verifyFirst(token: string, { issuer, key, now, tolerance = 0 }: ProofExpected): Promise<FirstBlock> {
  const expected = {
    issuer,
    typ: TYPES.proof,
    now,
    tolerance,
    requiredClaims: ['iss', 'jti', 'exp'],
    what: 'the proof',
  }
  const { payload } = await verify(token, typeof key === 'function' ? key : await importPublic(key), expected)
  return readFirst(payload)
}

/** Signed by the key that the block before names, and made for that block and no other. */
async function verifyNext(
  token: string,
  before: string,
  outer: Block,
  { now, tolerance = 0 }: ProofExpected,
): Promise<Block> {
  const expected = {
    typ: TYPES.proof,
    now,
    tolerance,
    requiredClaims: ['jti', 'exp', 'prev'],
    what: 'a block of the proof',
  }
  const { payload } = await verify(token, await importPublic(outer.holder), expected)
  if (payload.prev !== (await hashOf(before))) throw bad('a block of the proof was made for another proof')
  return readBlock(payload)
}

function checkRevocations(
  { list, within }: Exclude<ProofExpected['revocations'], string>,
  line: readonly string[],
  { issuer, now }: ProofExpected,
): void {
  if (list.issuer !== issuer) throw bad(`the revocation list is of ${list.issuer}, the proof of ${issuer}`)
  const age = now - list.asOf
  // What is no number is too old; and so, whatever is demanded, is what nobody has read yet.
  if (!(age <= within && age < Number.POSITIVE_INFINITY)) {
    throw new SallyportError('E_PROOF_STALE', 'the revocation list is too old to tell whether the proof is revoked')
  }
  const revoked = line.find((id) => list.has(id))
  if (revoked !== undefined) throw new SallyportError('E_PROOF_REVOKED', `${revoked} is revoked`)
}

function bad(message: string): SallyportError {
  return new SallyportError('E_PROOF', message)
}
