/** The store in memory: for tests, for demonstrations, and for what may be lost with the process. */
import type { Store, TenantStore } from '../port.ts'
import { checkTenant } from '../values.ts'
import { MemoryTenant } from './tenant.ts'

export type * from '../port.ts'

/**
 * A store that ends with the process, and that no other process sees.
 *
 * @example
 * const store = memoryStore()
 * await store.tenant('acme').write([{ insert: 'counters', row: { name: 'calls', window: 0, value: 0, at: 0, expires_at: 0 } }])
 * // { applied: true, revision: 1 }
 */
export function memoryStore(): Store {
  const tenants = new Map<string, MemoryTenant>()
  let open = true
  return {
    kind: 'memory',
    tenant(id: string): TenantStore {
      let tenant = tenants.get(checkTenant(id))
      if (tenant === undefined) {
        tenant = new MemoryTenant(id, () => open)
        tenants.set(id, tenant)
      }
      return tenant
    },
    async close() {
      open = false
    },
  }
}
