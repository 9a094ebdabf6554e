/** Tasks: what an agent works on narrows what it may do. */
import Type, { type Static } from 'typebox'
import { SallyportError } from '../../errors.ts'
import { sameSubject } from '../../guard/subject-key.ts'
import type { Task } from '../../guard/task/record.ts'
import { operationsWith } from '../operation/operation.ts'
import { Id, named, strict, Time, timeText } from '../operation/shapes.ts'
import { type ApiContext, actingAs, actingAsKey } from './acting.ts'
import { ScopeSchema } from './delegation.ts'
import { idempotencyHeader, keyOf } from './idempotency.ts'
import { BySchema, RefSchema, refOf, SubjectSchema } from './subject.ts'

const define = operationsWith<ApiContext>()
const tag = 'tasks'
const params = strict({ id: Id })

export const TaskSchema = named('Task', {
  id: Type.String(),
  parent: Type.Optional(Type.String()),
  owner: RefSchema,
  state: Type.Enum(['created', 'active', 'completed', 'failed', 'cancelled', 'expired']),
  scopes: Type.Array(ScopeSchema),
  title: Type.String(),
  outcome: Type.String(),
  expires_at: Time,
  created_at: Time,
})
const one = { 200: { description: 'The task.', body: TaskSchema } }

const create = define({
  method: 'POST',
  path: '/v1/tasks',
  operationId: 'createTask',
  tag,
  summary: 'Makes a task of its owner; it can be worked on once it is started.',
  permission: 'tasks:write',
  headers: idempotencyHeader,
  body: strict(
    {
      owner: Type.Optional(SubjectSchema),
      scopes: Type.Array(ScopeSchema, { minItems: 1, maxItems: 16 }),
      expires_at: Time,
      parent: Type.Optional(Id),
      title: Type.Optional(Type.String({ maxLength: 500 })),
    },
    { $id: 'CreateTaskBody' },
  ),
  answers: { 201: { description: 'The task.', body: TaskSchema, headers: { Location: 'Where it is.' } } },
  problems: [409],
  answer: async ({ body, headers, point }, context) => {
    const { subject } = actingAs(body.owner, context)
    const { scopes, expires_at, parent, title } = body
    // A part of a task is its owner's to make.
    if (parent !== undefined) await ownTask(parent, subject, context)
    const task = await context.guard.tasks.create({
      owner: { type: subject.type, id: subject.id },
      scopes,
      expiresAt: Date.parse(expires_at),
      ...(parent !== undefined && { parent }),
      ...(title !== undefined && { title }),
      ...keyOf(headers['idempotency-key'], context),
    })
    const Location = `${point.base}/v1/tasks/${encodeURIComponent(task.id)}`
    return { status: 201, body: taskBody(task), headers: { Location } }
  },
})

const get = define({
  method: 'GET',
  path: '/v1/tasks/{id}',
  operationId: 'getTask',
  tag,
  summary: 'Tells its owner of a task.',
  permission: 'tasks:read',
  params,
  query: strict({ by: Type.Optional(BySchema) }),
  answers: one,
  answer: async ({ params: { id }, query }, context) => ({
    status: 200,
    body: taskBody(await ownTask(id, actingAsKey(query.by, context).subject, context)),
  }),
})

const starting = define({
  method: 'POST',
  path: '/v1/tasks/{id}/start',
  operationId: 'startTask',
  tag,
  summary: 'Begins work on a task.',
  permission: 'tasks:write',
  params,
  body: strict({ by: Type.Optional(SubjectSchema) }, { $id: 'ByBody' }),
  answers: one,
  problems: [409],
  answer: async ({ params: { id }, body }, context) => {
    await ownTask(id, actingAs(body.by, context).subject, context)
    return { status: 200, body: taskBody(await context.guard.tasks.start(id)) }
  },
})

const ends = {
  complete: 'Ends a task that was worked on.',
  fail: 'Ends a task that came to nothing.',
  cancel: 'Ends a task that is not to be worked on.',
} as const

const endings = Object.entries(ends).map(([name, summary]) =>
  define({
    method: 'POST',
    path: `/v1/tasks/{id}/${name}`,
    operationId: `${name}Task`,
    tag,
    summary,
    permission: 'tasks:write',
    params,
    body: strict(
      { by: Type.Optional(SubjectSchema), outcome: Type.Optional(Type.String({ maxLength: 2000 })) },
      { $id: 'EndTaskBody' },
    ),
    answers: one,
    problems: [409],
    answer: async ({ params: { id }, body }, context) => {
      await ownTask(id, actingAs(body.by, context).subject, context)
      // The keys of `ends` are names of methods.
      return { status: 200, body: taskBody(await context.guard.tasks[name as keyof typeof ends](id, body.outcome)) }
    },
  }),
)

/** The task of another owner is none. */
async function ownTask(id: string, by: { type: string; id: string }, { guard }: ApiContext): Promise<Task> {
  const task = await guard.tasks.get(id)
  if (sameSubject(task.owner, by)) return task
  throw new SallyportError('E_TASK', `there is no task ${JSON.stringify(id)}`)
}

export function taskBody(task: Task): Static<typeof TaskSchema> {
  const { id, parent, owner, state, scopes, title, outcome, expiresAt, createdAt } = task
  return {
    id,
    ...(parent !== undefined && { parent }),
    owner: refOf(owner),
    state,
    scopes: [...scopes],
    title,
    outcome,
    expires_at: timeText(expiresAt),
    created_at: timeText(createdAt),
  }
}

export const taskOperations = [create, get, starting, ...endings]
