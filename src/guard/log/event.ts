/** What the guard decided, as an event in the form of CloudEvents 1.0 (JSON format). */
import type { AccessRequest } from '../../engine/types.ts'
import { actorsOf } from '../actors.ts'
import type { GuardDecision } from '../decision.ts'
import { subjectKey } from '../subject-key.ts'
import { cutList, cutText } from './cut.ts'

export interface DecisionEvent {
  readonly specversion: '1.0'
  readonly type: 'sallyport.decision.v1'
  readonly id: string
  /** `/tenants/TENANT`. */
  readonly source: string
  /** The subject of the request: `type:id`. */
  readonly subject: string
  /** RFC 3339. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: DecisionData
}

/** No properties and no context: those may hold what nobody should read in a log. */
export interface DecisionData {
  readonly action: string
  readonly resource: { readonly type: string; readonly id: string }
  /** On whose behalf, `type:id`. */
  readonly on_behalf_of: readonly string[]
  readonly decision: boolean
  readonly status: string
  readonly code: string
  readonly reason: string
  readonly rules: readonly string[]
  readonly delegations: readonly string[]
  readonly approvals: readonly string[]
  readonly image: string
}

export function sourceOf(tenant: string): string {
  return `/tenants/${encodeURIComponent(tenant)}`
}

/** Long texts are cut, so that it fits wherever events are kept, whatever was asked: see `cut.ts`. */
export function decisionEvent(
  source: string,
  id: string,
  now: number,
  request: AccessRequest,
  answer: GuardDecision,
): DecisionEvent {
  const [, ...delegators] = actorsOf(request.subject)
  const { type, id: resource } = request.resource
  return {
    specversion: '1.0',
    type: 'sallyport.decision.v1',
    id,
    source,
    subject: cutText(subjectKey(request.subject)),
    time: timeText(now),
    datacontenttype: 'application/json',
    data: {
      action: cutText(request.action.name),
      resource: { type: cutText(type), id: cutText(resource) },
      on_behalf_of: cutList(delegators.map(subjectKey)),
      decision: answer.decision,
      status: answer.status,
      code: answer.code,
      reason: cutText(answer.reason),
      rules: cutList(answer.rules),
      delegations: cutList(answer.delegations.map((grant) => grant.id)),
      approvals: cutList(answer.approvals.map((approval) => approval.id)),
      image: answer.imageId,
    },
  }
}

let lastTime = Number.NaN
let lastText = ''

/** RFC 3339. Of events in the same millisecond it is written once: it takes longer than a decision. */
function timeText(now: number): string {
  if (now !== lastTime) {
    lastText = new Date(now).toISOString()
    lastTime = now
  }
  return lastText
}
