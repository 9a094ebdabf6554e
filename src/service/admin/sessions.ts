/** Sessions, whoever they are of: looking, and ending them. */
import Type from 'typebox'
import { SallyportError } from '../../errors.ts'
import { SessionSchema, sessionBody } from '../api/sessions.ts'
import { operationsWith } from '../operation/operation.ts'
import { ProblemError } from '../problem.ts'
import { type AdminContext, recorded } from './context.ts'
import { cursor, cursorAt, Id, limit, next, readCursor, SubjectText, subjectFrom } from './schemas.ts'

const define = operationsWith<AdminContext>()
const tag = 'admin: sessions'
const path = '/admin/v1/sessions'

const listSessions = define({
  method: 'GET',
  path,
  operationId: 'listAllSessions',
  tag,
  summary: 'Lists sessions, whoever they are of.',
  permission: 'sessions:read',
  query: Type.Object({ subject: Type.Optional(SubjectText), limit, cursor }, { additionalProperties: false }),
  answers: {
    200: { description: 'A page.', body: Type.Object({ sessions: Type.Array(SessionSchema), cursor: next }) },
  },
  answer: async ({ query: { subject, limit: most = 100, cursor: from } }, { guard }) => {
    const sessions = await guard.inventory.sessions({
      limit: most,
      ...(subject !== undefined && { subject: subjectFrom(subject) }),
      ...(from !== undefined && { after: readCursor(from, ['id']).id }),
    })
    const last = sessions.length === most ? sessions.at(-1) : undefined
    return {
      status: 200,
      body: { sessions: sessions.map(sessionBody), ...(last && { cursor: cursorAt({ id: last.id }) }) },
    }
  },
})

const getSession = define({
  method: 'GET',
  path: `${path}/{id}`,
  operationId: 'getAnySession',
  tag,
  summary: 'Tells of a session.',
  permission: 'sessions:read',
  params: Id,
  answers: { 200: { description: 'The session.', body: SessionSchema } },
  answer: async ({ params }, { guard }) => ({
    status: 200,
    body: sessionBody(await known(guard.sessions.get(params.id))),
  }),
})

const endSession = define({
  method: 'POST',
  path: `${path}/{id}/end`,
  operationId: 'endAnySession',
  tag,
  summary: 'Ends a session; doing so twice is no mistake.',
  permission: 'sessions:end',
  params: Id,
  answers: { 200: { description: 'The session as it is now.', body: SessionSchema } },
  answer: async ({ params: { id } }, context) => {
    const data = { action: 'sessions:end', resource: { type: 'session', id } }
    return {
      status: 200,
      body: sessionBody(await recorded(context, data, () => known(context.guard.sessions.end(id)))),
    }
  },
})

export const sessionOperations = [listSessions, getSession, endSession]

/** The code stands for several mistakes; here there is but one. */
async function known<T>(session: Promise<T>): Promise<T> {
  try {
    return await session
  } catch (error) {
    if (!(error instanceof SallyportError && error.code === 'E_SESSION')) throw error
    throw new ProblemError(404, 'E_SESSION', error.message)
  }
}
