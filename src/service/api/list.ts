/** What is authorized: resources, subjects, actions, in pages. */
import Type from 'typebox'
import { operationsWith } from '../operation/operation.ts'
import { AnyObject, named, strict } from '../operation/shapes.ts'
import { type ApiContext, actingAs, marksFor, permitOnTenant } from './acting.ts'
import { situationParts } from './request.ts'
import { ActionSchema, RefSchema, ResourceSchema, refOf, SubjectSchema } from './subject.ts'

const define = operationsWith<ApiContext>()
const tag = 'lists'
const searched = strict(
  { type: Type.String({ minLength: 1 }), properties: Type.Optional(AnyObject) },
  { $id: 'Searched', description: 'Of what is listed; properties count for every candidate.' },
)
const page = {
  context: Type.Optional(AnyObject),
  ...situationParts,
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'The most results; 100 when left out.' }),
  ),
  cursor: Type.Optional(Type.String({ description: 'Of the page before.' })),
  stable: Type.Optional(
    Type.Boolean({ description: 'All pages are of one revision of the store; else E_CURSOR, and start again.' }),
  ),
}
const next = Type.Optional(
  Type.String({ description: 'Present when there may be more; a page may be empty all the same.' }),
)
const entities = named('Entities', { results: Type.Array(RefSchema), cursor: next })

interface Paging {
  readonly session?: string
  readonly task?: string
  readonly limit?: number
  readonly cursor?: string
  readonly stable?: boolean
}

function pagingOf({ session, task, limit, cursor, stable }: Paging): Paging {
  return {
    ...(session !== undefined && { session }),
    ...(task !== undefined && { task }),
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
    ...(stable !== undefined && { stable }),
  }
}

const resources = define({
  method: 'POST',
  path: '/v1/list/resources',
  operationId: 'listAuthorized',
  tag,
  summary: 'The resources of a type on which a subject may do something.',
  permission: 'list:own',
  body: strict(
    { subject: Type.Optional(SubjectSchema), action: ActionSchema, resource: searched, ...page },
    { $id: 'ListResourcesBody' },
  ),
  answers: { 200: { description: 'A page.', body: entities } },
  answer: async ({ body, pace }, context) => {
    const acting = actingAs(body.subject, context)
    const { action, resource } = body
    const query = { subject: acting.subject, action, resource, ...(body.context && { context: body.context }) }
    const { results, cursor } = await context.guard.listAuthorized(query, {
      ...marksFor(acting),
      ...pagingOf(body),
      pace,
    })
    return { status: 200, body: { results: results.map(refOf), ...(cursor !== undefined && { cursor }) } }
  },
})

const subjects = define({
  method: 'POST',
  path: '/v1/list/subjects',
  operationId: 'listSubjects',
  tag,
  summary: 'The subjects of a type that may do something to a resource.',
  permission: 'list:any',
  body: strict(
    { subject: searched, action: ActionSchema, resource: ResourceSchema, ...page },
    { $id: 'ListSubjectsBody' },
  ),
  answers: { 200: { description: 'A page.', body: entities } },
  answer: async ({ body, pace }, context) => {
    permitOnTenant(context)
    const { subject, action, resource } = body
    const query = { subject, action, resource, ...(body.context && { context: body.context }) }
    const { results, cursor } = await context.guard.listSubjects(query, { ...pagingOf(body), pace })
    return { status: 200, body: { results: results.map(refOf), ...(cursor !== undefined && { cursor }) } }
  },
})

const actions = define({
  method: 'POST',
  path: '/v1/list/actions',
  operationId: 'listActions',
  tag,
  summary: 'The known actions that a subject may do to a resource.',
  permission: 'list:own',
  body: strict(
    { subject: Type.Optional(SubjectSchema), resource: ResourceSchema, ...page },
    { $id: 'ListActionsBody' },
  ),
  answers: {
    200: { description: 'A page.', body: named('Actions', { results: Type.Array(Type.String()), cursor: next }) },
  },
  answer: async ({ body, pace }, context) => {
    const acting = actingAs(body.subject, context)
    const query = { subject: acting.subject, resource: body.resource, ...(body.context && { context: body.context }) }
    const { results, cursor } = await context.guard.listActions(query, { ...marksFor(acting), ...pagingOf(body), pace })
    return { status: 200, body: { results: [...results], ...(cursor !== undefined && { cursor }) } }
  },
})

export const listOperations = [resources, subjects, actions]
