/**
 * The AuthZEN endpoints as the OpenAPI document describes them. They are answered in `pdp.ts`, which reads bodies as the specification asks: unknown
 * members are ignored, and so are these schemas.
 */
import { paths, wellKnownPath } from '../authzen/metadata.ts'
import { anyObject, bool, integer, listOf, type PlainSchema, plainObject, text } from '../authzen/plain-schema.ts'
import { ActionSchema as Action, ResourceSchema as Resource, SubjectSchema as Subject } from '../authzen/schemas.ts'
import type { Description } from './operation/operation.ts'

const tag = 'AuthZEN'
const context = anyObject
const Searched = plainObject('AuthzenSearched', { type: text }, { properties: anyObject })
const page = plainObject('AuthzenPage', {}, { token: text, limit: { ...integer, minimum: 0 } })
const PageInfo = plainObject(
  'AuthzenPageInfo',
  { next_token: { ...text, description: 'Empty on the last page.' } },
  { count: integer, total: integer },
)
const Decision = plainObject('AuthzenDecision', { decision: bool }, { context })
const parts = { subject: Subject, action: Action, resource: Resource, context }

const post = (
  path: string,
  rest: { operationId: string; summary: string; body: PlainSchema; answer: PlainSchema },
): Description => {
  const { answer, ...described } = rest
  return {
    ...described,
    method: 'POST',
    path: `/${path.slice(1)}`,
    tag,
    answers: { 200: { description: 'The answer.', body: answer } },
  }
}
const found = (id: string, item: PlainSchema) => plainObject(id, { results: listOf(item) }, { page: PageInfo, context })

export const authzenOperations: readonly Description[] = [
  post(paths.evaluation, {
    operationId: 'evaluate',
    summary: 'Access Evaluation: decides one request.',
    body: plainObject(
      'AuthzenEvaluationRequest',
      { subject: Subject, action: Action, resource: Resource },
      { context },
    ),
    answer: Decision,
  }),
  post(paths.evaluations, {
    operationId: 'evaluateMany',
    summary: 'Access Evaluations: decides several requests, with defaults.',
    body: plainObject(
      'AuthzenEvaluationsRequest',
      {},
      {
        ...parts,
        evaluations: listOf(plainObject('AuthzenEvaluation', {}, parts)),
        options: plainObject(
          'AuthzenEvaluationsOptions',
          {},
          { evaluations_semantic: { enum: ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] } },
        ),
      },
    ),
    answer: plainObject(
      'AuthzenDecisions',
      {},
      {
        evaluations: listOf(Decision),
        decision: { ...bool, description: 'Of a body without `evaluations`.' },
        context,
      },
    ),
  }),
  post(paths.searchSubject, {
    operationId: 'searchSubjects',
    summary: 'Subject Search.',
    body: plainObject(
      'AuthzenSubjectSearch',
      { subject: Searched, action: Action, resource: Resource },
      { context, page },
    ),
    answer: found('AuthzenSubjects', Subject),
  }),
  post(paths.searchResource, {
    operationId: 'searchResources',
    summary: 'Resource Search.',
    body: plainObject(
      'AuthzenResourceSearch',
      { subject: Subject, action: Action, resource: Searched },
      { context, page },
    ),
    answer: found('AuthzenResources', Resource),
  }),
  post(paths.searchAction, {
    operationId: 'searchActions',
    summary: 'Action Search.',
    body: plainObject('AuthzenActionSearch', { subject: Subject, resource: Resource }, { context, page }),
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
        body: plainObject(
          'AuthzenMetadata',
          {
            policy_decision_point: text,
            access_evaluation_endpoint: text,
            access_evaluations_endpoint: text,
            search_subject_endpoint: text,
            search_resource_endpoint: text,
            search_action_endpoint: text,
          },
          { capabilities: listOf(text), jwks_uri: text, signed_metadata: text },
        ),
      },
    },
  },
]
