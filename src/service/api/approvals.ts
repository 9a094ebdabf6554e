/** Approvals: finding them, voting, taking back, and waiting for people. */
import Type, { type Static } from 'typebox'
import { SallyportError } from '../../errors.ts'
import type { ApprovalRequest, ApprovalVote } from '../../guard/approval/record.ts'
import { operationsWith } from '../operation/operation.ts'
import { AnyObject, Id, named, strict, Time, timeText } from '../operation/shapes.ts'
import { type ApiContext, actingAs, actingAsKey } from './acting.ts'
import { BySchema, RefSchema, refOf, SubjectSchema } from './subject.ts'

const define = operationsWith<ApiContext>()
const tag = 'approvals'
const params = strict({ id: Id })

const VoteSchema = named('Vote', {
  approver: RefSchema,
  vote: Type.Enum(['approve', 'reject']),
  stage: Type.Integer(),
  reason: Type.String(),
  at: Time,
})

const ApprovalSchema = named('Approval', {
  id: Type.String(),
  state: Type.Enum(['pending', 'approved', 'used', 'rejected', 'withdrawn', 'expired']),
  rule: Type.String(),
  requester: RefSchema,
  actors: Type.Array(RefSchema),
  request: Type.Unsafe<object>({ ...AnyObject, description: 'What exactly is to be approved.' }),
  image_id: Type.String(),
  digest: Type.String(),
  stage: Type.Integer(),
  stages: Type.Integer(),
  approved: Type.Integer(),
  needed: Type.Integer(),
  uses: Type.Integer(),
  max_uses: Type.Integer(),
  expires_at: Time,
  created_at: Time,
})

const DetailedSchema = named('ApprovalWithVotes', { ...ApprovalSchema.properties, votes: Type.Array(VoteSchema) })
const detailed = { 200: { description: 'The approval, with its votes.', body: DetailedSchema } }

const list = define({
  method: 'GET',
  path: '/v1/approvals',
  operationId: 'listApprovals',
  tag,
  summary: 'Pending approvals on which somebody may vote now, or that somebody asked for; the oldest first.',
  permission: 'approvals:read',
  query: strict({
    by: Type.Optional(BySchema),
    role: Type.Optional(Type.Enum(['approver', 'requester'], { description: '`approver` when left out.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    cursor: Type.Optional(Type.String()),
  }),
  answers: {
    200: {
      description: 'A page.',
      body: named('Approvals', { approvals: Type.Array(ApprovalSchema), cursor: Type.Optional(Type.String()) }),
    },
  },
  answer: async ({ query }, context) => {
    const { role = 'approver', limit = 100, cursor } = query
    const { subject } = actingAsKey(query.by, context)
    const binding = JSON.stringify(['approvals', context.tenant, role, subject.type, subject.id])
    const after = cursor === undefined ? undefined : await context.cursors.open(binding, cursor)
    const some = await context.guard.approvals.pending({
      [role]: subject,
      limit,
      ...(after !== undefined && { after }),
    })
    const last = some.length === limit ? some.at(-1) : undefined
    return {
      status: 200,
      body: {
        approvals: some.map(approvalBody),
        ...(last && { cursor: await context.cursors.seal(binding, last.id) }),
      },
    }
  },
})

const get = define({
  method: 'GET',
  path: '/v1/approvals/{id}',
  operationId: 'getApproval',
  tag,
  summary: 'Tells of an approval those whom it concerns; waits for people where `wait` says so.',
  permission: 'approvals:read',
  params,
  query: strict({
    by: Type.Optional(BySchema),
    wait: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 30, description: 'Seconds to wait at most until it is no longer pending.' }),
    ),
  }),
  answers: detailed,
  answer: async ({ params: { id }, query, signal }, context) => {
    await concerned(id, actingAsKey(query.by, context).subject, context)
    if (query.wait !== undefined && query.wait > 0) await waitFor(id, query.wait * 1000, signal, context)
    return { status: 200, body: await detailedBody(id, context) }
  },
})

const vote = define({
  method: 'POST',
  path: '/v1/approvals/{id}/votes',
  operationId: 'voteOnApproval',
  tag,
  summary: 'Votes for or against it. A vote stands.',
  permission: 'approvals:write',
  params,
  body: strict(
    {
      by: Type.Optional(SubjectSchema),
      vote: Type.Enum(['approve', 'reject']),
      reason: Type.Optional(Type.String({ maxLength: 2000 })),
    },
    { $id: 'VoteBody' },
  ),
  answers: detailed,
  problems: [409],
  answer: async ({ params: { id }, body }, context) => {
    const { subject } = actingAs(body.by, context)
    await concerned(id, subject, context)
    await context.guard.approvals[body.vote](id, subject, { ...(body.reason !== undefined && { reason: body.reason }) })
    return { status: 200, body: await detailedBody(id, context) }
  },
})

const withdraw = define({
  method: 'POST',
  path: '/v1/approvals/{id}/withdraw',
  operationId: 'withdrawApproval',
  tag,
  summary: 'Takes a request back, also one that is approved and not used up.',
  permission: 'approvals:write',
  params,
  body: strict({ by: Type.Optional(SubjectSchema) }, { $id: 'ByBody' }),
  answers: detailed,
  problems: [409],
  answer: async ({ params: { id }, body }, context) => {
    const { subject } = actingAs(body.by, context)
    await concerned(id, subject, context)
    await context.guard.approvals.withdraw(id, subject)
    return { status: 200, body: await detailedBody(id, context) }
  },
})

/** An approval that is nothing to somebody is none. */
async function concerned(
  id: string,
  subject: Parameters<ApiContext['guard']['approvals']['concerns']>[1],
  { guard }: ApiContext,
) {
  if (await guard.approvals.concerns(id, subject)) return
  throw new SallyportError('E_APPROVAL_UNKNOWN', `there is no approval request ${JSON.stringify(id)}`)
}

/** Resolves when the approval does, when the time is over, or when the client has gone. */
async function waitFor(id: string, milliseconds: number, gone: AbortSignal, { guard }: ApiContext): Promise<void> {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(milliseconds)])
  try {
    await guard.untilResolved(id, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function detailedBody(id: string, { guard }: ApiContext): Promise<Static<typeof DetailedSchema>> {
  const [approval, votes] = await Promise.all([guard.approvals.get(id), guard.approvals.votes(id)])
  return { ...approvalBody(approval), votes: votes.map(voteBody) }
}

function approvalBody(approval: ApprovalRequest): Static<typeof ApprovalSchema> {
  const { id, state, rule, requester, actors, request, imageId, digest } = approval
  const { stage, stages, approved, needed, uses, maxUses, expiresAt, createdAt } = approval
  return {
    id,
    state,
    rule,
    requester: refOf(requester),
    actors: actors.map(refOf),
    request,
    image_id: imageId,
    digest,
    stage,
    stages,
    approved,
    needed,
    uses,
    max_uses: maxUses,
    expires_at: timeText(expiresAt),
    created_at: timeText(createdAt),
  }
}

function voteBody({ approver, vote: cast, stage, reason, at }: ApprovalVote): Static<typeof VoteSchema> {
  return { approver: refOf(approver), vote: cast, stage, reason, at: timeText(at) }
}

export const approvalOperations = [list, get, vote, withdraw]
