/** What was found out about a request, for its handler. */
import type { Authorization } from './types.ts'

const known = new WeakMap<object, Authorization>()

export function remember(request: object, authorization: Authorization): void {
  // After `requireActor`, a permission knows more.
  known.set(request, { ...known.get(request), ...authorization })
}

/**
 * Who asks, and what was decided, for a request that a middleware let pass: Hono's `c.req.raw`, Express' and Fastify's request,
 * or a `Request`. Undefined when none did.
 *
 * @example authorizationOf(c.req.raw)?.subject.id
 */
export function authorizationOf(request: object): Authorization | undefined {
  return known.get(request)
}
