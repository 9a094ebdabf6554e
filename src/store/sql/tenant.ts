/** One tenant's handle on any SQL database. */
import type { ChangePage, Query, TenantStore, Write, WriteResult } from '../port.ts'
import { checkLimit, readQuery } from '../query.ts'
import type { Key, Row, TableName } from '../schema/index.ts'
import { entriesOf, goesFirst, readStatements, tableNamed } from '../statement.ts'
import { checkKey } from '../values.ts'
import type { SqlDriver, SqlStatement } from './driver.ts'
import { changesSql, countSql, readChanges, recordSql, revisionSql, trimSql } from './journal.ts'
import type { WriteQueue } from './queue.ts'
import { readRow, selectionOf, selectSql } from './select.ts'
import { statementsSql } from './statements.ts'

export class SqlTenant implements TenantStore {
  readonly tenant: string
  readonly watch?: NonNullable<TenantStore['watch']>
  readonly #driver: SqlDriver
  readonly #queueOf: (tenant: string) => WriteQueue

  /** @param queueOf the same for all handles of a tenant */
  constructor(tenant: string, driver: SqlDriver, queueOf: (tenant: string) => WriteQueue) {
    this.tenant = tenant
    this.#driver = driver
    this.#queueOf = queueOf
    if (driver.watch !== undefined) this.watch = driver.watch.bind(driver, tenant)
  }

  async get<N extends TableName>(name: N, key: Key<N>): Promise<Row<N> | undefined> {
    const table = tableNamed(name)
    checkKey(table, key)
    const [row] = await this.#driver.query(selectSql(this.#driver.dialect, this.tenant, selectionOf(table, key)))
    // It has the columns of the table, which its type was made of.
    return row && (readRow(table, row) as Row<N>)
  }

  async find<N extends TableName>(name: N, query: Query<N>): Promise<readonly Row<N>[]> {
    const search = readQuery(name, query)
    const rows = await this.#driver.query(selectSql(this.#driver.dialect, this.tenant, search))
    return rows.map((row) => readRow(search.table, row) as Row<N>)
  }

  async write(writes: readonly Write[]): Promise<WriteResult> {
    const statements = readStatements(writes)
    const { dialect } = this.#driver
    const list: SqlStatement[] = [countSql(dialect, this.tenant)]
    const placed = statementsSql(dialect, this.tenant, statements)
    for (const { sql } of placed) list.push(sql)
    const entries = entriesOf(statements)
    if (entries.length > 0) list.push(recordSql(dialect, this.tenant, entries, goesFirst(statements)))
    const written = await this.#queueOf(this.tenant).write(list)
    // The first in the list is the count.
    if (written.failed !== undefined) return { applied: false, failed: placed[written.failed - 1]!.place }
    const { revision } = written
    if (entries.length > 0) this.#driver.tell?.(this.tenant, revision)
    return { applied: true, revision }
  }

  async revision(): Promise<number> {
    const [row] = await this.#driver.query(revisionSql(this.#driver.dialect, this.tenant))
    return Number(row?.revision ?? 0)
  }

  async changes(after: number, limit: number, first?: 'first'): Promise<ChangePage> {
    checkLimit(limit)
    const statement = changesSql(this.#driver.dialect, this.tenant, after, limit, first === 'first')
    return readChanges(await this.#driver.query(statement), after, limit)
  }

  async trim(upTo: number): Promise<void> {
    await this.#driver.transact(trimSql(this.#driver.dialect, this.tenant, upTo))
  }
}
