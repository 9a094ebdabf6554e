/** Deleting what is over. */
import type { Delete, Guard, TenantStore, Write } from './port.ts'
import type { IndexName, IntegerColumn, Key, TableName } from './schema/index.ts'
import { keyOf, tableNamed } from './statement.ts'
import { wrong } from './values.ts'

export interface Sweep<N extends TableName> {
  readonly table: N
  /** An index that begins with `column`, so that nothing else has to be read. */
  readonly by: IndexName<N>
  readonly column: IntegerColumn<N>
  /** Rows whose column is below this are deleted. */
  readonly before: number
  /** The most rows to look at, at least 1; left out: all there are. */
  readonly limit?: number
}

/** What `trimChanges` keeps, and the most that it deletes. */
export interface Trim {
  /** Of the changes of so many last writes is told; readers that are further behind forget everything. */
  readonly keep: number
  readonly limit: number
}

const PAGE = 100

/**
 * Deletes the rows of a table in which a time is over, some at a time, so that other writes are not kept waiting. A row that
 * was changed meanwhile stays if its time is no longer over.
 *
 * @returns how many were deleted
 * @example await deleteBefore(tenant, { table: 'counters', by: 'by_expiry', column: 'expires_at', before: now })
 * @throws SallyportError `E_STORE_STATEMENT` when the index does not begin with the column
 */
export async function deleteBefore<N extends TableName>(store: TenantStore, sweep: Sweep<N>): Promise<number> {
  const { table, by, column, before, limit = Number.POSITIVE_INFINITY } = sweep
  const definition = tableNamed(table)
  if (definition.indexes[by]?.columns[0] !== column)
    throw wrong(`the index "${by}" of ${table} does not begin with ${column}`)
  const over: Guard<N> = { column, is: '<', value: before }
  let deleted = 0
  let looked = 0
  for (;;) {
    const page = Math.min(PAGE, limit - looked)
    const rows = await store.find(table, { by, where: [over], limit: page })
    const gone = rows.map((row) => {
      // The key of a row is a part of it; that table and key fit each other is lost on the union of all tables.
      const statement: Delete<N> = { delete: table, key: keyOf(definition, row) as Key<N>, when: [over] }
      return statement as unknown as Write
    })
    deleted += await deleteAll(store, gone)
    looked += rows.length
    if (rows.length < page || looked >= limit) return deleted
  }
}

/** All at once; where one of them was changed meanwhile, one by one. */
async function deleteAll(store: TenantStore, statements: readonly Write[]): Promise<number> {
  if (statements.length === 0) return 0
  if ((await store.write(statements)).applied) return statements.length
  let deleted = 0
  for (const statement of statements) if ((await store.write([statement])).applied) deleted++
  return deleted
}

/**
 * Deletes the oldest of what `changes` tells, at most so many writes, so that other writes are not kept waiting.
 *
 * @returns how many revisions that were
 * @example await trimChanges(tenant, { keep: 10_000, limit: 1000 })
 */
export async function trimChanges(store: TenantStore, { keep, limit }: Trim): Promise<number> {
  const { changes, upTo } = await store.changes(0, 1)
  const oldest = changes[0]?.revision ?? upTo + 1
  const last = Math.min((await store.revision()) - keep, oldest + limit - 1)
  if (last < oldest) return 0
  await store.trim(last)
  return last - oldest + 1
}
