import { fastify } from 'fastify'
import { afterAll, beforeAll } from 'vitest'
import { authorizationOf, fastifyMiddleware } from '../../src/middleware/index.ts'
import { authorizer, describeRoutes, review } from './support.ts'

const { requirePermission, requireActor } = fastifyMiddleware(authorizer({ review }))
const record = { type: 'record', param: 'id' }
const app = fastify()
app.get<{ Params: { id: string } }>(
  '/records/:id',
  { preHandler: requirePermission('read', record) },
  async (request) => {
    const { subject, decision } = authorizationOf(request) ?? {}
    return { id: request.params.id, subject, code: decision?.code }
  },
)
app.delete('/records/:id', { preHandler: requirePermission('purge', record) }, async () => ({ id: 'purged' }))
app.get('/agents', { preHandler: requireActor({ type: 'agent', delegated: true }) }, async (request) =>
  authorizationOf(request),
)
app.get('/broken', { preHandler: requirePermission('read', record) }, async () => ({ id: 'broken' }))

let url: string
beforeAll(async () => {
  url = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => app.close())

describeRoutes('Fastify', (method, path, token) => {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return fetch(url + path, { method, headers })
})
