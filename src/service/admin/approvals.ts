/** Requests for approval, whoever asked: looking, and taking them back. Votes are the approvers' affair. */
import Type from 'typebox'
import type { ApprovalRequest, ApprovalVote } from '../../guard/index.ts'
import { RefSchema, refOf } from '../api/subject.ts'
import { operationsWith } from '../operation/operation.ts'
import { Time, timeText } from '../operation/shapes.ts'
import { type AdminContext, recorded } from './context.ts'
import { cursor, cursorAt, Id, limit, next, readCursor, SubjectText, subjectFrom } from './schemas.ts'

const define = operationsWith<AdminContext>()
const tag = 'admin: approvals'
const path = '/admin/v1/approvals'

/** Without the properties and the context of what is asked for: those may hold what administrators need not see. */
const ApprovalSchema = Type.Object(
  {
    id: Type.String(),
    state: Type.String(),
    rule: Type.String(),
    requester: RefSchema,
    actors: Type.Array(RefSchema),
    action: Type.String(),
    resource: RefSchema,
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
  },
  { $id: 'AdminApproval' },
)

const VoteSchema = Type.Object(
  {
    approver: RefSchema,
    vote: Type.Enum(['approve', 'reject']),
    stage: Type.Integer(),
    reason: Type.String(),
    at: Time,
  },
  { $id: 'AdminVote' },
)

const listApprovals = define({
  method: 'GET',
  path,
  operationId: 'listAllApprovals',
  tag,
  summary: 'Lists requests for approval, whoever asked.',
  permission: 'approvals:read',
  query: Type.Object({ requester: Type.Optional(SubjectText), limit, cursor }, { additionalProperties: false }),
  answers: {
    200: { description: 'A page.', body: Type.Object({ approvals: Type.Array(ApprovalSchema), cursor: next }) },
  },
  answer: async ({ query: { requester, limit: most = 100, cursor: from } }, { guard }) => {
    const approvals = await guard.inventory.approvals({
      limit: most,
      ...(requester !== undefined && { requester: subjectFrom(requester) }),
      ...(from !== undefined && { after: readCursor(from, ['id']).id }),
    })
    const last = approvals.length === most ? approvals.at(-1) : undefined
    return {
      status: 200,
      body: { approvals: approvals.map(shown), ...(last && { cursor: cursorAt({ id: last.id }) }) },
    }
  },
})

const getApproval = define({
  method: 'GET',
  path: `${path}/{id}`,
  operationId: 'getAnyApproval',
  tag,
  summary: 'Tells of a request for approval, with the votes on it.',
  permission: 'approvals:read',
  params: Id,
  answers: {
    200: {
      description: 'The request.',
      body: Type.Object({ approval: ApprovalSchema, votes: Type.Array(VoteSchema) }),
    },
  },
  answer: async ({ params: { id } }, { guard }) => {
    const [approval, votes] = await Promise.all([guard.approvals.get(id), guard.approvals.votes(id)])
    return { status: 200, body: { approval: shown(approval), votes: votes.map(voteBody) } }
  },
})

const withdrawApproval = define({
  method: 'POST',
  path: `${path}/{id}/withdraw`,
  operationId: 'withdrawAnyApproval',
  tag,
  summary: 'Takes a request back, also one that is approved and not used up.',
  permission: 'approvals:withdraw',
  params: Id,
  answers: { 200: { description: 'The request as it is now.', body: Type.Object({ approval: ApprovalSchema }) } },
  problems: [409],
  answer: async ({ params: { id } }, context) => {
    const data = { action: 'approvals:withdraw', resource: { type: 'approval', id } }
    const approval = await recorded(context, data, () => context.guard.approvals.cancel(id))
    return { status: 200, body: { approval: shown(approval) } }
  },
})

export const approvalOperations = [listApprovals, getApproval, withdrawApproval]

function shown(one: ApprovalRequest): object {
  const { type, id } = one.request.resource
  return {
    id: one.id,
    state: one.state,
    rule: one.rule,
    requester: refOf(one.requester),
    actors: one.actors.map(refOf),
    action: one.request.action.name,
    resource: { type, id },
    image_id: one.imageId,
    digest: one.digest,
    stage: one.stage,
    stages: one.stages,
    approved: one.approved,
    needed: one.needed,
    uses: one.uses,
    max_uses: one.maxUses,
    expires_at: timeText(one.expiresAt),
    created_at: timeText(one.createdAt),
  }
}

function voteBody({ approver, at, ...vote }: ApprovalVote): object {
  return { approver: refOf(approver), ...vote, at: timeText(at) }
}
