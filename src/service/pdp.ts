/** The AuthZEN endpoints of one PDP (AuthZEN Authorization API 1.0, section 10.1), at the root and below a tenant's path. */
import { Hono } from 'hono'
import { type Decide, decideAt, type Profile } from '../authzen/decide.ts'
import { answerEvaluation } from '../authzen/evaluation.ts'
import { answerEvaluations } from '../authzen/evaluations.ts'
import type { JsonObject } from '../authzen/json.ts'
import type { Limits } from '../authzen/limits.ts'
import { paths, wellKnownPath } from '../authzen/metadata.ts'
import type { PageTokens } from '../authzen/page-token.ts'
import { type SearchOptions, searchActions, searchResources, searchSubjects } from '../authzen/search.ts'
import type { Authenticate } from './authenticate.ts'
import { type BodyLimits, readBody } from './body.ts'
import { type Discovery, discoveryRoute, keysRoute } from './discovery.ts'
import { type Tenant, type Tenants, tenantOf } from './tenants.ts'

export interface PdpOptions extends Discovery {
  readonly tenants: Tenants
  readonly limits: Limits
  readonly body: BodyLimits
  readonly tokens: PageTokens
  readonly profiles: readonly Profile[]
  readonly authenticate: Authenticate | undefined
}

/** What an endpoint answers from. */
interface Asked extends Tenant {
  readonly body: JsonObject
  readonly decide: Decide
  readonly search: SearchOptions
}

/** The routes of one PDP. The tenant is the path parameter `tenant`; where the path has none, the one at the root. */
export function pdpRoutes(options: PdpOptions): Hono {
  const { limits, profiles, tokens } = options
  const routes = new Hono()
  const post = (path: string, answer: (asked: Asked) => object | Promise<object>) =>
    routes.post(path, async (c) => {
      await options.authenticate?.(c)
      const tenant = tenantOf(c, options.tenants)
      const body = await readBody(c, options.body)
      const now = options.now()
      const decide = decideAt({ engine: tenant.engine, now, base: options.baseOf(c) }, profiles)
      const search = { now, limits, tokens, decide: profiles.length > 0 ? decide : undefined }
      return c.json(await answer({ ...tenant, body, decide, search }))
    })

  post(paths.evaluation, ({ decide, body }) => answerEvaluation(decide, body))
  post(paths.evaluations, ({ decide, body }) => answerEvaluations(decide, body, limits))
  post(paths.searchSubject, ({ engine, source, body, search }) => searchSubjects(engine, source, body, search))
  post(paths.searchResource, ({ engine, source, body, search }) => searchResources(engine, source, body, search))
  post(paths.searchAction, ({ engine, body, search }) => searchActions(engine, body, search))
  routes.get(wellKnownPath, discoveryRoute(options))
  if (options.signer !== undefined) routes.get(paths.keys, keysRoute(options.signer))
  return routes
}
