/** Delegations, whoever they are of: looking, and taking away. */
import Type from 'typebox'
import { DelegationSchema, delegationBody } from '../api/delegation.ts'
import { operationsWith } from '../operation/operation.ts'
import { type AdminContext, recorded } from './context.ts'
import { cursor, cursorAt, Id, limit, next, readCursor, SubjectText, subjectFrom } from './schemas.ts'

const define = operationsWith<AdminContext>()
const tag = 'admin: delegations'
const path = '/admin/v1/delegations'

const listDelegations = define({
  method: 'GET',
  path,
  operationId: 'listAllDelegations',
  tag,
  summary: 'Lists delegations, whoever they are of.',
  permission: 'delegations:read',
  query: Type.Object(
    { grantor: Type.Optional(SubjectText), grantee: Type.Optional(SubjectText), limit, cursor },
    { additionalProperties: false },
  ),
  answers: {
    200: { description: 'A page.', body: Type.Object({ delegations: Type.Array(DelegationSchema), cursor: next }) },
  },
  answer: async ({ query: { grantor, grantee, limit: most = 100, cursor: from } }, { guard }) => {
    const delegations = await guard.inventory.delegations({
      limit: most,
      ...(grantor !== undefined && { grantor: subjectFrom(grantor) }),
      ...(grantee !== undefined && { grantee: subjectFrom(grantee) }),
      ...(from !== undefined && { after: readCursor(from, ['id']).id }),
    })
    const last = delegations.length === most ? delegations.at(-1) : undefined
    const body = { delegations: delegations.map(delegationBody), ...(last && { cursor: cursorAt({ id: last.id }) }) }
    return { status: 200, body }
  },
})

const getDelegation = define({
  method: 'GET',
  path: `${path}/{id}`,
  operationId: 'getAnyDelegation',
  tag,
  summary: 'Tells of a delegation.',
  permission: 'delegations:read',
  params: Id,
  answers: { 200: { description: 'The delegation.', body: DelegationSchema } },
  answer: async ({ params }, { guard }) => ({
    status: 200,
    body: delegationBody(await guard.delegations.get(params.id)),
  }),
})

const changed = {
  params: Id,
  answers: {
    200: {
      description: 'The delegation as it is now.',
      body: Type.Object({
        delegation: DelegationSchema,
        below: Type.Integer({ description: 'How many that rest on it were changed with it.' }),
      }),
    },
  },
  problems: [409],
}

function changing(transition: 'suspend' | 'resume' | 'revoke', summary: string) {
  const permission = `delegations:${transition}`
  return define({
    method: 'POST',
    path: `${path}/{id}/${transition}`,
    operationId: `${transition}AnyDelegation`,
    tag,
    summary,
    permission,
    ...changed,
    answer: async ({ params: { id } }, context) => {
      const { below, ...delegation } = await change(context, transition, id)
      return { status: 200, body: { delegation: delegationBody(delegation), below } }
    },
  })
}

function change(context: AdminContext, transition: 'suspend' | 'resume' | 'revoke', id: string) {
  const data = { action: `delegations:${transition}`, resource: { type: 'delegation', id } }
  const { author: by, guard } = context
  return recorded(context, data, () => guard.delegations.administer(transition, id, { by }))
}

export const delegationOperations = [
  listDelegations,
  getDelegation,
  changing('suspend', 'Puts a delegation out of use, with all that rests on it.'),
  changing('resume', 'Gives back what an administrator or the policies suspended; not what a grantor did.'),
  changing('revoke', 'Ends a delegation, with all that rests on it.'),
]
