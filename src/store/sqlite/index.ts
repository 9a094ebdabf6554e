/** The store in an SQLite file, through the driver that the runtime has: `node:sqlite` or `bun:sqlite`. */
import type { Store } from '../port.ts'
import { openSqlStore, type SqlStoreOptions } from '../sql/store.ts'
import { type SqliteDatabase, SqliteDriver } from './driver.ts'

export type * from '../port.ts'
export type { SqliteDatabase, SqliteStatement } from './driver.ts'

export interface SqliteOptions extends SqlStoreOptions {
  /** How long a write waits for those of other processes, in milliseconds; 5000 if left out. */
  readonly busyTimeout?: number
}

/**
 * A store in an SQLite database, which stays the caller's to close. The schema is made when it is missing, unless `migrate` is false.
 * Several processes may use one file on one machine; what is acknowledged survives a crash of the machine.
 *
 * @example const store = await sqliteStore(new DatabaseSync('sallyport.db'))
 * @throws SallyportError `E_STORE_SCHEMA`, `E_STORE_CORRUPT`, `E_STORE_READ_ONLY` …
 */
export async function sqliteStore(database: SqliteDatabase, options: SqliteOptions = {}): Promise<Store> {
  const { busyTimeout = 5000, migrate = true } = options
  const driver = new SqliteDriver(database)
  driver.prepare(busyTimeout)
  return openSqlStore(driver, { migrate })
}
