/** One tenant's tables in memory. A write runs without a pause, so that no other is ever seen half done. */
import { SallyportError } from '../../errors.ts'
import type { ChangePage, Query, TenantStore, Write, WriteResult } from '../port.ts'
import { checkLimit, readQuery } from '../query.ts'
import type { Key, Row, TableName } from '../schema/index.ts'
import { allTables } from '../schema/index.ts'
import type { Table } from '../schema/table.ts'
import { entriesOf, goesFirst, readStatements, type Statement, tableNamed } from '../statement.ts'
import { checkKey, type Fields } from '../values.ts'
import { apply } from './apply.ts'
import { MemoryJournal } from './journal.ts'
import { MemoryTable } from './table.ts'

interface Undo {
  readonly table: Table
  readonly key: Fields
  readonly row: Fields | undefined
}

export class MemoryTenant implements TenantStore {
  readonly tenant: string
  readonly #open: () => boolean
  readonly #tables = new Map<Table, MemoryTable>(allTables.map((table) => [table, new MemoryTable(table)]))
  readonly #journal = new MemoryJournal()
  readonly #listeners = new Set<(revision: number) => void>()

  /** @param open whether the store is not closed yet */
  constructor(tenant: string, open: () => boolean) {
    this.tenant = tenant
    this.#open = open
  }

  async get<N extends TableName>(name: N, key: Key<N>): Promise<Row<N> | undefined> {
    this.#check()
    const table = tableNamed(name)
    checkKey(table, key)
    // What was written to the table was checked to have its columns.
    return this.#tables.get(table)!.get(key) as Row<N> | undefined
  }

  async find<N extends TableName>(name: N, query: Query<N>): Promise<readonly Row<N>[]> {
    this.#check()
    const search = readQuery(name, query)
    return this.#tables.get(search.table)!.find(search) as readonly Row<N>[]
  }

  async write(writes: readonly Write[]): Promise<WriteResult> {
    this.#check()
    const statements = readStatements(writes)
    const undo: Undo[] = []
    for (const [place, statement] of statements.entries()) {
      if (this.#apply(statement, undo)) continue
      for (const { table, key, row } of undo.reverse()) this.#tables.get(table)!.put(key, row)
      return { applied: false, failed: place }
    }
    const revision = this.#journal.append(entriesOf(statements), goesFirst(statements))
    // Later: a listener that throws must not make a write look as if it had failed.
    for (const listener of this.#listeners) queueMicrotask(() => listener(revision))
    return { applied: true, revision }
  }

  async revision(): Promise<number> {
    this.#check()
    return this.#journal.revision
  }

  async changes(after: number, limit: number, first?: 'first'): Promise<ChangePage> {
    this.#check()
    return this.#journal.read(after, checkLimit(limit), first)
  }

  async trim(upTo: number): Promise<void> {
    this.#check()
    this.#journal.trim(upTo)
  }

  async watch(listener: (revision: number) => void): Promise<() => void> {
    this.#check()
    // One that is given twice is told twice, and ends one at a time.
    const own = (revision: number): void => listener(revision)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  /** @returns whether it could be applied; if not, nothing was changed by it */
  #apply(statement: Statement, undo: Undo[]): boolean {
    const { table, key } = statement
    const rows = this.#tables.get(table)!
    const applied = apply(statement, rows.get(key))
    if (typeof applied === 'object') undo.push({ table, key, row: rows.put(key, applied.row) })
    return applied !== 'failed'
  }

  #check(): void {
    if (!this.#open()) throw new SallyportError('E_STORE_UNAVAILABLE', 'the store was closed')
  }
}
