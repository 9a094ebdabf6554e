/** Why decisions come out as they do: the codes, and what is said to people where no rule has a `because`. */
import { Code } from '../../assembly/abi/decision.ts'

/** Why a decision came out as it did, for programs; docs/policy-reference.md defines each. */
export type ReasonCode =
  | 'matched'
  | 'not_evaluable'
  | 'no_match'
  | 'set_abstained'
  | 'no_policies'
  | 'unknown_tenant'
  | 'session_expired'
  | 'stale_policies'
  | 'separation_of_duty'
  | 'limit'
  | 'relation_limit'
  | 'relation_unknown'
  | 'trap'

/** By the core's Code. */
export const reasonCodes: Readonly<Record<Code, ReasonCode>> = {
  [Code.Matched]: 'matched',
  [Code.NotEvaluable]: 'not_evaluable',
  [Code.NoMatch]: 'no_match',
  [Code.SetAbstained]: 'set_abstained',
  [Code.NoPolicies]: 'no_policies',
  [Code.Limit]: 'limit',
  [Code.SeparationOfDuty]: 'separation_of_duty',
  [Code.RelationLimit]: 'relation_limit',
}

/** What is said when no deciding rule has a `because`. */
export const reasonTexts: Readonly<Record<ReasonCode, string>> = {
  matched: '',
  not_evaluable: 'a rule that denies could not be evaluated',
  no_match: 'no rule applies',
  set_abstained: 'a set of policies that must agree has no rule that applies',
  no_policies: 'there are no policies',
  unknown_tenant: 'the request is of another tenant',
  stale_policies: 'the policies could not be refreshed in time',
  session_expired: 'the session has expired, or there is no time to tell',
  separation_of_duty: 'the subject has roles together that must be separate',
  limit: 'the request passes a limit of the engine',
  relation_limit: 'relations lead further than the policies follow them',
  relation_unknown: 'a relation on which it depends could not be found out',
  trap: 'the engine failed and denies',
}

/**
 * What is said when a separation of duty is broken.
 *
 * @example separationReason('static', 1, ['payer', 'auditor'])
 */
export function separationReason(kind: 'static' | 'dynamic', atMost: number, roles: readonly string[]): string {
  const what = kind === 'static' ? 'may be held' : 'may be active'
  const names = roles.map((role) => JSON.stringify(role)).join(', ')
  return `separation of duty (${kind}): of the roles ${names} at most ${atMost} ${what} together`
}
