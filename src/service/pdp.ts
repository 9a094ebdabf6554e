/** The AuthZEN endpoints of one PDP (AuthZEN Authorization API 1.0, section 10.1), at the root and below a tenant's path. */
import { type Context, Hono } from 'hono'
import { answerEvaluationBody } from '../authzen/evaluation.ts'
import { answerEvaluations } from '../authzen/evaluations.ts'
import type { JsonObject } from '../authzen/json.ts'
import type { Limits } from '../authzen/limits.ts'
import { describePdp, paths, wellKnownPath } from '../authzen/metadata.ts'
import { searchActions, searchResources, searchSubjects } from '../authzen/search.ts'
import { checkBody, readBody, receiveBody } from './body.ts'
import { problem } from './problem.ts'
import type { Tenant, Tenants } from './tenants.ts'

export interface PdpOptions {
  readonly tenants: Tenants
  readonly limits: Limits
  readonly maxBodyBytes: number
  /** The URL that clients use for the root, without a slash at its end; undefined: as each request sees it. */
  readonly publicUrl: string | undefined
  readonly now: () => number
}

/** The routes of one PDP. The tenant is the path parameter `tenant`; where the path has none, the one at the root. */
export function pdpRoutes(options: PdpOptions): Hono {
  const { tenants, limits, now } = options
  const routes = new Hono()
  const check = checkBody(options.maxBodyBytes)
  const post = (path: string, answer: (tenant: Tenant, body: JsonObject) => object | Promise<object>) =>
    routes.post(path, check, async (c) => {
      const tenant = tenants.find(c.req.param('tenant'))
      if (tenant === undefined) return unknownTenant(c)
      return c.json(await answer(tenant, await readBody(c, limits)))
    })

  routes.post(paths.evaluation, check, async (c) => {
    const tenant = tenants.find(c.req.param('tenant'))
    if (tenant === undefined) return unknownTenant(c)
    const answer = answerEvaluationBody(tenant.engine, await receiveBody(c), now(), limits.depth)
    return c.body(answer, 200, { 'Content-Type': 'application/json' })
  })
  post(paths.evaluations, ({ engine }, body) => answerEvaluations(engine, body, now(), limits))
  post(paths.searchSubject, ({ engine, source }, body) => searchSubjects(engine, source, body, { now: now(), limits }))
  post(paths.searchResource, ({ engine, source }, body) =>
    searchResources(engine, source, body, { now: now(), limits }),
  )
  post(paths.searchAction, ({ engine }, body) => searchActions(engine, body, { now: now(), limits }))
  routes.get(wellKnownPath, discovery(options))
  return routes
}

/** The discovery document of the PDP that the path names. */
export function discovery({ tenants, publicUrl }: PdpOptions): (c: Context) => Response {
  return (c) => {
    const name = c.req.param('tenant')
    if (tenants.find(name) === undefined) return unknownTenant(c)
    const root = publicUrl ?? new URL(c.req.url).origin
    const base = name === undefined ? root : `${root}/tenants/${encodeURIComponent(name)}`
    return c.json(describePdp(base), 200, { 'Cache-Control': 'max-age=300' })
  }
}

function unknownTenant(c: Context): Response {
  const detail =
    c.req.param('tenant') === undefined
      ? 'there is no default tenant; use /tenants/NAME/…'
      : 'there is no such tenant; check the name in the path'
  return problem(c, 404, 'E_TENANT', detail)
}
