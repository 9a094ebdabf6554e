/** Decisions of a PDP that speaks the profile: reviews become requestable, and approvals count (sections 7 and 12). */
import type { AccessRequest } from '../../../engine/types.ts'
import { isMap } from '../../../text/is-map.ts'
import type { Decide, DecisionPoint } from '../../decide.ts'
import type { WireDecision } from '../../decision.ts'
import { bad, own } from '../../json.ts'
import { digestOf, membersThatCount, signDenial } from './binding.ts'
import type { Inapplicable } from './desk.ts'
import { type FilledOptions, requestsPath } from './options.ts'

/** What an enforcement point should do about an approval that is not good, by the profile's registry. */
const nextActions = {
  approval_expired: 'request',
  out_of_scope: 'request',
  grant_pending: 'retry',
  approval_unverifiable: 'none',
} as const satisfies Record<Inapplicable, 'request' | 'retry' | 'none'>

export function reviewRequestable(decide: Decide, point: DecisionPoint, options: FilledOptions): Decide {
  return async (request) => {
    const approvalId = readApproval(request)
    const answer = await decide(withoutApproval(request))
    if (answer.decision) return answer
    if (answer.context?.status !== 'review') {
      return approvalId === undefined ? answer : tell(answer, 'policy_denied', { next_action: 'none' })
    }
    const members = membersThatCount(request.context, options.volatile)
    const digest = await digestOf(request, members)
    const requestable = async () => accessRequest({ digest, members }, point, options)
    if (approvalId === undefined) return tell(answer, 'approval_required', await requestable())
    if (point.caller === undefined) return tell(answer, 'approval_unverifiable', { next_action: 'none' })
    const by = { tenant: point.engine.tenant, digest, caller: point.caller }
    const approval = await options.desk.redeem(approvalId, by, point.now)
    if (typeof approval !== 'string') return approved(answer, approval)
    const next_action = nextActions[approval]
    return tell(answer, approval, { next_action, ...(next_action === 'request' ? await requestable() : {}) })
  }
}

/** An allow: what must be done about the review must be done still. */
function approved(
  { context }: WireDecision,
  approval: { readonly id: string; readonly approvedUntil: number },
): WireDecision {
  const { obligations, advice } = context ?? {}
  return {
    decision: true,
    context: {
      approval: { id: approval.id, approved_until: new Date(approval.approvedUntil).toISOString() },
      ...(obligations === undefined ? {} : { obligations }),
      ...(advice === undefined ? {} : { advice }),
    },
  }
}

/** The denial with the profile's code as its `reason`; what people read moves to `explanation`. */
function tell(answer: WireDecision, reason: string, more: object): WireDecision {
  const { reason: explanation, ...context } = answer.context ?? {}
  return {
    decision: false,
    context: { ...context, reason, ...(explanation === undefined ? {} : { explanation }), ...more },
  }
}

async function accessRequest(
  denied: { readonly digest: string; readonly members: readonly string[] },
  point: DecisionPoint,
  { signer, newId, denialLifetime }: FilledOptions,
): Promise<object> {
  const evaluation_id = newId()
  // In whole seconds, as the token has it: both must name the same moment.
  const expiresAt = Math.floor((point.now + denialLifetime) / 1000) * 1000
  const binding_token = await signDenial({ ...denied, evaluationId: evaluation_id }, expiresAt, signer, point)
  return {
    evaluation_id,
    evaluated_at: new Date(point.now).toISOString(),
    access_request: {
      endpoint: point.base + requestsPath,
      expires_at: new Date(expiresAt).toISOString(),
      binding_token,
    },
  }
}

/** The id in `context.approval`; undefined when there is none. */
function readApproval({ context }: AccessRequest): string | undefined {
  const approval = context === undefined ? undefined : own({ ...context }, 'approval')
  if (approval === undefined) return undefined
  const id = isMap(approval) ? own(approval, 'id') : undefined
  if (typeof id !== 'string') throw bad('context.approval must be the approval of a task: an object with an id')
  return id
}

/** No policy is to take the caller's word for an approval. */
function withoutApproval(request: AccessRequest): AccessRequest {
  if (request.context === undefined || !('approval' in request.context)) return request
  const { approval: _, ...context } = request.context
  return { ...request, context }
}
