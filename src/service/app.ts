/** The HTTP service: an AuthZEN PDP over one engine, or one per tenant, in any runtime that has `fetch` types. */
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { ProfileError } from '../authzen/decide.ts'
import { wellKnownPath } from '../authzen/metadata.ts'
import { isRequestError, SallyportError } from '../errors.ts'
import { authzenOperations } from './authzen-operations.ts'
import { describeEndpoint, followEvents, readMetrics, signingKeys } from './descriptions.ts'
import { directWay, offerDirectWay } from './direct.ts'
import { discoveryRoute } from './discovery.ts'
import { eventsRoute } from './events/route.ts'
import { metricsRoute } from './metrics/route.ts'
import { idOf, observe, routeOf } from './observe/seen.ts'
import { describeService } from './openapi.ts'
import { servedAt } from './operation/openapi.ts'
import type { Description } from './operation/operation.ts'
import { type AppOptions, readOptions } from './options.ts'
import { pdpRoutes } from './pdp.ts'
import { nothingHere, ProblemError, problem } from './problem.ts'
import { requestId } from './request-id.ts'

export type { Caller } from '../authzen/decide.ts'
export type { IdentifiedCaller, IdentifyCaller, Origin } from './auth/identify.ts'
export type { RateOptions } from './limit/limits.ts'
export type { Rate } from './limit/rate.ts'
export type { LimitName, Observer, Outcome, SeenRequest } from './observe/observer.ts'
export type { AppOptions, Logger } from './options.ts'
export type { PeerBindings } from './origin.ts'

/**
 * The service as a Hono app: serve its `fetch` anywhere.
 *
 * Behind a proxy, or mounted below a path, set `publicUrl`.
 *
 * @throws SallyportError `E_USAGE` when the options do not fit together.
 * @example export default createApp({ engine: await createEngine({ policies }) })
 */
export function createApp(options: AppOptions): Hono {
  const { logger, apis, observers, metrics, draining, events, ...pdp } = readOptions(options)
  const app = new Hono()
  if (observers.length > 0) app.use(observe(observers))
  app.use(requestId)
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problem(c, 405, 'E_METHOD', `use ${methods.join(' or ')} here`, { headers: { Allow: methods.join(', ') } }),
    }),
  )
  const own = pdpRoutes(pdp)
  const { signer, profiles } = pdp
  const described: Description[] = [
    ...authzenOperations,
    ...(signer === undefined ? [] : [signingKeys]),
    ...profiles.flatMap(({ endpoints = [] }) => endpoints).map(describeEndpoint),
    ...apis.flatMap(({ operations }) => operations),
  ]
  if (events !== undefined && events.stream !== 'none') {
    own.get(followEvents.path, eventsRoute(events.hub, events.stream ?? {}, pdp))
    described.push(followEvents)
  }
  if (metrics !== undefined) {
    app.get(readMetrics.path, metricsRoute(metrics, pdp.authenticate))
    described.push(readMetrics)
  }
  for (const routes of [own, ...apis.map((api) => api.routes(pdp))]) {
    app.route('/', routes)
    app.route('/tenants/:tenant', routes)
  }
  // Section 9.2: the well-known path stands between the host and the path of the PDP's base URL.
  // Routes are compared with paths that are decoded.
  for (const path of new Set(['', decodeURI(pdp.basePath)])) {
    app.get(`${wellKnownPath}${path}/tenants/:tenant`, discoveryRoute(pdp))
    if (path !== '') app.get(wellKnownPath + path, discoveryRoute(pdp))
  }
  const document = describeService(described)
  app.get('/openapi.json', (c) => c.json(servedAt(document, pdp.baseOf(c)), 200, { 'Cache-Control': 'max-age=300' }))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) => {
    if (draining()) return problem(c, 503, 'E_NOT_READY', 'the service is about to stop')
    return pdp.tenants.ready() ? c.json({ status: 'ready' }) : problem(c, 503, 'E_NOT_READY', 'no rules are loaded')
  })
  app.notFound((c) => problem(c, 404, 'E_NOT_FOUND', nothingHere))
  app.onError((error, c) => {
    if (error instanceof ProblemError) return problem(c, error.status, error.code, error.message, error.extras)
    if (error instanceof ProfileError) return problem(c, error.status, error.code, error.message, { type: error.type })
    if (error instanceof SallyportError && isRequestError(error)) {
      return problem(c, 400, error.code, error.message)
    }
    const requestId = idOf(c)
    // Paths as they came may hold ids, and are no affair of the log.
    const message = `${c.req.method} ${routeOf(c) ?? 'to no route'} failed`
    logger.error(message, error, ...(requestId === undefined ? [] : [{ requestId }]))
    return problem(c, 500, 'E_INTERNAL', 'the request could not be answered; the log of the service says why')
  })
  const direct = directWay(options, pdp)
  if (direct !== undefined) offerDirectWay(app.fetch, direct)
  return app
}
