/** Who asks what tenant: the first thing that every route finds out. */
import type { Context } from 'hono'
import type { DecisionPoint } from '../authzen/decide.ts'
import type { Authenticate } from './authenticate.ts'
import { type Tenant, type Tenants, tenantOf } from './tenants.ts'

export interface PointOptions {
  readonly tenants: Tenants
  /** Left out: nobody has to say who they are. */
  readonly authenticate: Authenticate | undefined
  /** The URL that clients use for the PDP that a request names, without a slash at its end. */
  readonly baseOf: (c: Context) => string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Callers come first: who is nobody learns of no tenant.
 *
 * @throws ProblemError 401 for whom nobody knows, 404 for a tenant that is not there
 */
export async function pointOf(c: Context, options: PointOptions): Promise<{ tenant: Tenant; point: DecisionPoint }> {
  const caller = await options.authenticate?.(c)
  const tenant = tenantOf(c, options.tenants)
  const { engine } = tenant
  return { tenant, point: { engine, now: options.now(), base: options.baseOf(c), caller, purpose: 'evaluation' } }
}
