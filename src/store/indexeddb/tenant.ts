/** One tenant's rows in a browser's IndexedDB. */
import { apply } from '../memory/apply.ts'
import { holds } from '../memory/evaluate.ts'
import type { Change, ChangePage, Query, TenantStore, Write, WriteResult } from '../port.ts'
import { checkLimit, readQuery } from '../query.ts'
import type { Key, Row, TableName } from '../schema/index.ts'
import { changes, tenants } from '../schema/system.ts'
import type { Table } from '../schema/table.ts'
import { entriesOf, goesFirst, readStatements, type Statement, tableNamed } from '../statement.ts'
import { checkKey, type Fields } from '../values.ts'
import { indexedDbFault } from './faults.ts'
import { type Entry, entryOf, placeOf, rangeOf } from './keys.ts'
import { answerOf, endOf, walk } from './requests.ts'

interface Counts {
  readonly revision: number
  readonly trimmed: number
}

/** Thrown inside a transaction, so that it is undone. */
class GuardFailed extends Error {
  readonly place: number

  constructor(place: number) {
    super(`the guard of statement ${place} does not hold`)
    this.place = place
  }
}

export class IndexedDbTenant implements TenantStore {
  readonly tenant: string
  readonly #database: () => IDBDatabase
  readonly #compare: IDBFactory['cmp']

  /** @param database throws when the store was closed */
  constructor(tenant: string, database: () => IDBDatabase, compare: IDBFactory['cmp']) {
    this.tenant = tenant
    this.#database = database
    this.#compare = compare
  }

  async get<N extends TableName>(name: N, key: Key<N>): Promise<Row<N> | undefined> {
    const table = tableNamed(name)
    checkKey(table, key)
    return this.#in(
      [table],
      'readonly',
      async (transaction) => (await this.#read(transaction, table, key)) as Row<N> | undefined,
    )
  }

  async find<N extends TableName>(name: N, query: Query<N>): Promise<readonly Row<N>[]> {
    const search = readQuery(name, query)
    const { table, index, where, descending, limit } = search
    const range = rangeOf(this.tenant, search, this.#compare)
    if (range === undefined) return []
    return this.#in([table], 'readonly', async (transaction) => {
      const objects = transaction.objectStore(table.name)
      const source = index === undefined ? objects : objects.index(index)
      const rows: Fields[] = []
      await walk(source.openCursor(range, descending ? 'prev' : 'next'), (value) => {
        const { row } = value as Entry
        if (where.every((condition) => holds(condition, row))) rows.push(row)
        return rows.length < limit
      })
      return rows as unknown as Row<N>[]
    })
  }

  async write(writes: readonly Write[]): Promise<WriteResult> {
    const statements = readStatements(writes)
    const touched = [tenants, changes, ...statements.map(({ table }) => table)]
    try {
      return await this.#in(touched, 'readwrite', (transaction) => this.#applyAll(transaction, statements))
    } catch (error) {
      if (error instanceof GuardFailed) return { applied: false, failed: error.place }
      throw error
    }
  }

  async revision(): Promise<number> {
    const { revision } = await this.#in([tenants], 'readonly', (transaction) => this.#counts(transaction))
    return revision
  }

  async changes(after: number, limit: number, first?: 'first'): Promise<ChangePage> {
    checkLimit(limit)
    return this.#in([tenants, changes], 'readonly', async (transaction) => {
      const { revision, trimmed } = await this.#counts(transaction)
      const range = IDBKeyRange.bound([this.tenant, after], [this.tenant, []], true)
      const found: Change[] = []
      await walk(transaction.objectStore(changes.name).openCursor(range), (value) => {
        const { row } = value as Entry
        if (first === undefined || row.first === 1) found.push(changeOf(row))
        return found.length <= limit
      })
      const more = found.length > limit
      const page = more ? found.slice(0, limit) : found
      return {
        changes: page,
        upTo: more ? page.at(-1)!.revision : Math.max(after, revision),
        gap: after < trimmed,
        more,
      }
    })
  }

  async trim(upTo: number): Promise<void> {
    await this.#in([tenants, changes], 'readwrite', async (transaction) => {
      const { revision, trimmed } = await this.#counts(transaction)
      const to = Math.max(trimmed, Math.min(upTo, revision))
      await this.#put(transaction, tenants, { revision, trimmed: to })
      await answerOf(transaction.objectStore(changes.name).delete(IDBKeyRange.bound([this.tenant], [this.tenant, to])))
    })
  }

  async #applyAll(transaction: IDBTransaction, statements: readonly Statement[]): Promise<WriteResult> {
    for (const [place, statement] of statements.entries()) {
      if (!(await this.#apply(transaction, statement))) throw new GuardFailed(place)
    }
    const { revision, trimmed } = await this.#counts(transaction)
    await this.#put(transaction, tenants, { revision: revision + 1, trimmed })
    const entries = entriesOf(statements)
    if (entries.length > 0) {
      const first = goesFirst(statements) ? 1 : 0
      await this.#put(transaction, changes, { revision: revision + 1, first, entries: JSON.stringify(entries) })
    }
    return { applied: true, revision: revision + 1 }
  }

  async #apply(transaction: IDBTransaction, statement: Statement): Promise<boolean> {
    const { table, key } = statement
    const applied = apply(statement, await this.#read(transaction, table, key))
    if (typeof applied === 'object') {
      if (applied.row !== undefined) await this.#put(transaction, table, applied.row)
      else await answerOf(transaction.objectStore(table.name).delete(placeOf(this.tenant, table.key, key)))
    }
    return applied !== 'failed'
  }

  async #counts(transaction: IDBTransaction): Promise<Counts> {
    const row = await this.#read(transaction, tenants, {})
    return { revision: Number(row?.revision ?? 0), trimmed: Number(row?.trimmed ?? 0) }
  }

  async #read(transaction: IDBTransaction, table: Table, key: Fields): Promise<Fields | undefined> {
    const found: unknown = await answerOf(transaction.objectStore(table.name).get(placeOf(this.tenant, table.key, key)))
    // Only this store writes here.
    return (found as Entry | undefined)?.row
  }

  async #put(transaction: IDBTransaction, table: Table, row: Fields): Promise<void> {
    const objects = transaction.objectStore(table.name)
    await answerOf(objects.put(entryOf(this.tenant, table, row), placeOf(this.tenant, table.key, row)))
  }

  /** Resolves after the transaction ended; what `action` throws undoes it. Transactions that share a table wait for one another. */
  async #in<T>(
    tables: readonly Table[],
    mode: IDBTransactionMode,
    action: (transaction: IDBTransaction) => Promise<T>,
  ): Promise<T> {
    try {
      const names = [...new Set(tables.map(({ name }) => name))]
      const transaction = this.#database().transaction(names, mode, { durability: 'strict' })
      const end = endOf(transaction)
      const result = await action(transaction).catch((reason: unknown) => {
        undo(transaction)
        end.catch(() => {})
        throw reason
      })
      await end
      return result
    } catch (error) {
      throw error instanceof GuardFailed ? error : indexedDbFault(error)
    }
  }
}

function undo(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // A request that failed has ended it.
  }
}

function changeOf(row: Fields): Change {
  // Only this store writes them.
  return { revision: Number(row.revision), entries: JSON.parse(String(row.entries)) as Change['entries'] }
}
