/** Queries as stores read them, checked against the schema. */
import type { Query } from './port.ts'
import type { TableName } from './schema/index.ts'
import type { Table } from './schema/table.ts'
import { type Condition, checkConditions, tableNamed } from './statement.ts'
import { checkValue, type Fields, wrong } from './values.ts'

export interface Search {
  readonly table: Table
  readonly where: readonly Condition[]
  /** The index by name; undefined: the key. */
  readonly index: string | undefined
  /** The columns of the index and then of the key, without repeats: no two rows are equal in all of them. */
  readonly order: readonly string[]
  readonly descending: boolean
  /** A value for every column of `order`. */
  readonly after: Fields | undefined
  readonly limit: number
}

export const MAX_LIMIT = 1000

/** @throws SallyportError `E_STORE_STATEMENT` */
export function readQuery<N extends TableName>(name: N, query: Query<N>): Search {
  const table = tableNamed(name)
  const where: readonly Condition[] = query.where ?? []
  checkConditions(table, where)
  checkLimit(query.limit)
  const order = orderOf(table, query.by)
  const { descending = false, limit } = query
  return { table, where, index: query.by, order, descending, after: position(table, order, query.after), limit }
}

export function checkLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw wrong(`a limit is a number from 1 to ${MAX_LIMIT}`)
  return limit
}

export function orderOf(table: Table, index: string | undefined): readonly string[] {
  if (index === undefined) return table.key
  if (!Object.hasOwn(table.indexes, index)) throw wrong(`the table ${table.name} has no index "${index}"`)
  return [...new Set([...table.indexes[index]!.columns, ...table.key])]
}

function position(table: Table, order: readonly string[], after: Partial<Fields> | undefined): Fields | undefined {
  if (after === undefined) return undefined
  return Object.fromEntries(order.map((name) => [name, checkValue(table, name, after[name])]))
}
