/** The store in PGlite: PostgreSQL inside the process, in memory, in a folder or in a browser's storage. */
import type { Store } from '../port.ts'
import { boundaryFault, isGuard, postgresFault } from '../postgres/faults.ts'
import type { Outcome, SqlDriver, SqlRow, SqlStatement } from '../sql/driver.ts'
import { openSqlStore, type SqlStoreOptions } from '../sql/store.ts'

export type * from '../port.ts'

/** What this asks of PGlite. */
export interface PgliteDatabase extends PgliteQueries {
  transaction<T>(action: (transaction: PgliteQueries) => Promise<T>): Promise<T>
}

export interface PgliteQueries {
  query(sql: string, parameters?: unknown[]): Promise<{ rows: unknown[] }>
}

/**
 * A store in a PGlite database, which stays the caller's to close. The schema is made when it is missing, unless `migrate` is false.
 *
 * @example const store = await pgliteStore(new PGlite('./sallyport'))
 */
export async function pgliteStore(database: PgliteDatabase, options: SqlStoreOptions = {}): Promise<Store> {
  return openSqlStore(new PgliteDriver(database), { migrate: true, ...options })
}

class PgliteDriver implements SqlDriver {
  readonly kind = 'pglite'
  readonly dialect = 'postgres'
  readonly #database: PgliteDatabase
  #open = true

  constructor(database: PgliteDatabase) {
    this.#database = database
  }

  async query(statement: SqlStatement): Promise<readonly SqlRow[]> {
    return this.#run(() => query(this.#database, statement))
  }

  async transact(statements: readonly SqlStatement[]): Promise<Outcome> {
    return this.#run(async () => {
      let place = 0
      try {
        return await this.#database.transaction(async (transaction) => {
          let first: readonly SqlRow[] = []
          for (; place < statements.length; place++) {
            const rows = await query(transaction, statements[place]!)
            if (place === 0) first = rows
          }
          return { first }
        })
      } catch (error) {
        if (isGuard(error)) return { failed: place }
        throw place === statements.length ? boundaryFault(this.kind, error) : error
      }
    })
  }

  async close(): Promise<void> {
    this.#open = false
  }

  async #run<T>(action: () => Promise<T>): Promise<T> {
    try {
      if (!this.#open) throw new Error('the store was closed')
      return await action()
    } catch (error) {
      throw postgresFault(this.kind, error)
    }
  }
}

async function query(queries: PgliteQueries, { sql, parameters }: SqlStatement): Promise<readonly SqlRow[]> {
  const { rows } = await queries.query(sql, [...parameters])
  // Objects by column, unless another row mode is asked for.
  return rows as SqlRow[]
}
