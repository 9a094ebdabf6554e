/** Transactions over some tables of a tenant. */
import type { Table } from '../schema/table.ts'
import type { Fields } from '../values.ts'
import { type Entry, entryOf, placeOf } from './keys.ts'
import { answerOf, endOf } from './requests.ts'

/** The rows of a tenant, while a transaction lasts. */
export class Rows {
  readonly #tenant: string
  readonly #transaction: IDBTransaction

  constructor(tenant: string, transaction: IDBTransaction) {
    this.#tenant = tenant
    this.#transaction = transaction
  }

  objects(table: Table): IDBObjectStore {
    return this.#transaction.objectStore(table.name)
  }

  async get(table: Table, key: Fields): Promise<Fields | undefined> {
    const found: unknown = await answerOf(this.objects(table).get(placeOf(this.#tenant, table.key, key)))
    // Only this store writes here.
    return (found as Entry | undefined)?.row
  }

  /** Writes, or with undefined deletes, the row of a key. */
  async put(table: Table, key: Fields, row: Fields | undefined): Promise<void> {
    const place = placeOf(this.#tenant, table.key, key)
    if (row === undefined) await answerOf(this.objects(table).delete(place))
    else await answerOf(this.objects(table).put(entryOf(this.#tenant, table, row), place))
  }
}

/** Resolves after the transaction ended; what `action` throws undoes it. Those that share a table wait for one another. */
export async function within<T>(
  database: IDBDatabase,
  tables: readonly Table[],
  mode: IDBTransactionMode,
  action: (transaction: IDBTransaction) => Promise<T>,
): Promise<T> {
  const names = [...new Set(tables.map(({ name }) => name))]
  const transaction = database.transaction(names, mode, { durability: 'strict' })
  const end = endOf(transaction)
  const result = await action(transaction).catch((reason: unknown) => {
    undo(transaction)
    end.catch(() => {})
    throw reason
  })
  await end
  return result
}

function undo(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // A request that failed has ended it.
  }
}
