/**
 * The AuthZEN endpoints as the OpenAPI document describes them. They are answered in `pdp.ts`, which reads bodies as the specification asks: unknown
 * members are ignored, and so are these schemas.
 */
import Type, { type TSchema } from 'typebox'
import { paths, wellKnownPath } from '../authzen/metadata.ts'
import type { Description } from './operation/operation.ts'
import { AnyObject, named } from './operation/shapes.ts'

const tag = 'AuthZEN'
const properties = Type.Optional(AnyObject)
const context = Type.Optional(AnyObject)
const Entity = { type: Type.String(), id: Type.String(), properties }
const Subject = named('AuthzenSubject', Entity)
const Resource = named('AuthzenResource', Entity)
const Action = named('AuthzenAction', { name: Type.String(), properties })
const Searched = named('AuthzenSearched', { type: Type.String(), properties })
const Page = named('AuthzenPage', {
  token: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
})
const PageInfo = named('AuthzenPageInfo', {
  next_token: Type.String({ description: 'Empty on the last page.' }),
  count: Type.Optional(Type.Integer()),
  total: Type.Optional(Type.Integer()),
})
const Decision = named('AuthzenDecision', { decision: Type.Boolean(), context })
const Parts = {
  subject: Type.Optional(Subject),
  action: Type.Optional(Action),
  resource: Type.Optional(Resource),
  context,
}
const page = Type.Optional(Page)

const post = (path: string, rest: { operationId: string; summary: string; body: TSchema; answer: TSchema }) => {
  const { answer, ...described } = rest
  return {
    ...described,
    method: 'POST',
    path: `/${path.slice(1)}`,
    tag,
    answers: { 200: { description: 'The answer.', body: answer } },
  } as const
}
const found = (id: string, item: TSchema) =>
  named(id, { page: Type.Optional(PageInfo), results: Type.Array(item), context })

export const authzenOperations: readonly Description[] = [
  post(paths.evaluation, {
    operationId: 'evaluate',
    summary: 'Access Evaluation: decides one request.',
    body: named('AuthzenEvaluationRequest', { subject: Subject, action: Action, resource: Resource, context }),
    answer: Decision,
  }),
  post(paths.evaluations, {
    operationId: 'evaluateMany',
    summary: 'Access Evaluations: decides several requests, with defaults.',
    body: named('AuthzenEvaluationsRequest', {
      ...Parts,
      evaluations: Type.Optional(Type.Array(named('AuthzenEvaluation', Parts))),
      options: Type.Optional(
        named('AuthzenEvaluationsOptions', {
          evaluations_semantic: Type.Optional(
            Type.Enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit']),
          ),
        }),
      ),
    }),
    answer: named('AuthzenDecisions', {
      evaluations: Type.Optional(Type.Array(Decision)),
      decision: Type.Optional(Type.Boolean({ description: 'Of a body without `evaluations`.' })),
      context,
    }),
  }),
  post(paths.searchSubject, {
    operationId: 'searchSubjects',
    summary: 'Subject Search.',
    body: named('AuthzenSubjectSearch', { subject: Searched, action: Action, resource: Resource, context, page }),
    answer: found('AuthzenSubjects', Subject),
  }),
  post(paths.searchResource, {
    operationId: 'searchResources',
    summary: 'Resource Search.',
    body: named('AuthzenResourceSearch', { subject: Subject, action: Action, resource: Searched, context, page }),
    answer: found('AuthzenResources', Resource),
  }),
  post(paths.searchAction, {
    operationId: 'searchActions',
    summary: 'Action Search.',
    body: named('AuthzenActionSearch', { subject: Subject, resource: Resource, context, page }),
    answer: found('AuthzenActions', Action),
  }),
  {
    method: 'GET',
    path: `/${wellKnownPath.slice(1)}`,
    operationId: 'describePdp',
    tag,
    summary: 'Metadata: where the endpoints are, and what they can do.',
    answers: {
      200: {
        description: 'The metadata.',
        body: named('AuthzenMetadata', {
          policy_decision_point: Type.String(),
          access_evaluation_endpoint: Type.String(),
          access_evaluations_endpoint: Type.String(),
          search_subject_endpoint: Type.String(),
          search_resource_endpoint: Type.String(),
          search_action_endpoint: Type.String(),
          capabilities: Type.Optional(Type.Array(Type.String())),
          jwks_uri: Type.Optional(Type.String()),
          signed_metadata: Type.Optional(Type.String()),
        }),
      },
    },
  },
]
