/** A store over any driver. */
import type { Store } from '../port.ts'
import { checkTenant } from '../values.ts'
import type { SqlDriver } from './driver.ts'
import { checkVersion, migrate } from './migrate.ts'
import { SqlTenant } from './tenant.ts'

export interface SqlStoreOptions {
  /** Create or update the schema when the store is opened. Where it is left out or false, an old schema is an error. */
  readonly migrate?: boolean
}

/** @throws SallyportError `E_STORE_SCHEMA` */
export async function openSqlStore(driver: SqlDriver, options: SqlStoreOptions): Promise<Store> {
  if (options.migrate === true) await migrate(driver)
  else await checkVersion(driver)
  return {
    kind: driver.kind,
    tenant: (id) => new SqlTenant(checkTenant(id), driver),
    close: () => driver.close(),
  }
}
