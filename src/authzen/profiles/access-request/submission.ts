/** An access request as it is submitted: read, held against the denial that it names, and passed to the desk (section 10.1). */
import type { AccessRequest } from '../../../engine/types.ts'
import { canonicalText } from '../../../text/canonical.ts'
import type { Caller, EndpointCall } from '../../decide.ts'
import { bad, type JsonObject, own } from '../../json.ts'
import { readObject, readRequest, readString } from '../../request.ts'
import { digestOf, sha256, verifyDenial } from './binding.ts'
import type { AccessTask } from './desk.ts'
import type { FilledOptions } from './options.ts'
import { deskIsFull, failure } from './problems.ts'

/** What the profile has and we have not: better refused than silently left out. */
const unspoken = { items: 'bundles of items', callback: 'callbacks; ask for the status of the task' } as const

export async function openTask(call: EndpointCall, caller: Caller, options: FilledOptions): Promise<AccessTask> {
  const { point } = call
  const body = await call.body()
  for (const [name, what] of Object.entries(unspoken)) {
    if (own(body, name) !== undefined) throw bad(`${name} is given; this service has no ${what}`)
  }
  const request = readRequest(body)
  const { denial, digest } = await checkDenial(body, request, call, options)
  // Policies may have changed since: what is now denied, or allowed, needs no approval.
  const decision = point.engine.evaluate(counting(request, denial.members), { now: point.now })
  if (decision.status !== 'review') throw failure('not_requestable', 'an approval would not change the decision')
  const key = call.header('Idempotency-Key')
  const requested = own(body, 'requested_access')
  const submission = {
    tenant: point.engine.tenant,
    digest,
    caller,
    request,
    imageId: decision.imageId,
    rules: decision.rules,
    required: decision.approvals ?? [],
    evaluationId: denial.evaluationId,
    ...(requested === undefined ? {} : { requestedAccess: readObject(requested, 'requested_access') }),
    ...(key === undefined ? {} : { idempotency: { key, bodyDigest: await sha256(canonicalText(body)) } }),
  }
  const task = await options.desk.open(submission, point.now)
  if (task === 'full') throw deskIsFull()
  if (task === 'nobody') throw failure('not_requestable', 'nobody is named who could approve it')
  if (task === 'duplicate') throw failure('duplicate_request', 'this Idempotency-Key came with another body before')
  return task
}

/** The denial that a submission names, if it is ours, in time, and of this very request. */
async function checkDenial(
  body: JsonObject,
  request: AccessRequest,
  { point }: EndpointCall,
  { signer }: FilledOptions,
) {
  const given = readObject(own(body, 'denial'), 'denial')
  const expiresAt = Date.parse(readString(own(given, 'expires_at'), 'denial.expires_at'))
  if (Number.isNaN(expiresAt)) throw bad('denial.expires_at is no timestamp')
  if (point.now >= expiresAt) throw late()
  const unbound = (message: string) => failure('invalid_denial_binding', message)
  const token = own(given, 'binding_token')
  if (typeof token !== 'string') throw unbound('denial.binding_token is missing; send the one of the denial')
  const denial = await verifyDenial(token, signer, point)
  if (denial === 'expired') throw late()
  if (denial === undefined) throw unbound('denial.binding_token is not of this PDP')
  const evaluationId = own(given, 'evaluation_id')
  if (evaluationId !== undefined && evaluationId !== denial.evaluationId) {
    throw unbound('denial.evaluation_id is not the one that denial.binding_token is of')
  }
  const digest = await digestOf(request, denial.members)
  if (digest !== denial.digest) throw unbound('what is requested is not what was denied')
  return { denial, digest }
}

/** Without what was added for those who approve: that was no input of the denied decision. */
function counting(request: AccessRequest, members: readonly string[]): AccessRequest {
  const { context, ...rest } = request
  if (context === undefined) return request
  return { ...rest, context: Object.fromEntries(members.map((name) => [name, context[name]])) }
}

function late() {
  return failure('expired_denial', 'the denial can no longer be requested; ask for a new decision')
}
