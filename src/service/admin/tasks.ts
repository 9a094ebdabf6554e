/** Tasks, whoever works on them: looking, and cancelling. */
import Type from 'typebox'
import { cancelLine } from '../../guard/task/cancel-line.ts'
import { TaskSchema, taskBody } from '../api/tasks.ts'
import { operationsWith } from '../operation/operation.ts'
import { type AdminContext, recorded } from './context.ts'
import { cursor, cursorAt, Id, limit, next, readCursor, SubjectText, subjectFrom } from './schemas.ts'

const define = operationsWith<AdminContext>()
const tag = 'admin: tasks'
const path = '/admin/v1/tasks'

const listTasks = define({
  method: 'GET',
  path,
  operationId: 'listAllTasks',
  tag,
  summary: 'Lists tasks, whoever works on them.',
  permission: 'tasks:read',
  query: Type.Object(
    {
      owner: Type.Optional(SubjectText),
      parent: Type.Optional(Type.String({ maxLength: 256 })),
      limit,
      cursor,
    },
    { additionalProperties: false },
  ),
  answers: { 200: { description: 'A page.', body: Type.Object({ tasks: Type.Array(TaskSchema), cursor: next }) } },
  answer: async ({ query: { owner, parent, limit: most = 100, cursor: from } }, { guard }) => {
    const tasks = await guard.inventory.tasks({
      limit: most,
      ...(owner !== undefined && { owner: subjectFrom(owner) }),
      ...(parent !== undefined && { parent }),
      ...(from !== undefined && { after: readCursor(from, ['id']).id }),
    })
    const last = tasks.length === most ? tasks.at(-1) : undefined
    return { status: 200, body: { tasks: tasks.map(taskBody), ...(last && { cursor: cursorAt({ id: last.id }) }) } }
  },
})

const getTask = define({
  method: 'GET',
  path: `${path}/{id}`,
  operationId: 'getAnyTask',
  tag,
  summary: 'Tells of a task.',
  permission: 'tasks:read',
  params: Id,
  answers: { 200: { description: 'The task.', body: TaskSchema } },
  answer: async ({ params }, { guard }) => ({ status: 200, body: taskBody(await guard.tasks.get(params.id)) }),
})

const cancelTask = define({
  method: 'POST',
  path: `${path}/{id}/cancel`,
  operationId: 'cancelAnyTask',
  tag,
  summary: 'Cancels a task with all that is inside it.',
  permission: 'tasks:cancel',
  params: Id,
  body: Type.Object(
    { outcome: Type.Optional(Type.String({ maxLength: 1000, description: 'Why; kept with the task.' })) },
    { additionalProperties: false },
  ),
  answers: {
    200: {
      description: 'The task as it is now.',
      body: Type.Object({
        task: TaskSchema,
        below: Type.Integer({ description: 'How many inside it were cancelled with it.' }),
      }),
    },
  },
  problems: [409],
  answer: async ({ params: { id }, body: { outcome = '' } }, context) => {
    const data = { action: 'tasks:cancel', resource: { type: 'task', id } }
    const { below, ...task } = await recorded(context, data, () => cancelLine(context.guard, id, outcome))
    return { status: 200, body: { task: taskBody(task), below } }
  },
})

export const taskOperations = [listTasks, getTask, cancelTask]
