/**
 * The blocks of a proof. A proof is one JWT or several with `~` between them: the first is signed by the issuer, each other one by the
 * key that the one before it names as its holder's (`cnf`, RFC 7800). So whoever holds a proof can add a block that narrows it,
 * without asking anybody, and nobody can take one away or put another in its place.
 */
import { base64url, decodeJwt, type JWTPayload } from 'jose'
import { MOST_REDELEGATIONS } from '../delegation/limits.ts'
import { readScopes, type Scope } from '../delegation/scope.ts'
import type { Properties } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { type SubjectRef, sameSubject } from '../guard/subject-key.ts'
import { isMap } from '../text/is-map.ts'
import { type JWK, publicJwk } from './keys.ts'

export interface Block {
  readonly id: string
  readonly grantor: SubjectRef
  readonly grantee: SubjectRef
  /** The holder's key: what signs the next block, and shows that the proof is theirs. */
  readonly holder: JWK
  /** A request must be covered by every list. */
  readonly scopes: readonly (readonly Scope[])[]
  readonly redelegate: number
  /** Seconds since 1970. */
  readonly expires: number
  /** Empty: any verifier. */
  readonly audience: readonly string[]
}

/** Somebody who lent, with the attributes that the issuer signed. */
export interface Grantor extends SubjectRef {
  readonly properties?: Properties
}

/** What only the issuer says. */
export interface FirstBlock extends Block {
  readonly issuer: string
  readonly tenant: string
  /** The ids of the delegations in the line. */
  readonly line: readonly string[]
  /** Who lent each of the line. */
  readonly grantors: readonly Grantor[]
  readonly root: Grantor
  readonly metered: boolean
}

/** As many as a delegation may be passed on, and the first. */
const MOST_BLOCKS = MOST_REDELEGATIONS + 1
/** In characters, of all blocks. */
const LONGEST = 65_536

/**
 * Base64url as it is written, without bits that nothing reads in its last character: so that a proof has one text, which is
 * what hashes of it, logs and lists of texts go by.
 */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/

/** @throws SallyportError `E_PROOF` */
export function splitProof(proof: string): readonly string[] {
  if (typeof proof !== 'string' || proof.length > LONGEST)
    throw bad(`a proof is a text of at most ${LONGEST} characters`)
  const blocks = proof.split('~')
  if (blocks.length > MOST_BLOCKS)
    throw bad(`the proof has ${blocks.length} blocks; at most ${MOST_BLOCKS} are possible`)
  if (!blocks.every((block) => block.split('.').every((part) => CANONICAL.test(part))))
    throw bad('the proof is not written in canonical base64url')
  return blocks
}

/** The SHA-256 of a text in base64url: of a block in the next one, of a proof where its holder is shown (RFC 9449, `ath`). */
export async function hashOf(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}

/** The claims of a block whose signature somebody else looks at. */
export function claimsOf(block: string): JWTPayload {
  try {
    return decodeJwt(block)
  } catch (cause) {
    throw bad('the proof is no JWT', { cause })
  }
}

/** A block as it must be, whoever signed it. */
export async function readBlock(claims: JWTPayload): Promise<Block> {
  const { jti, exp, aud, cnf, delegation } = claims
  if (typeof jti !== 'string' || jti === '') throw bad('a block has no id (jti)')
  if (typeof exp !== 'number' || !Number.isFinite(exp)) throw bad('a block has no end (exp)')
  if (!isMap(delegation) || !isMap(cnf) || !isMap(cnf.jwk))
    throw bad('a block has no delegation, or names no key of its holder')
  const { redelegate, scopes } = delegation
  if (!Number.isInteger(redelegate) || (redelegate as number) < 0) throw bad('redelegate must be a whole number')
  return {
    id: jti,
    grantor: subject(delegation.grantor),
    grantee: subject(delegation.grantee),
    holder: await publicJwk(cnf.jwk as JWK),
    scopes: readLists(scopes),
    redelegate: redelegate as number,
    expires: exp,
    audience: aud === undefined ? [] : [aud].flat(),
  }
}

export async function readFirst(claims: JWTPayload): Promise<FirstBlock> {
  const { iss, tenant, delegation } = claims
  const block = await readBlock(claims)
  const { line, root, grantors, metered } = delegation as Record<string, unknown>
  if (typeof iss !== 'string' || typeof tenant !== 'string') throw bad('the first block names no issuer or no tenant')
  if (!Array.isArray(line) || !line.every((id) => typeof id === 'string')) throw bad('the first block has no line')
  if (line[line.length - 1] !== block.id) throw bad('the line of the first block does not end with its id')
  if (typeof metered !== 'boolean') throw bad('the first block does not say whether it is metered')
  return {
    ...block,
    issuer: iss,
    tenant,
    line,
    grantors: readGrantors(grantors, line, block),
    root: grantor(root),
    metered,
  }
}

/** All of the line: whoever is left out could not be judged. Older proofs name none; where nothing was passed on, that is the grantor alone. */
function readGrantors(grantors: unknown, line: readonly string[], block: Block): readonly Grantor[] {
  if (line.length === 1 && grantors === undefined) return [block.grantor]
  if (!Array.isArray(grantors) || grantors.length !== line.length)
    throw bad('the first block does not say who lent each of its line')
  const read = grantors.map(grantor)
  if (!sameSubject(read[read.length - 1]!, block.grantor))
    throw bad('the grantors of the first block do not end with its own')
  return read
}

function grantor(value: unknown): Grantor {
  const { properties } = isMap(value) ? value : {}
  return { ...subject(value), ...(isMap(properties) && { properties }) }
}

/** Every list well-formed: what cannot be read could be meant to narrow. */
function readLists(lists: unknown): Block['scopes'] {
  if (!Array.isArray(lists) || lists.length === 0 || lists.length > MOST_BLOCKS) throw bad('a block has no scopes')
  for (const list of lists) {
    try {
      readScopes(list)
    } catch (cause) {
      throw bad(`the scopes of a block cannot be read: ${cause instanceof Error ? cause.message : ''}`, { cause })
    }
  }
  return lists
}

function subject(value: unknown): SubjectRef {
  if (!isMap(value) || typeof value.type !== 'string' || typeof value.id !== 'string')
    throw bad('a block does not say who lent to whom')
  return { type: value.type, id: value.id }
}

function bad(message: string, options?: ErrorOptions): SallyportError {
  return new SallyportError('E_PROOF', message, options)
}
