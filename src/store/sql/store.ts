/** A store over any driver. */
import type { Store } from '../port.ts'
import { checkTenant } from '../values.ts'
import type { SqlDriver } from './driver.ts'
import { checkVersion, migrate } from './migrate.ts'
import { WriteQueue } from './queue.ts'
import { SqlTenant } from './tenant.ts'

export interface SqlStoreOptions {
  /** Create or update the schema when the store is opened. Where it is left out or false, an old schema is an error. */
  readonly migrate?: boolean
}

/** @throws SallyportError `E_STORE_SCHEMA` */
export async function openSqlStore(driver: SqlDriver, options: SqlStoreOptions): Promise<Store> {
  if (options.migrate === true) await migrate(driver)
  else await checkVersion(driver)
  /** By tenant, while something is being written. */
  const queues = new Map<string, WriteQueue>()
  const queueOf = (tenant: string): WriteQueue => {
    let queue = queues.get(tenant)
    if (queue === undefined) {
      queue = new WriteQueue(driver, () => queues.delete(tenant))
      queues.set(tenant, queue)
    }
    return queue
  }
  return {
    kind: driver.kind,
    tenant: (id) => new SqlTenant(checkTenant(id), driver, queueOf),
    close: () => driver.close(),
  }
}
