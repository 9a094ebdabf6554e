/** The schema as object stores and indexes, made by the browser's own versions. */
import { allTables } from '../schema/index.ts'
import { changes, tenants } from '../schema/system.ts'
import type { Table, Value } from '../schema/table.ts'
import type { Fields } from '../values.ts'
import { type Entry, entryOf, pathOf } from './keys.ts'

export const everyTable: readonly Table[] = [tenants, changes, ...allTables]

/** Runs in the transaction that a browser opens for it, and in which nobody else sees the database. */
export function upgrade(database: IDBDatabase, transaction: IDBTransaction, from: number): void {
  for (const table of everyTable) {
    const isNew = table.since > from
    const objects = isNew ? database.createObjectStore(table.name) : transaction.objectStore(table.name)
    const indexes = Object.entries(table.indexes).filter(([, { since = table.since }]) => since > from)
    const columns = Object.entries(table.columns).filter(([, { since = table.since }]) => since > from)
    for (const [name] of indexes) objects.createIndex(name, pathOf(name))
    if (!isNew && indexes.length + columns.length > 0) {
      rewrite(objects, table, Object.fromEntries(columns.map(([name, { initial = null }]) => [name, initial])))
    }
  }
}

function rewrite(objects: IDBObjectStore, table: Table, initial: Readonly<Record<string, Value>>): void {
  const request = objects.openCursor()
  request.onsuccess = () => {
    const cursor = request.result
    if (cursor === null) return
    // Only this store writes here.
    const { row } = cursor.value as Entry
    const [tenant] = cursor.key as [string]
    const filled: Fields = { ...initial, ...row }
    cursor.update(entryOf(tenant, table, filled))
    cursor.continue()
  }
}
