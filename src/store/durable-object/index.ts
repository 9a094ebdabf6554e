/** The store in the SQLite of a Durable Object: one object a tenant, at the edge, and the only one that writes. */
import { GuardFailed } from '../guard-failed.ts'
import type { Store } from '../port.ts'
import type { Value } from '../schema/table.ts'
import type { Outcome, SqlDriver, SqlRow, SqlStatement } from '../sql/driver.ts'
import { openSqlStore, type SqlStoreOptions } from '../sql/store.ts'
import { sqliteFault } from '../sqlite/faults.ts'

export type * from '../port.ts'

/** What this asks of an object's storage; `DurableObjectStorage` of Workers has it, in a class with `new_sqlite_classes`. */
export interface ObjectStorage {
  readonly sql: { exec(sql: string, ...parameters: Value[]): { toArray(): unknown[] } }
  transactionSync<T>(action: () => T): T
}

/**
 * A store in a Durable Object's own storage. The schema is made when it is missing.
 *
 * @example
 * constructor(ctx: DurableObjectState, env: Env) {
 *   super(ctx, env)
 *   ctx.blockConcurrencyWhile(async () => { this.store = await durableObjectStore(ctx.storage) })
 * }
 */
export async function durableObjectStore(storage: ObjectStorage, options: SqlStoreOptions = {}): Promise<Store> {
  return openSqlStore(new ObjectDriver(storage), { migrate: true, ...options })
}

class ObjectDriver implements SqlDriver {
  readonly kind = 'durable-object'
  readonly dialect = 'sqlite'
  readonly #storage: ObjectStorage
  #open = true

  constructor(storage: ObjectStorage) {
    this.#storage = storage
  }

  async query(statement: SqlStatement): Promise<readonly SqlRow[]> {
    return this.#run(() => this.#rows(statement))
  }

  async transact(statements: readonly SqlStatement[]): Promise<Outcome> {
    return this.#run(() => {
      try {
        return this.#storage.transactionSync(() => this.#apply(statements))
      } catch (error) {
        if (error instanceof GuardFailed) return { failed: error.place }
        throw error
      }
    })
  }

  async close(): Promise<void> {
    this.#open = false
  }

  #apply(statements: readonly SqlStatement[]): Outcome {
    let first: readonly SqlRow[] | undefined
    for (const [place, statement] of statements.entries()) {
      const rows = this.#rows(statement)
      if (statement.guarded && rows.length === 0) throw new GuardFailed(place)
      first ??= rows
    }
    return { first: first ?? [] }
  }

  #rows({ sql, parameters }: SqlStatement): readonly SqlRow[] {
    return this.#storage.sql.exec(sql, ...parameters).toArray() as SqlRow[]
  }

  #run<T>(action: () => T): T {
    try {
      if (!this.#open) throw new Error('the store was closed')
      return action()
    } catch (error) {
      throw sqliteFault(this.kind, error)
    }
  }
}
