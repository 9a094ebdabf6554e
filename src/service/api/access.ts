/** What callers may do here, and for whom: decided by sallyport, from a policy about callers. */
import type { Caller } from '../../authzen/decide.ts'
import { createEngine } from '../../engine/index.ts'
import type { Engine, Subject } from '../../engine/types.ts'
import { subjectKey } from '../../guard/subject-key.ts'
import type { PolicyDocument } from '../../policy/document.ts'
import { ProblemError } from '../problem.ts'

/**
 * The policy that holds when a host gives no other one. Its subjects are callers (type `caller`) with their attributes and with
 * `acts_as`, the subject that the caller itself is. Its resources are the subjects for whom something is done (type `subject`, id `type:id`) or,
 * where nobody acts, the tenant (type `tenant`); both have `tenant`. Its actions are the permissions of operations.
 *
 * Enforcement points may state any subject, and ask what is about many. Whoever is a subject itself may do what is its own.
 */
export const callerPolicies: PolicyDocument = {
  version: 1,
  rules: [
    {
      id: 'enforcement-point',
      allow: '*',
      to: { type: 'caller' },
      // By its key's roles, its token's scopes, or what else a host says of it.
      when: {
        any: [
          { 'subject.roles': { contains: 'enforcement-point' } },
          { 'subject.scopes': { contains: 'act_for:any' } },
          { 'subject.permissions': { contains: 'act_for:any' } },
        ],
      },
    },
    {
      id: 'oneself',
      allow: [
        'decide',
        'list:own',
        'use',
        'delegations:read',
        'delegations:write',
        'delegations:prove',
        'approvals:read',
        'approvals:write',
        'sessions:read',
        'sessions:write',
        'tasks:read',
        'tasks:write',
      ],
      to: { type: 'caller' },
      on: 'subject',
      when: { 'subject.acts_as': { eq: { ref: 'resource.id' } } },
    },
  ],
}

/** The engine of `callerPolicies`, made when it is first needed. */
export function defaultCallerEngine(): () => Promise<Engine> {
  let engine: Promise<Engine> | undefined
  return () => {
    engine ??= createEngine({ policies: callerPolicies })
    return engine
  }
}

export interface Question {
  readonly caller: Caller
  /** The subject that the caller itself is. */
  readonly self: Subject | undefined
  readonly permission: string
  readonly tenant: string
  /** Undefined: nobody acts. */
  readonly actingFor: Subject | undefined
  readonly now: number
}

/** @throws ProblemError 403 `E_FORBIDDEN` unless it is allowed */
export function permitCaller(engine: Engine, { caller, self, permission, tenant, actingFor, now }: Question): void {
  // Not for claims to say.
  const { acts_as: _, ...attributes } = caller.attributes
  const properties = {
    ...attributes,
    caller_type: caller.type,
    proof: caller.proof,
    ...(self !== undefined && { acts_as: subjectKey(self) }),
  }
  const resource =
    actingFor === undefined ? { type: 'tenant', id: tenant } : { type: 'subject', id: subjectKey(actingFor) }
  const request = {
    subject: { type: 'caller', id: caller.id, properties },
    action: { name: permission },
    resource: { ...resource, properties: { tenant } },
  }
  if (engine.evaluate(request, { now }).decision) return
  const whom = actingFor === undefined ? 'here' : `for ${actingFor.type} ${JSON.stringify(actingFor.id)}`
  throw new ProblemError(403, 'E_FORBIDDEN', `this caller may not "${permission}" ${whom}`)
}
