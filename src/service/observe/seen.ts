/** What is seen of a request, gathered while it is answered. */
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { isRequestId } from '../request-id.ts'
import type { Observer, SeenRequest } from './observer.ts'

const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])
/** By context: a route may put another request in place of the one that came. */
const seenRequests = new WeakMap<Context, SeenRequest>()

/** Lets the observers look on; the first one is outermost. Answers to requests without an id get one, by which logs can be searched. */
export function observe(observers: readonly Observer[]): MiddlewareHandler {
  const arounds = observers.flatMap((observer) => observer.around?.bind(observer) ?? [])
  return async (c, next) => {
    const given = c.req.header('X-Request-ID')
    const id = given !== undefined && isRequestId(given) ? given : crypto.randomUUID()
    const { method, url, headers } = c.req.raw
    const seen: SeenRequest = {
      method: known.has(method) ? method : '_OTHER',
      url,
      headers,
      id,
      route: undefined,
      tenant: undefined,
      caller: undefined,
      status: 0,
      code: undefined,
    }
    seenRequests.set(c, seen)
    const answer = async (): Promise<void> => {
      await next()
      seen.route = routeOf(c)
      seen.status = c.res.status
      if (id !== given) c.header('X-Request-ID', id)
    }
    await arounds.reduceRight<() => Promise<void>>((inner, around) => () => around(seen, inner), answer)()
  }
}

/** The pattern of the path that answers; undefined when nothing does. */
export function routeOf(c: Context): string | undefined {
  // Middleware is registered for all methods, what answers for one.
  return matchedRoutes(c).findLast((route) => route.method !== 'ALL')?.path
}

/** The request's id, its own or, where somebody looks on, the one that it got. */
export function idOf(c: Context): string | undefined {
  const given = c.req.header('X-Request-ID')
  return seenRequests.get(c)?.id ?? (given !== undefined && isRequestId(given) ? given : undefined)
}

/** Notes something about the request of a context, if anybody looks on. */
export function note(c: Context, what: Partial<Pick<SeenRequest, 'tenant' | 'caller' | 'code'>>): void {
  const seen = seenRequests.get(c)
  if (seen !== undefined) Object.assign(seen, what)
}
