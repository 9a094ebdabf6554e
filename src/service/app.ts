/** The HTTP service: an AuthZEN PDP over one engine, or one per tenant, in any runtime that has `fetch` types. */
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { ProfileError } from '../authzen/decide.ts'
import { wellKnownPath } from '../authzen/metadata.ts'
import { isRequestError, SallyportError } from '../errors.ts'
import { directWay, offerDirectWay } from './direct.ts'
import { discoveryRoute } from './discovery.ts'
import { type AppOptions, readOptions } from './options.ts'
import { pdpRoutes } from './pdp.ts'
import { ProblemError, problem } from './problem.ts'
import { requestId } from './request-id.ts'

export type { Caller } from '../authzen/decide.ts'
export type { IdentifyCaller } from './authenticate.ts'
export type { AppOptions, Logger } from './options.ts'

/**
 * The service as a Hono app: serve its `fetch` anywhere.
 *
 * Behind a proxy, or mounted below a path, set `publicUrl`.
 *
 * @throws SallyportError `E_USAGE` when the options do not fit together.
 * @example export default createApp({ engine: await createEngine({ policies }) })
 */
export function createApp(options: AppOptions): Hono {
  const { logger, ...pdp } = readOptions(options)
  const app = new Hono()
  app.use(requestId)
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problem(c, 405, 'E_METHOD', `use ${methods.join(' or ')} here`, { headers: { Allow: methods.join(', ') } }),
    }),
  )
  const routes = pdpRoutes(pdp)
  app.route('/', routes)
  app.route('/tenants/:tenant', routes)
  // Section 9.2: the well-known path stands between the host and the path of the PDP's base URL.
  for (const path of new Set(['', pdp.basePath])) {
    app.get(`${wellKnownPath}${path}/tenants/:tenant`, discoveryRoute(pdp))
    if (path !== '') app.get(wellKnownPath + path, discoveryRoute(pdp))
  }
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) =>
    pdp.tenants.ready() ? c.json({ status: 'ready' }) : problem(c, 503, 'E_NOT_READY', 'no rules are loaded'),
  )
  app.notFound((c) => problem(c, 404, 'E_NOT_FOUND', 'there is nothing at this path'))
  app.onError((error, c) => {
    if (error instanceof ProblemError) return problem(c, error.status, error.code, error.message, error.extras)
    if (error instanceof ProfileError) return problem(c, error.status, error.code, error.message, { type: error.type })
    if (error instanceof SallyportError && isRequestError(error)) {
      return problem(c, 400, error.code, error.message)
    }
    logger.error(`${c.req.method} ${c.req.path} failed`, error)
    return problem(c, 500, 'E_INTERNAL', 'the request could not be answered; the log of the service says why')
  })
  const direct = directWay(options, pdp)
  if (direct !== undefined) offerDirectWay(app.fetch, direct)
  return app
}
