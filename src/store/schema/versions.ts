/** The schema as a whole, with its version. It only ever grows: a version adds tables, columns and indexes. */
import { allTables } from './index.ts'
import { changes, tenants } from './system.ts'
import type { Column, Index, Table } from './table.ts'

export interface Schema {
  /** In the order in which they are made. */
  readonly tables: readonly Table[]
  /** A database says in its table `meta` which one it has. */
  readonly version: number
}

/** What a version adds to a table. */
export interface Addition {
  readonly table: Table
  /** Whether the table itself is new. */
  readonly isNew: boolean
  readonly columns: readonly (readonly [name: string, column: Column])[]
  readonly indexes: readonly (readonly [name: string, index: Index])[]
}

export function schemaOf(tables: readonly Table[]): Schema {
  const parts = tables.flatMap((table) => [table, ...Object.values(table.columns), ...Object.values(table.indexes)])
  return { tables, version: Math.max(...parts.map(({ since = 1 }) => since)) }
}

/** What this code works with. */
export const currentSchema = schemaOf([tenants, changes, ...allTables])

/** What is there after one version up to another, and was not before. */
export function additions({ tables }: Schema, after: number, upTo: number): Addition[] {
  const isAdded = (since: number): boolean => since > after && since <= upTo
  return tables.flatMap((table) => {
    const columns = Object.entries(table.columns).filter(([, { since = table.since }]) => isAdded(since))
    const indexes = Object.entries(table.indexes).filter(([, { since = table.since }]) => isAdded(since))
    return columns.length + indexes.length === 0 ? [] : [{ table, isNew: isAdded(table.since), columns, indexes }]
  })
}
