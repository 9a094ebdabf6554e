/** The HTTP service: an AuthZEN PDP over one engine, or one per tenant, in any runtime that has `fetch` types. */
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { defaultLimits, type Limits } from '../authzen/limits.ts'
import { wellKnownPath } from '../authzen/metadata.ts'
import type { Engine } from '../engine/types.ts'
import { isRequestError, SallyportError } from '../errors.ts'
import { memorySource } from '../store/entities/memory.ts'
import type { EntitySource } from '../store/entities/source.ts'
import { discovery, type PdpOptions, pdpRoutes } from './pdp.ts'
import { problem } from './problem.ts'
import { requestId } from './request-id.ts'
import { createTenants } from './tenants.ts'

/** Where faults of our own go; `console` fits. */
export interface Logger {
  error(message: string, cause: unknown): void
}

export interface AppOptions {
  /** The one engine, answering at the root and below `/tenants/NAME`. Give this or `engines`. */
  readonly engine?: Engine
  /**
   * Tenant → engine, each below `/tenants/NAME`; the one named `default`, or the only one, answers at the root too.
   * The map is read at every request: changes to it take effect at once.
   */
  readonly engines?: ReadonlyMap<string, Engine>
  /** Where search gets a tenant's candidates from; left out: the entities in its policies. */
  readonly source?: (engine: Engine) => EntitySource
  /** The URL under which clients reach the service, for discovery; left out: as each request sees it. */
  readonly publicUrl?: string
  readonly limits?: Partial<Limits>
  /** The longest request body, in bytes; 1 MiB when left out. */
  readonly maxBodyBytes?: number
  /** The clock: milliseconds since the epoch. */
  readonly now?: () => number
  readonly logger?: Logger
}

/**
 * The service as a Hono app: serve its `fetch` anywhere.
 *
 * Behind a proxy, or mounted below a path, set `publicUrl`.
 *
 * @throws SallyportError `E_USAGE` when the options do not fit together.
 * @example export default createApp({ engine: await createEngine({ policies }) })
 */
export function createApp(options: AppOptions): Hono {
  const logger = options.logger ?? console
  const tenants = createTenants(enginesOf(options), options.source ?? memorySource)
  const pdp: PdpOptions = {
    tenants,
    limits: { ...defaultLimits, ...options.limits },
    maxBodyBytes: options.maxBodyBytes ?? 1024 * 1024,
    publicUrl: options.publicUrl === undefined ? undefined : checkPublicUrl(options.publicUrl),
    now: options.now ?? Date.now,
  }

  const app = new Hono()
  app.use(requestId)
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problem(c, 405, 'E_METHOD', `use ${methods.join(' or ')} here`, { Allow: methods.join(', ') }),
    }),
  )
  const routes = pdpRoutes(pdp)
  app.route('/', routes)
  app.route('/tenants/:tenant', routes)
  // Section 9.2: the well-known path stands between the host and the path of the PDP's base URL.
  app.get(`${wellKnownPath}/tenants/:tenant`, discovery(pdp))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) =>
    tenants.ready() ? c.json({ status: 'ready' }) : problem(c, 503, 'E_NOT_READY', 'no rules are loaded'),
  )
  app.notFound((c) => problem(c, 404, 'E_NOT_FOUND', 'there is nothing at this path'))
  app.onError((error, c) => {
    if (error instanceof SallyportError && isRequestError(error)) {
      return problem(c, 400, error.code, error.message)
    }
    logger.error(`${c.req.method} ${c.req.path} failed`, error)
    return problem(c, 500, 'E_INTERNAL', 'the request could not be answered; the log of the service says why')
  })
  return app
}

function enginesOf({ engine, engines }: AppOptions): ReadonlyMap<string, Engine> {
  if ((engine === undefined) === (engines === undefined)) {
    throw new SallyportError('E_USAGE', 'createApp needs either engine or engines')
  }
  return engines ?? new Map(engine === undefined ? [] : [[engine.tenant, engine]])
}

function checkPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || /[?#]/.test(text)) {
    throw new SallyportError('E_USAGE', 'publicUrl must be an http or https URL without query and fragment')
  }
  return text.replace(/\/+$/, '')
}
