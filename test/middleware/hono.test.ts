import { Hono } from 'hono'
import { authorizationOf, honoMiddleware } from '../../src/middleware/index.ts'
import { authorizer, describeRoutes, review } from './support.ts'

const { requirePermission, requireActor } = honoMiddleware(authorizer({ review }))
const record = { type: 'record', param: 'id' }
const app = new Hono()
app.get('/records/:id', requirePermission('read', record), (c) => {
  const { subject, decision } = authorizationOf(c.req.raw) ?? {}
  return c.json({ id: c.req.param('id'), subject, code: decision?.code })
})
app.delete('/records/:id', requirePermission('purge', record), (c) => c.json({ id: 'purged' }))
app.get('/agents', requireActor({ type: 'agent', delegated: true }), (c) => c.json(authorizationOf(c.req.raw) ?? {}))
app.get('/broken', requirePermission('read', record), (c) => c.json({ id: 'broken' }))
app.onError((_error, c) => c.text('fault', 500))

describeRoutes('Hono', async (method, path, token) =>
  app.request(path, { method, headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } }),
)
