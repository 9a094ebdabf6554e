/**
 * Who may do what to delegations. The policies are asked about the action on a resource of type `delegation`; where they say
 * nothing, everybody may do what is theirs to do: lend their own, take back what they lent, give back what they hold.
 */
import type { Properties, Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Decide } from '../environment.ts'
import { LACKS_ALLOW } from '../lacks-allow.ts'
import { type SubjectRef, subjectKey } from '../subject-key.ts'

export type DelegationAction =
  | 'delegate'
  | 'delegation:read'
  | 'delegation:accept'
  | 'delegation:decline'
  | 'delegation:renew'
  | 'delegation:suspend'
  | 'delegation:resume'
  | 'delegation:revoke'

/** What the policies can ask about. */
export interface DelegationFacts {
  readonly id: string
  readonly grantor: SubjectRef
  readonly grantee: SubjectRef
  readonly properties: Properties
}

export interface Asked {
  readonly action: DelegationAction
  readonly by: Subject
  readonly about: DelegationFacts
  /** Whether it is theirs to do where the policies say nothing. */
  readonly own: boolean
  readonly now: number
}

/**
 * How it is permitted: `own` by default, `policy` by a rule that allows, `review` when somebody else must accept first.
 *
 * @throws SallyportError `E_DELEGATION_FORBIDDEN`
 */
export async function permit(
  decide: Decide,
  { action, by, about, own, now }: Asked,
): Promise<'own' | 'policy' | 'review'> {
  const decision = await decide(
    {
      subject: by,
      action: { name: action },
      resource: { type: 'delegation', id: about.id, properties: propertiesOf(about) },
      state: { delegation: { id: about.id } },
    },
    { now },
  )
  if (decision.status === 'allow') return 'policy'
  if (decision.status === 'review') {
    if (action === 'delegate') return 'review'
    throw forbidden(by, action, `the policies ask for a review: ${decision.reason}`)
  }
  if (own && LACKS_ALLOW.has(decision.code)) return 'own'
  if (LACKS_ALLOW.has(decision.code)) throw forbidden(by, action, 'it is not theirs to do, and no rule allows it')
  throw forbidden(by, action, decision.reason)
}

function propertiesOf({ grantor, grantee, properties }: DelegationFacts): Properties {
  return { ...properties, grantor: subjectKey(grantor), grantee: subjectKey(grantee) }
}

function forbidden({ type, id }: SubjectRef, action: DelegationAction, why: string): SallyportError {
  const what = `${type} ${JSON.stringify(id)} may not "${action}" here`
  return new SallyportError('E_DELEGATION_FORBIDDEN', `${what}: ${why}`)
}
