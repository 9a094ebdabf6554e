/** What ties an access request to the denial that it wants mended: a digest of the denied request, signed by the PDP. */
import type { AccessRequest, Properties } from '../../../engine/types.ts'
import { toBase64Url } from '../../../text/base64url.ts'
import { canonicalText } from '../../../text/canonical.ts'
import type { DecisionPoint } from '../../decide.ts'
import type { Signer } from '../../signer.ts'

/** Members of `context` that belong to the protocol and are no input of the decision (section 4). */
const machinery = ['access_request', 'approval', 'evaluation_id', 'evaluated_at', 'reason', 'supported_obligations']

/** The type of our binding tokens, so that none is taken for another token of ours. */
const type = 'access-request-denial+jwt'

/** What a binding token says. */
export interface Denial {
  readonly evaluationId: string
  readonly digest: string
  /** The members of the context that the digest covers. */
  readonly members: readonly string[]
}

/** The members of a request's context that count: all but the protocol's, and those that are never twice the same. */
export function membersThatCount(context: Properties | undefined, volatile: readonly string[]): string[] {
  return Object.keys(context ?? {})
    .filter((name) => !machinery.includes(name) && !volatile.includes(name))
    .sort()
}

/**
 * The SHA-256 of subject, action, resource and the named members of the context, in base64url. `subject.properties.act` does
 * not count: enforcement points may move it (section 12).
 */
export async function digestOf(
  { subject, action, resource, context = {} }: AccessRequest,
  members: readonly string[],
): Promise<string> {
  const counting = Object.fromEntries(
    members.flatMap((name) => (Object.hasOwn(context, name) ? [[name, context[name]]] : [])),
  )
  return sha256(canonicalText([withoutAct(subject), action, resource, counting]))
}

export async function sha256(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}

function withoutAct(subject: AccessRequest['subject']): object {
  const { properties, ...rest } = subject
  const { act: _, ...others } = properties ?? {}
  return Object.keys(others).length > 0 ? { ...rest, properties: others } : rest
}

export async function signDenial(
  { evaluationId, digest, members }: Denial,
  expiresAt: number,
  signer: Signer,
  { base, engine, now }: DecisionPoint,
): Promise<string> {
  const claims = { evaluation_id: evaluationId, denied: digest, binding_context_members: [...members] }
  const bound = { aud: base, tenant: engine.tenant, exp: Math.floor(expiresAt / 1000) }
  return signer.sign({ ...claims, ...bound }, { type, now })
}

/** The denial in a token; undefined when it is not ours, or not for this PDP and tenant. */
export async function verifyDenial(
  token: string,
  signer: Signer,
  point: DecisionPoint,
): Promise<Denial | 'expired' | undefined> {
  const claims = await signer.verify(token, { type, now: point.now, audience: point.base })
  if (claims === 'expired') return claims
  if (claims === undefined || claims.tenant !== point.engine.tenant) return undefined
  const { evaluation_id: evaluationId, denied: digest, binding_context_members: members } = claims
  if (typeof evaluationId !== 'string' || typeof digest !== 'string' || !Array.isArray(members)) return undefined
  return { evaluationId, digest, members: members.filter((name) => typeof name === 'string') }
}
