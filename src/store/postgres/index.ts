/** The store in PostgreSQL, through a pool of the `pg` package. */
import type { Store } from '../port.ts'
import { openSqlStore, type SqlStoreOptions } from '../sql/store.ts'
import { PostgresDriver, type PostgresDriverOptions } from './driver.ts'
import type { PostgresPool } from './pool.ts'

export type * from '../port.ts'
export type { PostgresClient, PostgresPool } from './pool.ts'

export type PostgresOptions = SqlStoreOptions & PostgresDriverOptions

/**
 * A store in a PostgreSQL database (15 was tested). The pool stays the caller's to end; with `pipeline: true` among its options a write is one
 * round trip. Make the schema with `sallyport db init`, or with `migrate`.
 *
 * @example const store = await postgresStore(new Pool({ connectionString, pipeline: true, connectionTimeoutMillis: 3000 }))
 * @throws SallyportError `E_STORE_SCHEMA`, `E_STORE_UNAVAILABLE` …
 */
export async function postgresStore(pool: PostgresPool, options: PostgresOptions = {}): Promise<Store> {
  return openSqlStore(new PostgresDriver(pool, options), options)
}
