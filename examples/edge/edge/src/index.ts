/**
 * Authorizes requests to a CDN: who asks is in a JSON Web Token, what may be asked is decided here, by policies from a signed bundle, and how
 * often an agent may ask is kept in a Durable Object.
 */
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import type { AccessRequest, Decision, DecisionEngine } from 'sallyport/edge'
import { createAuthorizer, fetchMiddleware, type Incoming, subjectFromJwt } from 'sallyport/middleware'
import type { Env } from './env.ts'
import { engineOf } from './policies.ts'
import { actionOf, pathOf, resourceOf } from './question.ts'

export default {
  async fetch(request: Request, env: Env, ctx: { waitUntil(work: Promise<unknown>): void }): Promise<Response> {
    const action = actionOf(request.method)
    if (action === undefined) return problem(405, 'E_METHOD', 'this method is not served here')
    if (pathOf(request.url) === undefined) return problem(400, 'E_PATH', 'the path can be read in two ways')
    const engine = await engineOf(env, (work) => ctx.waitUntil(work))
    if (engine === undefined) return problem(503, 'E_NOT_READY', 'there are no policies yet')
    const authorizer = createAuthorizer({
      engine: { evaluate: (asked, options) => decide(engine, env, asked, options) },
      subject: (incoming) => subjectOf(env, incoming),
      now: Date.now,
      tellReasons: true,
    })
    return fetchMiddleware(authorizer).requirePermission(action, resourceOf)(forward(env))(request)
  },
}

/** By the policies, here; an agent that they allow then needs some of its budget. */
async function decide(
  engine: DecisionEngine,
  env: Env,
  request: AccessRequest,
  options: { readonly now: number },
): Promise<Decision> {
  const decision = engine.evaluate(request, options)
  const { type, id } = request.subject
  if (!decision.decision || type !== 'agent') return decision
  const spent = await env.BUDGETS.getByName(`${type}:${id}`).spend(request)
  if (spent.decision) return decision
  const { imageId } = decision
  const { reason } = spent
  return {
    decision: false,
    status: 'deny',
    code: decision.code,
    reason,
    rules: [],
    obligations: [],
    advice: [],
    imageId,
  }
}

let keys: JWTVerifyGetKey | undefined

/** The token's subject with its actors; without a token, anyone. A token that does not hold is nobody. */
async function subjectOf(env: Env, incoming: Incoming) {
  if (incoming.header('authorization') === undefined) return { type: 'anonymous', id: 'anyone' }
  keys ??= createRemoteJWKSet(new URL(env.JWKS_URL))
  const { ISSUER: issuer, AUDIENCE: audience } = env
  return subjectFromJwt({ issuer, audience, keys, now: Date.now, properties: ['iss', 'roles'] })(incoming)
}

/** The origin gets no token: it trusts this Worker, and nobody else reaches it. */
function forward({ ORIGIN }: Env) {
  return (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const onward = new Request(new URL(pathname + search, ORIGIN), request)
    onward.headers.delete('Authorization')
    return fetch(onward)
  }
}

function problem(status: number, code: string, detail: string): Response {
  const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' }
  return new Response(JSON.stringify({ status, code, detail }), { status, headers })
}
