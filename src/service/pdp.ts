/** The AuthZEN endpoints of one PDP (AuthZEN Authorization API 1.0, section 10.1), at the root and below a tenant's path. */
import { type Context, Hono } from 'hono'
import { type Decide, decideAt, type Endpoint, type Profile } from '../authzen/decide.ts'
import { answerEvaluation, answerEvaluationBytes } from '../authzen/evaluation.ts'
import { answerEvaluations } from '../authzen/evaluations.ts'
import type { JsonObject } from '../authzen/json.ts'
import type { Limits } from '../authzen/limits.ts'
import { paths, wellKnownPath } from '../authzen/metadata.ts'
import type { PageTokens } from '../authzen/page-token.ts'
import { type SearchOptions, searchActions, searchResources, searchSubjects } from '../authzen/search.ts'
import type { Pace } from '../pace.ts'
import { type BodyLimits, readBody, readBytes } from './body.ts'
import { type Discovery, discoveryRoute, keysRoute } from './discovery.ts'
import { type DecisionWatch, tellAnswer, watched } from './observe/decisions.ts'
import { refuseOtherSites } from './other-sites.ts'
import { type PointOptions, pointOf } from './point.ts'
import type { Tenant, Tenants } from './tenants.ts'

export interface PdpOptions extends Discovery, PointOptions {
  readonly tenants: Tenants
  readonly limits: Limits
  /** A new one for each request. */
  readonly pace: () => Pace
  readonly body: BodyLimits
  readonly tokens: PageTokens
  readonly profiles: readonly Profile[]
  /** Is told what evaluations decide; undefined when nobody wants to know. */
  readonly watch: DecisionWatch | undefined
}

/** What an endpoint answers from. */
interface Asked extends Tenant {
  readonly body: JsonObject
  readonly decide: Decide
  readonly pace: Pace
  readonly search: SearchOptions
}

/** The routes of one PDP. The tenant is the path parameter `tenant`; where the path has none, the one at the root. */
export function pdpRoutes(options: PdpOptions): Hono {
  const { limits, profiles, tokens, watch } = options
  const routes = new Hono()
  const post = (path: string, answer: (asked: Asked) => object | Promise<object>) =>
    routes.post(path, async (c) => {
      const { tenant, point } = await pointOf(c, options)
      const body = await readBody(c, options.body)
      const plain = decideAt(point, profiles)
      const decide = watch === undefined ? plain : watched(plain, tenant.name, point, watch)
      const searching = profiles.length === 0 ? undefined : decideAt({ ...point, purpose: 'search' }, profiles)
      const pace = options.pace()
      const search = { now: point.now, limits, tokens, decide: searching, pace }
      return c.json(await answer({ ...tenant, body, decide, pace, search }))
    })

  // Profiles and events look at requests and decisions as objects.
  if (profiles.length > 0 || watch?.evaluated !== undefined)
    post(paths.evaluation, ({ decide, body }) => answerEvaluation(decide, body))
  else routes.post(paths.evaluation, (c) => evaluateBytes(c, options))
  post(paths.evaluations, ({ decide, body, pace }) => answerEvaluations(decide, body, limits, pace))
  post(paths.searchSubject, ({ engine, source, body, search }) => searchSubjects(engine, source, body, search))
  post(paths.searchResource, ({ engine, source, body, search }) => searchResources(engine, source, body, search))
  post(paths.searchAction, ({ engine, body, search }) => searchActions(engine, body, search))
  for (const endpoint of profiles.flatMap((profile) => profile.endpoints ?? [])) addEndpoint(routes, endpoint, options)
  routes.get(wellKnownPath, discoveryRoute(options))
  if (options.signer !== undefined) routes.get(paths.keys, keysRoute(options.signer))
  return routes
}

/** An evaluation from bytes to bytes: nothing is made an object on the way. */
async function evaluateBytes(c: Context, options: PdpOptions): Promise<Response> {
  const { tenant, point } = await pointOf(c, options)
  const body = new Uint8Array(await readBytes(c, options.body))
  const answer = answerEvaluationBytes(point, body, options.body.depth)
  if (options.watch !== undefined) tellAnswer(answer, tenant.name, options.watch)
  return c.body(answer, 200, { 'Content-Type': 'application/json' })
}

function addEndpoint(routes: Hono, { method, path, description, answer }: Endpoint, options: PdpOptions): void {
  routes.on(method, path, async (c) => {
    if (method !== 'GET' && description.body === undefined) refuseOtherSites(c)
    const { point } = await pointOf(c, options)
    const { status, body, headers } = await answer({
      point,
      body: () => readBody(c, options.body),
      param: (name) => c.req.param(name) ?? '',
      header: (name) => c.req.header(name),
    })
    return c.json(body, status, headers)
  })
}
