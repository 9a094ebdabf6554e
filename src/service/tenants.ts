/** Which engine answers where: one at the root, every tenant below its own path. */
import type { Context } from 'hono'
import type { Engine } from '../engine/types.ts'
import type { EntitySource } from '../store/entities/source.ts'
import { ProblemError } from './problem.ts'

/** One tenant as the service sees it. Nothing of it is shared with another. */
export interface Tenant {
  readonly engine: Engine
  readonly source: EntitySource
}

export interface Tenants {
  /** The tenant of that name; without a name, the one at the root. */
  find(name: string | undefined): Tenant | undefined
  /** Whether some engine has rules, and none too old. Without any, every request is denied and the service is of no use. */
  ready(): boolean
}

/**
 * Looks engines up at every request, so that a host may add and remove tenants in the map it passed.
 *
 * At the root answers the engine named `default`, or the only one there is.
 */
export function createTenants(
  engines: ReadonlyMap<string, Engine>,
  sourceOf: (engine: Engine) => EntitySource,
): Tenants {
  const known = new WeakMap<Engine, Tenant>()
  const atRoot = () => engines.get('default') ?? (engines.size === 1 ? [...engines.values()][0] : undefined)
  return {
    find: (name) => {
      const engine = name === undefined ? atRoot() : engines.get(name)
      if (engine === undefined) return undefined
      let tenant = known.get(engine)
      if (tenant === undefined) {
        tenant = { engine, source: sourceOf(engine) }
        known.set(engine, tenant)
      }
      return tenant
    },
    ready: () => [...engines.values()].some(hasRules),
  }
}

/** An engine without rules says so for any request, and so does one whose rules are too old. */
function hasRules(engine: Engine): boolean {
  const probe = { subject: { type: '', id: '' }, action: { name: '' }, resource: { type: '', id: '' } }
  const { code } = engine.evaluate(probe, { now: 0 })
  return code !== 'no_policies' && code !== 'stale_policies' && code !== 'trap'
}

/** The tenant that a request's path names; without a name there, the one at the root. Throws 404 when there is none. */
export function tenantOf(c: Context, tenants: Tenants): Tenant {
  const name = c.req.param('tenant')
  const tenant = tenants.find(name)
  if (tenant !== undefined) return tenant
  const detail =
    name === undefined
      ? 'there is no default tenant; use /tenants/NAME/…'
      : 'there is no such tenant; check the name in the path'
  throw new ProblemError(404, 'E_TENANT', detail)
}
