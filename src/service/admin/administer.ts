/** What administration needs of a tenant, put together: its policies from the store, and a guard over them. */
import { makeIds } from '../../guard/ids.ts'
import { createGuard, type GuardOptions } from '../../guard/index.ts'
import { AdministeredTenant } from '../../pap/administered-tenant.ts'
import type { PolicyText } from '../../pap/policy-text.ts'
import type { Administered } from './context.ts'

export interface AdministerOptions extends Omit<GuardOptions, 'engine'> {
  readonly tenant: string
  /** The policies, where the host keeps them and not the store: they can then be read, and not changed. */
  readonly fixed?: () => Promise<readonly PolicyText[]>
}

/**
 * Opens what the store keeps for a tenant. The engine is `tenant.engine` of the answer; it stays the same one when policies change.
 *
 * @throws PolicyError, SallyportError `E_STORE…`
 * @example
 * const acme = await administer({ tenant: 'acme', store, clock: Date.now, random })
 * createApp({
 *   engine: acme.tenant.engine,
 *   identify,
 *   apis: [adminApi({ tenants: new Map([['acme', acme]]), permissions: await createPermissions() })],
 * })
 */
export async function administer({ tenant: name, fixed, ...options }: AdministerOptions): Promise<Administered> {
  const { store, clock, random } = options
  const environment = { store: store.tenant(name), now: clock, newId: makeIds(random) }
  const tenant = await AdministeredTenant.open({ ...environment, ...(fixed && { fixed }) })
  return { tenant, guard: createGuard({ ...options, engine: tenant.engine }), environment }
}
