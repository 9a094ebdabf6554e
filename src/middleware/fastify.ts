/** For Fastify: hooks for `preHandler`. It is known here by its form alone. */
import { remember } from './authorization.ts'
import { type Guards, guardsOf } from './guards.ts'
import { incomingOf, type NodeRequest } from './node-request.ts'
import type { Authorizer, Incoming, Verdict } from './types.ts'

export interface FastifyReplyLike {
  code(status: number): this
  headers(headers: Record<string, string>): this
  send(body: Uint8Array): this
}

/** Ends the request when it gives the reply back. */
export type FastifyHook = (request: NodeRequest, reply: FastifyReplyLike) => Promise<unknown>

export type FastifyMiddleware = Guards<FastifyHook>

/** @example app.get('/records/:id', { preHandler: fastifyMiddleware(authorizer).requirePermission('read', { type: 'record', param: 'id' }) }, handler) */
export function fastifyMiddleware(authorizer: Authorizer): FastifyMiddleware {
  const guard = (check: (incoming: Incoming) => Promise<Verdict>): FastifyHook => {
    return async (request, reply) => {
      const verdict = await check(incomingOf(request))
      if ('refusal' in verdict) {
        const { status, headers, body } = verdict.refusal
        // As bytes: to the type of a text Fastify adds a character set.
        return reply.code(status).headers(headers).send(new TextEncoder().encode(body))
      }
      remember(request, verdict.authorization)
      return undefined
    }
  }
  return guardsOf(authorizer, guard)
}
