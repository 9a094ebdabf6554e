/** Which engine answers where: one at the root, every tenant below its own path. */
import type { Caller } from '../authzen/decide.ts'
import type { Engine } from '../engine/types.ts'
import type { EntitySource } from '../store/entities/source.ts'
import { ProblemError } from './problem.ts'

/** One tenant as the service sees it. Nothing of it is shared with another. */
export interface Tenant {
  /** Under which paths and callers name it. */
  readonly name: string
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
  const sources = new WeakMap<Engine, EntitySource>()
  const rootName = () => (engines.has('default') ? 'default' : engines.size === 1 ? [...engines.keys()][0] : undefined)
  const sourceFor = (engine: Engine): EntitySource => {
    const known = sources.get(engine)
    if (known !== undefined) return known
    const source = sourceOf(engine)
    sources.set(engine, source)
    return source
  }
  return {
    find: (named) => {
      const name = named ?? rootName()
      const engine = name === undefined ? undefined : engines.get(name)
      return name === undefined || engine === undefined ? undefined : { name, engine, source: sourceFor(engine) }
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

/**
 * The tenant that a path names; without a name there, the caller's only one, or the one at the root.
 *
 * @throws ProblemError 404, the same for tenants that are not there and for those of others
 */
export function tenantFor(name: string | undefined, caller: Caller | undefined, tenants: Tenants): Tenant {
  const own = caller === undefined ? 'all' : caller.tenants
  const only = own !== 'all' && own.length === 1 ? own[0] : undefined
  const tenant = tenants.find(name ?? only)
  if (tenant !== undefined && (own === 'all' || own.includes(tenant.name))) return tenant
  throw unknownTenant(name)
}

export function unknownTenant(name: string | undefined): ProblemError {
  const detail =
    name === undefined
      ? 'there is no default tenant; use /tenants/NAME/…'
      : 'there is no such tenant; check the name in the path'
  return new ProblemError(404, 'E_TENANT', detail)
}
