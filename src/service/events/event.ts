/** What happens in a tenant, as CloudEvents 1.0 in the JSON format (https://github.com/cloudevents/spec). */
import type { Caller } from '../../authzen/decide.ts'
import type { WireDecision } from '../../authzen/decision.ts'
import type { AccessRequest } from '../../engine/types.ts'
import { actorsOf } from '../../guard/actors.ts'
import { cutList, cutText } from '../../guard/log/cut.ts'
import type { DecisionData } from '../../guard/log/event.ts'
import { subjectKey } from '../../guard/subject-key.ts'

/** `sallyport.decision.v1`, or another of docs/service.md. */
export interface ServiceEvent<Data = unknown> {
  readonly specversion: '1.0'
  readonly type: string
  /** Unique together with `source`. */
  readonly id: string
  /** `/tenants/TENANT`. */
  readonly source: string
  /** What it is about: `type:id`, or the id of a delegation or approval. */
  readonly subject?: string
  /** RFC 3339. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: Data
}

export interface EventTerms<Data> {
  readonly type: string
  readonly tenant: string
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly subject?: string
  readonly data: Data
}

export function serviceEvent<Data>({ type, tenant, id, now, subject, data }: EventTerms<Data>): ServiceEvent<Data> {
  return {
    specversion: '1.0',
    type,
    id,
    source: sourceOf(tenant),
    ...(subject === undefined ? {} : { subject }),
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data,
  }
}

export function sourceOf(tenant: string): string {
  return `/tenants/${encodeURIComponent(tenant)}`
}

/** An evaluation's data: the guard's, and which caller asked. */
export type EvaluationData = DecisionData & { readonly caller?: { readonly type: string; readonly id: string } }

export interface Evaluation {
  readonly tenant: string
  readonly id: string
  readonly now: number
  readonly image: string
  readonly caller: Caller | undefined
  readonly request: AccessRequest
  readonly answer: WireDecision
}

/** An evaluation in the form of the guard's decision log: without properties and context, which may hold what nobody should read. */
export function evaluationEvent(made: Evaluation): ServiceEvent<EvaluationData> {
  const { request, answer, caller } = made
  const { context } = answer
  const [subject = '', ...delegators] = actorsOf(request.subject).map(subjectKey)
  const data: EvaluationData = {
    action: cutText(request.action.name),
    resource: { type: cutText(request.resource.type), id: cutText(request.resource.id) },
    on_behalf_of: cutList(delegators),
    decision: answer.decision,
    status: answer.decision ? 'allow' : (context?.status ?? 'deny'),
    code: context?.code ?? 'matched',
    reason: context?.reason ?? '',
    rules: context?.rules ?? [],
    delegations: [],
    approvals: [],
    image: made.image,
    ...(caller === undefined ? {} : { caller: { type: caller.type, id: caller.id } }),
  }
  const { tenant, id, now } = made
  return serviceEvent({ type: 'sallyport.decision.v1', tenant, id, now, subject: cutText(subject), data })
}
