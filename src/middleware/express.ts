/** For Express, version 5 or 4. It is known here by its form alone. */
import { remember } from './authorization.ts'
import { type Guards, guardsOf } from './guards.ts'
import { incomingOf, type NodeRequest } from './node-request.ts'
import type { Authorizer, Incoming, Verdict } from './types.ts'

export interface ExpressRequest extends NodeRequest {
  /** The URL before routers took their part of it away. */
  readonly originalUrl: string
  readonly params: Readonly<Record<string, string | string[]>>
}

export interface ExpressResponse {
  status(code: number): this
  /** Node's own: Express' `set` adds a character set. */
  setHeader(name: string, value: string): this
  end(body: string): unknown
}

export type ExpressHandler = (
  request: ExpressRequest,
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => Promise<void>

export type ExpressMiddleware = Guards<ExpressHandler>

/** @example app.get('/records/:id', expressMiddleware(authorizer).requirePermission('read', { type: 'record', param: 'id' }), handler) */
export function expressMiddleware(authorizer: Authorizer): ExpressMiddleware {
  const guard = (check: (incoming: Incoming) => Promise<Verdict>): ExpressHandler => {
    return async (request, response, next) => {
      let verdict: Verdict
      try {
        verdict = await check({ ...incomingOf(request), url: request.originalUrl })
      } catch (error) {
        // Express 4 does not see rejections.
        return next(asError(error))
      }
      if ('refusal' in verdict) {
        const { status, headers, body } = verdict.refusal
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        response.status(status).end(body)
        return
      }
      remember(request, verdict.authorization)
      next()
    }
  }
  return guardsOf(authorizer, guard)
}

/** To `next`, what is falsy says that all is well, and some texts leave the route. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('the check failed', { cause: thrown })
}
