/** open-guard's decisions: authorize, with a trace, listing, consuming. */
import type { GuardDecision } from '../../../guard/index.ts'
import type { AddRoute, Call } from './route.ts'
import { Refusal } from './route.ts'
import { traceOf } from './trace.ts'
import { UNIT } from './unit.ts'
import { type Authorize, AuthorizeSchema, ConsumeSchema, ListSchema, requestOf, statuses } from './wire.ts'

export function addDecisions(add: AddRoute): void {
  add('POST', '/authorize', async (call) => {
    const body = await call.body(AuthorizeSchema)
    return { body: shown(await decide(call, body, 'decide')) }
  })

  add('POST', '/authorize/traced', async (call) => {
    const body = await call.body(AuthorizeSchema)
    const decision = await decide(call, body, 'explain')
    return { body: { ...shown(decision), trace: traceOf(call, requestOf(body), decision) } }
  })

  add('POST', '/authorize_and_consume', async (call) => {
    const body = await call.body(ConsumeSchema)
    const request = requestOf(body)
    await call.speakFor('use', request.subject)
    const { amount, cost } = body
    const consumption = {
      ...(amount !== undefined && { amount }),
      ...(cost !== undefined && cost !== null && { cost: { amount: cost, unit: UNIT } }),
    }
    const decision = await call.guard.authorizeAndConsume(request, consumption, situation(body))
    const consumed = decision.decision ? decision.delegations.map(({ id }) => id) : []
    return { body: { ...shown(decision), consumed_delegation_ids: consumed } }
  })

  add('POST', '/list_authorized', async (call) => {
    const { subject, action, resource_type, cursor, limit, prefilter = {}, context } = await call.body(ListSchema)
    if (Object.keys(prefilter).length > 0) {
      throw new Refusal(422, 'validation_error', 'prefilter is not known here; leave it out')
    }
    const resource = { id: '', resource_type }
    const request = requestOf({ subject, action: { name: action }, resource, ...(context && { context }) })
    await call.speakFor('list:own', request.subject)
    const query = { subject: request.subject, action: { name: action }, resource: { type: resource_type } }
    const { results, cursor: next } = await call.guard.listAuthorized(
      { ...query, context: request.context },
      { limit: limit ?? 100, pace: call.pace, ...(cursor !== undefined && cursor !== null && { cursor }) },
    )
    return { body: { resource_ids: results.map(({ id }) => id), next_cursor: next ?? null } }
  })
}

async function decide(call: Call, body: Authorize, permission: 'decide' | 'explain'): Promise<GuardDecision> {
  const request = requestOf(body)
  await call.speakFor(permission, request.subject)
  return call.guard.authorize(request, situation(body))
}

function situation({ session_id }: Pick<Authorize, 'session_id'>): { readonly session?: string } {
  return session_id === undefined || session_id === null ? {} : { session: session_id }
}

function shown({ decision, status, reason, approvals }: GuardDecision): object {
  return {
    status: statuses[status],
    allowed: decision,
    reason,
    approval_request_id: status === 'review' ? (approvals[0]?.id ?? null) : null,
  }
}
