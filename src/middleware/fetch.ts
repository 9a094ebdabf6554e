/** For handlers from `Request` to `Response`: Workers, Deno, Bun, and route handlers and proxies of Next. */
import { remember } from './authorization.ts'
import { type Guards, guardsOf } from './guards.ts'
import { parametersIn } from './parameters.ts'
import type { Authorizer, Incoming, Verdict } from './types.ts'

/** What comes after the request, such as Next's `{ params }`, is passed on. */
export type FetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>

/** Puts a check in front of a handler. */
export type FetchGuard = <Rest extends readonly unknown[]>(handler: FetchHandler<Rest>) => FetchHandler<Rest>

export type FetchMiddleware = Guards<FetchGuard>

/**
 * Guards around handlers. Parameters of the route are those that Next passes: `{ params }`, a promise or not.
 *
 * @example
 * const { requirePermission } = fetchMiddleware(authorizer)
 * export const GET = requirePermission('read', { type: 'record', param: 'id' })((request) => Response.json({}))
 */
export function fetchMiddleware(authorizer: Authorizer): FetchMiddleware {
  const guard =
    (check: (incoming: Incoming) => Promise<Verdict>): FetchGuard =>
    (handler) =>
    async (request, ...rest) => {
      const verdict = await check(await incomingOf(request, rest[0]))
      if ('refusal' in verdict) {
        const { status, headers, body } = verdict.refusal
        return new Response(body, { status, headers })
      }
      remember(request, verdict.authorization)
      return handler(request, ...rest)
    }
  return guardsOf(authorizer, guard)
}

async function incomingOf(request: Request, context: unknown): Promise<Incoming> {
  const given = typeof context === 'object' && context !== null && 'params' in context ? await context.params : {}
  return {
    method: request.method,
    url: request.url,
    header: (name) => request.headers.get(name) ?? undefined,
    ...parametersIn(given),
  }
}
