/** For Hono. */
import type { MiddlewareHandler } from 'hono'
import { remember } from './authorization.ts'
import { type Guards, guardsOf } from './guards.ts'
import type { Authorizer, Incoming, Verdict } from './types.ts'

export type HonoMiddleware = Guards<MiddlewareHandler>

/** @example app.get('/records/:id', honoMiddleware(authorizer).requirePermission('read', { type: 'record', param: 'id' }), handler) */
export function honoMiddleware(authorizer: Authorizer): HonoMiddleware {
  const guard = (check: (incoming: Incoming) => Promise<Verdict>): MiddlewareHandler => {
    return async (c, next) => {
      const { method, url } = c.req
      const verdict = await check({ method, url, header: (name) => c.req.header(name), params: c.req.param() })
      if ('refusal' in verdict) return c.body(verdict.refusal.body, verdict.refusal.status, verdict.refusal.headers)
      remember(c.req.raw, verdict.authorization)
      return next()
    }
  }
  return guardsOf(authorizer, guard)
}
