import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll } from 'vitest'
import { authorizationOf, expressMiddleware } from '../../src/middleware/index.ts'
import { authorizer, describeRoutes, review } from './support.ts'

const { requirePermission, requireActor } = expressMiddleware(authorizer({ review }))
const record = { type: 'record', param: 'id' }
const app = express()
app.get('/records/:id', requirePermission('read', record), (request, response) => {
  const { subject, decision } = authorizationOf(request) ?? {}
  response.json({ id: request.params.id, subject, code: decision?.code })
})
app.delete('/records/:id', requirePermission('purge', record), (_request, response) => {
  response.json({ id: 'purged' })
})
app.get('/agents', requireActor({ type: 'agent', delegated: true }), (request, response) => {
  response.json(authorizationOf(request))
})
app.get('/broken', requirePermission('read', record), (_request, response) => {
  response.json({ id: 'broken' })
})
app.use(((_error, _request, response, _next) => {
  response.status(500).end('fault')
}) satisfies express.ErrorRequestHandler)

let server: Server
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server = app.listen(0, '127.0.0.1', () => resolve())
  })
})
afterAll(() => {
  server.close()
})

describeRoutes('Express', (method, path, token) => {
  const { port } = server.address() as AddressInfo
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return fetch(`http://127.0.0.1:${port}${path}`, { method, headers })
})
