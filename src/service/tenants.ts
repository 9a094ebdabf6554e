/** Which engine answers where: one at the root, every tenant below its own path. */
import type { Engine } from '../engine/types.ts'
import type { EntitySource } from '../store/entities/source.ts'

/** One tenant as the service sees it. Nothing of it is shared with another. */
export interface Tenant {
  readonly engine: Engine
  readonly source: EntitySource
}

export interface Tenants {
  /** The tenant of that name; without a name, the one at the root. */
  find(name: string | undefined): Tenant | undefined
  /** Whether some engine has rules. Without any, every request is denied and the service is of no use. */
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

/** An engine without rules says so for any request. */
function hasRules(engine: Engine): boolean {
  const probe = { subject: { type: '', id: '' }, action: { name: '' }, resource: { type: '', id: '' } }
  const { code } = engine.evaluate(probe, { now: 0 })
  return code !== 'no_policies' && code !== 'trap'
}
