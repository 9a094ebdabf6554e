import { authorizationOf, fetchMiddleware } from '../../src/middleware/index.ts'
import { authorizer, describeRoutes, review } from './support.ts'

const { requirePermission, requireActor } = fetchMiddleware(authorizer({ review }))
const record = { type: 'record', param: 'id' }
/** The second argument of Next's route handlers. */
type Context = { readonly params: Promise<{ readonly id: string }> }

const read = requirePermission(
  'read',
  record,
)(async (request: Request, { params }: Context) => {
  const { subject, decision } = authorizationOf(request) ?? {}
  return Response.json({ id: (await params).id, subject, code: decision?.code })
})
const purge = requirePermission(
  'purge',
  record,
)((_request: Request, _context: Context) => Response.json({ id: 'purged' }))
const agents = requireActor({ type: 'agent', delegated: true })((request) => Response.json(authorizationOf(request)))
const broken = requirePermission('read', record)(() => Response.json({ id: 'broken' }))

/** As a server for fetch handlers does: a route, its parameters, and 500 for what is thrown. */
async function serve(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const id = /^\/records\/([^/]+)$/.exec(pathname)?.[1]
  const context = { params: Promise.resolve({ id: id ?? '' }) }
  try {
    if (id !== undefined) return await (request.method === 'DELETE' ? purge : read)(request, context)
    return await (pathname === '/agents' ? agents : broken)(request)
  } catch {
    return new Response('fault', { status: 500 })
  }
}

describeRoutes('a fetch handler', (method, path, token) => {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return serve(new Request(`https://api.example.com${path}`, { method, headers }))
})
