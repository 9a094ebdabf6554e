/** One tenant's handle on a browser's IndexedDB. */
import { GuardFailed } from '../guard-failed.ts'
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
import { type Entry, rangeOf } from './keys.ts'
import { answerOf, walk } from './requests.ts'
import { Rows, within } from './transaction.ts'

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
    // It was checked to have the columns of the table when it was written.
    return this.#in([table], 'readonly', async (rows) => (await rows.get(table, key)) as Row<N> | undefined)
  }

  async find<N extends TableName>(name: N, query: Query<N>): Promise<readonly Row<N>[]> {
    const search = readQuery(name, query)
    const { table, index, where, descending, limit } = search
    const range = rangeOf(this.tenant, search, this.#compare)
    if (range === undefined) return []
    return this.#in([table], 'readonly', async (rows) => {
      const objects = rows.objects(table)
      const source = index === undefined ? objects : objects.index(index)
      const found: Row<N>[] = []
      await walk(source.openCursor(range, descending ? 'prev' : 'next'), (value) => {
        // Written as the row of this table.
        const { row } = value as Entry & { readonly row: Row<N> }
        if (where.every((condition) => holds(condition, row))) found.push(row)
        return found.length < limit
      })
      return found
    })
  }

  async write(writes: readonly Write[]): Promise<WriteResult> {
    const statements = readStatements(writes)
    const touched = [tenants, changes, ...statements.map(({ table }) => table)]
    try {
      return await this.#in(touched, 'readwrite', (rows) => applyAll(rows, statements))
    } catch (error) {
      if (error instanceof GuardFailed) return { applied: false, failed: error.place }
      throw error
    }
  }

  async revision(): Promise<number> {
    const { revision } = await this.#in([tenants], 'readonly', countsOf)
    return revision
  }

  async changes(after: number, limit: number, first?: 'first'): Promise<ChangePage> {
    checkLimit(limit)
    return this.#in([tenants, changes], 'readonly', async (rows) => {
      const { revision, trimmed } = await countsOf(rows)
      const range = IDBKeyRange.bound([this.tenant, after], [this.tenant, []], true)
      const found: Change[] = []
      await walk(rows.objects(changes).openCursor(range), (value) => {
        const { row } = value as Entry
        if (first === undefined || row.first === 1) found.push(changeOf(row))
        return found.length <= limit
      })
      const more = found.length > limit
      const page = more ? found.slice(0, limit) : found
      const upTo = more ? page.at(-1)!.revision : Math.max(after, revision)
      return { changes: page, upTo, gap: after < trimmed, more }
    })
  }

  async trim(upTo: number): Promise<void> {
    await this.#in([tenants, changes], 'readwrite', async (rows) => {
      const { revision, trimmed } = await countsOf(rows)
      const to = Math.max(trimmed, Math.min(upTo, revision))
      await rows.put(tenants, {}, { revision, trimmed: to })
      await answerOf(rows.objects(changes).delete(IDBKeyRange.bound([this.tenant], [this.tenant, to])))
    })
  }

  async #in<T>(tables: readonly Table[], mode: IDBTransactionMode, action: (rows: Rows) => Promise<T>): Promise<T> {
    try {
      return await within(this.#database(), tables, mode, (it) => action(new Rows(this.tenant, it)))
    } catch (error) {
      throw error instanceof GuardFailed ? error : indexedDbFault(error)
    }
  }
}

async function applyAll(rows: Rows, statements: readonly Statement[]): Promise<WriteResult> {
  for (const [place, statement] of statements.entries()) {
    const { table, key } = statement
    const applied = apply(statement, await rows.get(table, key))
    if (applied === 'failed') throw new GuardFailed(place)
    if (applied !== 'unchanged') await rows.put(table, key, applied.row)
  }
  const { revision: before, trimmed } = await countsOf(rows)
  const revision = before + 1
  await rows.put(tenants, {}, { revision, trimmed })
  const entries = entriesOf(statements)
  if (entries.length > 0) {
    const change = { revision, first: goesFirst(statements) ? 1 : 0, entries: JSON.stringify(entries) }
    await rows.put(changes, change, change)
  }
  return { applied: true, revision }
}

async function countsOf(rows: Rows): Promise<{ readonly revision: number; readonly trimmed: number }> {
  const row = await rows.get(tenants, {})
  return { revision: Number(row?.revision ?? 0), trimmed: Number(row?.trimmed ?? 0) }
}

function changeOf(row: Fields): Change {
  // Only this store writes them.
  return { revision: Number(row.revision), entries: JSON.parse(String(row.entries)) as Change['entries'] }
}
