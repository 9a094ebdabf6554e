/** Sessions: a subject acts with some of its roles for a while. */
import Type, { type Static } from 'typebox'
import { SallyportError } from '../../errors.ts'
import type { GuardSession } from '../../guard/session/index.ts'
import { sameSubject } from '../../guard/subject-key.ts'
import { operationsWith } from '../operation/operation.ts'
import { Id, named, strict, Time, timeText } from '../operation/shapes.ts'
import { ProblemError } from '../problem.ts'
import { type ApiContext, actingAs, actingAsKey } from './acting.ts'
import { idempotencyHeader, keyOf } from './idempotency.ts'
import { BySchema, RefSchema, refOf, StrictRefSchema, SubjectSchema } from './subject.ts'

const define = operationsWith<ApiContext>()
const tag = 'sessions'
const params = strict({ id: Id })

export const SessionSchema = named('Session', {
  id: Type.String(),
  subject: RefSchema,
  state: Type.Enum(['active', 'ended', 'expired']),
  roles: Type.Array(Type.String()),
  expires_at: Time,
  created_at: Time,
})
const one = { 200: { description: 'The session.', body: SessionSchema } }

const start = define({
  method: 'POST',
  path: '/v1/sessions',
  operationId: 'startSession',
  tag,
  summary: 'Begins a session in which only these roles, and what they inherit, are active.',
  permission: 'sessions:write',
  headers: idempotencyHeader,
  body: strict(
    {
      subject: Type.Optional(SubjectSchema),
      roles: Type.Array(Type.String(), { minItems: 1, maxItems: 256 }),
      expires_at: Time,
      on: Type.Optional(StrictRefSchema),
    },
    { $id: 'StartSessionBody' },
  ),
  answers: { 201: { description: 'The session.', body: SessionSchema, headers: { Location: 'Where it is.' } } },
  problems: [409],
  answer: async ({ body, headers, point }, context) => {
    const { subject } = actingAs(body.subject, context)
    const { roles, expires_at, on } = body
    const key = keyOf(headers['idempotency-key'], context)
    const terms = { subject, roles, expiresAt: Date.parse(expires_at), ...(on && { on }), ...key }
    const session = await context.guard.sessions.start(terms)
    const Location = `${point.base}/v1/sessions/${encodeURIComponent(session.id)}`
    return { status: 201, body: sessionBody(session), headers: { Location } }
  },
})

const list = define({
  method: 'GET',
  path: '/v1/sessions',
  operationId: 'listSessions',
  tag,
  summary: 'The active sessions of a subject.',
  permission: 'sessions:read',
  query: strict({ by: Type.Optional(BySchema) }),
  answers: { 200: { description: 'All of them.', body: named('Sessions', { sessions: Type.Array(SessionSchema) }) } },
  answer: async ({ query }, context) => {
    const sessions = await context.guard.sessions.list(actingAsKey(query.by, context).subject)
    return { status: 200, body: { sessions: sessions.map(sessionBody) } }
  },
})

const get = define({
  method: 'GET',
  path: '/v1/sessions/{id}',
  operationId: 'getSession',
  tag,
  summary: 'Tells its subject of a session.',
  permission: 'sessions:read',
  params,
  query: strict({ by: Type.Optional(BySchema) }),
  answers: one,
  answer: async ({ params: { id }, query }, context) => ({
    status: 200,
    body: sessionBody(await ownSession(id, actingAsKey(query.by, context).subject, context)),
  }),
})

const end = define({
  method: 'POST',
  path: '/v1/sessions/{id}/end',
  operationId: 'endSession',
  tag,
  summary: 'Ends a session at once. Doing so twice is no mistake.',
  permission: 'sessions:write',
  params,
  body: strict({ by: Type.Optional(SubjectSchema) }, { $id: 'ByBody' }),
  answers: one,
  answer: async ({ params: { id }, body }, context) => {
    await ownSession(id, actingAs(body.by, context).subject, context)
    return { status: 200, body: sessionBody(await context.guard.sessions.end(id)) }
  },
})

/** The session of another subject is none. */
async function ownSession(id: string, by: { type: string; id: string }, { guard }: ApiContext): Promise<GuardSession> {
  const session = await guard.sessions.get(id).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === 'E_SESSION') return undefined
    throw error
  })
  if (session !== undefined && sameSubject(session.subject, by)) return session
  throw new ProblemError(404, 'E_SESSION', `there is no session ${JSON.stringify(id)}`)
}

export function sessionBody({
  id,
  subject,
  state,
  roles,
  expiresAt,
  createdAt,
}: GuardSession): Static<typeof SessionSchema> {
  return {
    id,
    subject: refOf(subject),
    state,
    roles: [...roles],
    expires_at: timeText(expiresAt),
    created_at: timeText(createdAt),
  }
}

export const sessionOperations = [start, list, get, end]
