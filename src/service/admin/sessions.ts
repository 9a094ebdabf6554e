/** Sessions, whoever they are of: looking, and ending them. */
import Type from 'typebox'
import type { GuardSession } from '../../guard/index.ts'
import { define, recorded } from './context.ts'
import { cursor, cursorAt, Id, limit, next, readCursor, SubjectRefSchema, SubjectText, subjectFrom } from './schemas.ts'

const tag = 'admin: sessions'
const path = '/admin/v1/sessions'

const SessionSchema = Type.Object(
  {
    id: Type.String(),
    subject: SubjectRefSchema,
    state: Type.Enum(['active', 'ended', 'expired']),
    roles: Type.Array(Type.String()),
    expires_at: Type.Integer(),
    created_at: Type.Integer(),
  },
  { $id: 'AdminSession' },
)

const listSessions = define({
  method: 'GET',
  path,
  operationId: 'listAllSessions',
  tag,
  summary: 'Lists sessions, whoever they are of.',
  permission: 'sessions:read',
  query: Type.Object({ subject: Type.Optional(SubjectText), limit, cursor }),
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
    return { status: 200, body: { sessions: sessions.map(shown), ...(last && { cursor: cursorAt({ id: last.id }) }) } }
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
  answer: async ({ params }, { guard }) => ({ status: 200, body: shown(await guard.sessions.get(params.id)) }),
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
    return { status: 200, body: shown(await recorded(context, data, () => context.guard.sessions.end(id))) }
  },
})

export const sessionOperations = [listSessions, getSession, endSession]

function shown({ id, subject, state, roles, expiresAt, createdAt }: GuardSession): object {
  return { id, subject, state, roles, expires_at: expiresAt, created_at: createdAt }
}
