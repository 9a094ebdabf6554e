import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

describe('a check that fails with what is no error', () => {
  it.each([undefined, null, 0, '', false, 'route', 'router', { status: 200 }])(
    '%j lets no handler run',
    async (why) => {
      const failing = expressMiddleware(authorizer({ subject: () => Promise.reject(why) }))
      const passed: unknown[] = []
      const ended: unknown[] = []
      const response = { status: () => response, setHeader: () => response, end: (body: unknown) => ended.push(body) }
      const asked = { method: 'GET', url: '/', originalUrl: '/', headers: {}, params: { id: 'r-1' } }
      for (const check of [failing.requirePermission('read', record), failing.requireActor()]) {
        await check(asked, response as never, (error) => passed.push(error))
      }
      const fault = expect.objectContaining({ name: 'Error', message: 'the check failed', cause: why })
      expect(passed).toEqual([fault, fault])
      expect(ended).toEqual([])
    },
  )

  it.each([undefined, null, 0, '', false, 'route', 'router'])('%j is a fault to Express', async (why) => {
    const { requirePermission } = expressMiddleware(authorizer({ subject: () => Promise.reject(why) }))
    const failing = express()
    failing.get('/records/:id', requirePermission('read', record), (_request, response) => {
      response.end('handled')
    })
    failing.use((_request, response) => {
      response.end('left')
    })
    failing.use(((_error, _request, response, _next) => {
      response.status(500).end('fault')
    }) satisfies express.ErrorRequestHandler)
    const listening = await new Promise<Server>((resolve) => {
      const one: Server = failing.listen(0, '127.0.0.1', () => resolve(one))
    })
    try {
      const { port } = listening.address() as AddressInfo
      const answer = await fetch(`http://127.0.0.1:${port}/records/r-1`)
      expect([answer.status, await answer.text()]).toEqual([500, 'fault'])
    } finally {
      listening.close()
    }
  })
})
