/** The store in PostgreSQL, through a pool of the `pg` package. */
import type { Store } from '../port.ts'
import { openSqlStore, type SqlStoreOptions } from '../sql/store.ts'
import { PostgresDriver } from './driver.ts'
import type { PostgresPool } from './pool.ts'

export type * from '../port.ts'
export type { PostgresClient, PostgresPool } from './pool.ts'

export interface PostgresOptions extends SqlStoreOptions {
  /** How long to wait for an answer to a statement, in milliseconds; 5000 if left out. */
  readonly timeout?: number
  /** How often a write is repeated after a serialization failure or deadlock; 10 if left out. */
  readonly retries?: number
}

/**
 * A store in a PostgreSQL database (15 was tested). The pool stays the caller's to end; with `pipeline: true` among its options a write is one
 * round trip. Make the schema with `sallyport db init`, or with `migrate`.
 *
 * @example const store = await postgresStore(new Pool({ connectionString, pipeline: true, connectionTimeoutMillis: 3000 }))
 * @throws SallyportError `E_STORE_SCHEMA`, `E_STORE_UNAVAILABLE` …
 */
export async function postgresStore(pool: PostgresPool, options: PostgresOptions = {}): Promise<Store> {
  const { timeout = 5000, retries = 10, ...rest } = options
  return openSqlStore(new PostgresDriver(pool, timeout, retries), rest)
}
