/** Whose action it is: the subject that a call states, or the caller's own. */
import type { Caller } from '../../authzen/decide.ts'
import type { Engine, Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Guard } from '../../guard/guard.ts'
import { sameSubject, subjectOf } from '../../guard/subject-key.ts'
import type { ProofIssuer } from '../../identity/issuer.ts'
import { ProblemError } from '../problem.ts'
import { permitCaller } from './access.ts'
import type { WireSubject } from './subject.ts'

/** What operations of this API work with. */
export interface ApiContext {
  readonly guard: Guard
  readonly caller: Caller
  /** The subject that the caller itself is; undefined: none. */
  readonly self: Subject | undefined
  /** Decides what callers may do. */
  readonly access: Engine
  /** What lists are continued by. */
  readonly cursors: Cursors
  /** Who signs proofs; undefined: nobody. */
  readonly proofs: ProofIssuer | undefined
  readonly now: number
  readonly tenant: string
  readonly permission: string
}

/** Where a list goes on: opaque, and bound to what is listed. */
export interface Cursors {
  seal(query: string, after: string): Promise<string>
  /** @throws SallyportError `E_CURSOR` */
  open(query: string, cursor: string): Promise<string>
}

export interface Acting {
  readonly subject: Subject
  /** Whether the subject is the caller itself, which then has no say in its own attributes. */
  readonly isSelf: boolean
}

/**
 * Who acts, if the caller may speak for it. A caller that speaks for itself is the subject of its credentials, properties and chain included:
 * what the call states of these would be the caller's own word, and is refused.
 *
 * @throws SallyportError `E_REQUEST` when nobody is stated and the caller is no subject; ProblemError 403
 */
export function actingAs(stated: WireSubject | undefined, context: ApiContext): Acting {
  const { self } = context
  const isSelf = self !== undefined && (stated === undefined || sameSubject(stated, self))
  if (!isSelf && stated === undefined) {
    throw new SallyportError('E_REQUEST', 'say who acts: this caller is no subject itself')
  }
  const subject = isSelf ? self : (stated as Subject)
  permitCaller(context.access, { ...context, actingFor: subject })
  const { type: _, id: __, ...claimed } = stated ?? { type: '', id: '' }
  if (isSelf && Object.keys(claimed).length > 0) {
    const what = Object.keys(claimed).join(', ')
    throw new ProblemError(403, 'E_FORBIDDEN', `${what} of yourself come from your credentials; leave them out`)
  }
  return { subject, isSelf }
}

/** The same for what stands in a query. */
export function actingAsKey(by: string | undefined, context: ApiContext): Acting {
  return actingAs(by === undefined ? undefined : subjectOf(by), context)
}

/** For what is about a tenant and not about one subject. */
export function permitOnTenant(context: ApiContext): void {
  permitCaller(context.access, { ...context, actingFor: undefined })
}

/**
 * What of a request policies cannot trust, where its subject sends it itself: everything but who it is. Tests with `trusted: true`
 * look away from it.
 */
export function marksFor({ isSelf }: Acting): { readonly untrusted?: readonly string[] } {
  return isSelf ? { untrusted: ['context', 'resource.properties', 'action.properties'] } : {}
}
