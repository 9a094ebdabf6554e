/** The endpoints of the profile as documents describe them (sections 10 and 11). */
import type { DescribedEndpoint } from '../../decide.ts'
import { anyObject, dateTime, plainObject, text } from '../../plain-schema.ts'
import { ActionSchema, ResourceSchema, SubjectSchema } from '../../schemas.ts'
import { requestsPath } from './options.ts'

const Denial = plainObject(
  'AuthzenDenial',
  { expires_at: dateTime, binding_token: text },
  { evaluation_id: { ...text, description: 'Of the denial that is requested.' } },
)
const Task = plainObject(
  'AuthzenTask',
  {
    id: text,
    status: { enum: ['pending', 'approved', 'denied', 'expired', 'cancelled', 'failed'] },
    status_endpoint: text,
    expires_at: dateTime,
  },
  { links: plainObject('AuthzenTaskLinks', { cancel: text }) },
)
const Approval = plainObject(
  'AuthzenApproval',
  { id: { ...text, description: 'For `context.approval` of the same evaluation.' }, approved_until: dateTime },
  { approved_at: dateTime },
)
const TaskAnswer = plainObject(
  'AuthzenTaskAnswer',
  { task: Task },
  { result: plainObject('AuthzenTaskResult', { mode: { enum: ['reevaluate'] }, approval: Approval }) },
)
const Location = 'Where the status of the task is.'

export const submitEndpoint = {
  method: 'POST',
  path: requestsPath,
  description: {
    operationId: 'requestAccess',
    summary: 'Access Request (experimental): asks for what was denied and can be requested.',
    headers: { 'idempotency-key': { ...text, description: 'Requests of one caller with the same key are one.' } },
    body: plainObject(
      'AuthzenAccessRequest',
      { subject: SubjectSchema, action: ActionSchema, resource: ResourceSchema, denial: Denial },
      { context: anyObject, requested_access: anyObject },
    ),
    answers: {
      201: { description: 'A task that has ended at once.', body: TaskAnswer, headers: { Location } },
      202: { description: 'A task that waits for somebody.', body: TaskAnswer, headers: { Location } },
    },
    problems: [409, 410, 503],
  },
} as const satisfies DescribedEndpoint

export const statusEndpoint = {
  method: 'GET',
  path: `${requestsPath}/:task`,
  description: {
    operationId: 'getAccessTask',
    summary: 'Task status (experimental).',
    answers: {
      200: {
        description: 'The task.',
        body: TaskAnswer,
        headers: { 'Retry-After': 'How many seconds a pending task should be left alone.' },
      },
    },
  },
} as const satisfies DescribedEndpoint

export const cancelEndpoint = {
  method: 'POST',
  path: `${requestsPath}/:task/cancel`,
  description: {
    operationId: 'cancelAccessTask',
    summary: 'Cancels a task that is pending (experimental).',
    answers: { 200: { description: 'The task.', body: TaskAnswer } },
    problems: [409],
  },
} as const satisfies DescribedEndpoint

export const accessRequestEndpoints: readonly DescribedEndpoint[] = [submitEndpoint, statusEndpoint, cancelEndpoint]
