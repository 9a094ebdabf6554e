/** Who asks what tenant: the first thing that every route finds out. */
import type { Context } from 'hono'
import type { Caller, DecisionPoint } from '../authzen/decide.ts'
import type { Authenticate } from './authenticate.ts'
import type { RequestLimits } from './limit/limits.ts'
import { note } from './observe/seen.ts'
import { type Tenant, type Tenants, tenantFor } from './tenants.ts'

export interface PointOptions {
  readonly tenants: Tenants
  /** Left out: nobody has to say who they are. */
  readonly authenticate: Authenticate | undefined
  /** Left out: everyone may ask as often as they like. */
  readonly requestLimits?: RequestLimits | undefined
  /** The URL that clients use for the PDP that a request names, without a slash at its end. */
  readonly baseOf: (c: Context) => string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What every route starts from. */
export interface Asked {
  readonly tenant: Tenant
  readonly caller: Caller | undefined
}

/**
 * The caller, and the tenant: by the path, or at the root the only one that the caller may use. Never by the body. Callers come
 * first: who is nobody learns of no tenant; and a tenant that is not the caller's is one that is not there.
 *
 * @throws ProblemError 401 for whom nobody knows, 429 for who comes too often, 404 for a tenant that is not there
 */
export async function askedOf(c: Context, options: PointOptions): Promise<Asked> {
  const { requestLimits } = options
  const caller = await options.authenticate?.(c)
  note(c, { caller })
  requestLimits?.takeCaller(c, caller)
  const tenant = tenantFor(c.req.param('tenant'), caller, options.tenants)
  note(c, { tenant: tenant.name })
  requestLimits?.takeTenant(c, tenant.name)
  return { tenant, caller }
}

/** The same, with where and when it is decided. Throws as `askedOf` does. */
export async function pointOf(c: Context, options: PointOptions): Promise<{ tenant: Tenant; point: DecisionPoint }> {
  const { tenant, caller } = await askedOf(c, options)
  const { engine } = tenant
  return { tenant, point: { engine, now: options.now(), base: options.baseOf(c), caller, purpose: 'evaluation' } }
}
