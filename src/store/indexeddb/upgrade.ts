/** The schema as object stores and indexes, made by the browser's own versions. */
import type { Table, Value } from '../schema/table.ts'
import { additions, type Schema } from '../schema/versions.ts'
import type { Fields } from '../values.ts'
import { indexedDbFault } from './faults.ts'
import { type Entry, entryOf, pathOf } from './keys.ts'

/** The database itself, with this schema. */
export function openIndexedDb(factory: IDBFactory, name: string, schema: Schema): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, schema.version)
    request.onupgradeneeded = ({ oldVersion }) => {
      // Within this event there is one.
      upgrade(request.result, request.transaction!, oldVersion, schema)
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(indexedDbFault(request.error))
  })
}

/** Runs in the transaction that a browser opens for it, and in which nobody else sees the database. */
function upgrade(database: IDBDatabase, transaction: IDBTransaction, from: number, schema: Schema): void {
  for (const { table, isNew, columns, indexes } of additions(schema, from, schema.version)) {
    const objects = isNew ? database.createObjectStore(table.name) : transaction.objectStore(table.name)
    for (const [name] of indexes) objects.createIndex(name, pathOf(name))
    if (isNew) continue
    rewrite(objects, table, Object.fromEntries(columns.map(([name, { initial = null }]) => [name, initial])))
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
