/** Reading rows: one by key, or several in the order of an index. */
import { type RawBuilder, sql } from 'kysely'
import type { Search } from '../query.ts'
import type { Table, Value } from '../schema/table.ts'
import type { Fields } from '../values.ts'
import { builderOf, fill, type Slot, sqlName, type Template, templateOf } from './builder.ts'
import type { DialectName, SqlRow, SqlStatement } from './driver.ts'
import { Lift } from './lift.ts'
import { conditionSql } from './statements.ts'

const templates: Readonly<Record<DialectName, Map<string, Template>>> = { sqlite: new Map(), postgres: new Map() }

/** What `get` and `find` have in common. */
export type Selection = Pick<Search, 'table' | 'where' | 'order' | 'descending' | 'after' | 'limit'>

export function selectionOf(table: Table, key: Fields): Selection {
  // A key holds no nulls.
  const where = table.key.map((column) => ({ column, is: '=' as const, value: key[column] as string | number }))
  return { table, where, order: [], descending: false, after: undefined, limit: 1 }
}

export function selectSql(dialect: DialectName, tenant: string, selection: Selection): SqlStatement {
  const { table, order, descending, after, limit } = selection
  const lift = new Lift(table.name, descending, after !== undefined, ...order)
  const owner = lift.value(tenant)
  const conditions = lift.conditions(selection.where)
  const position = after === undefined ? [] : order.map((column) => lift.value(after[column]!))
  const most = lift.value(limit)
  const cache = templates[dialect]
  let template = cache.get(lift.shape)
  if (template === undefined) {
    const where = [sql`tenant = ${owner}`, ...conditions.map(conditionSql)]
    if (position.length > 0) where.push(beyond(order, position, descending))
    let query = builderOf(dialect)
      .selectFrom(sqlName(table))
      .select(Object.keys(table.columns))
      .where(sql.join<boolean>(where, sql` and `))
    for (const column of order) query = query.orderBy(column, descending ? 'desc' : 'asc')
    template = templateOf(query.modifyEnd(sql`limit ${most}`).compile())
    cache.set(lift.shape, template)
  }
  return { sql: template.sql, parameters: fill(template, lift.values), guarded: false }
}

/** Compared as a row, as which an index can find it. */
function beyond(order: readonly string[], position: readonly Slot[], descending: boolean): RawBuilder<unknown> {
  const columns = sql.join(order.map((column) => sql.ref(column)))
  return sql`(${columns}) ${sql.raw(descending ? '<' : '>')} (${sql.join(position.map((slot) => sql`${slot}`))})`
}

/** A row as the port gives it: drivers have big integers as text or bigint, and objects of their own kinds. */
export function readRow(table: Table, row: SqlRow): Fields {
  const fields: Record<string, Value> = {}
  for (const [name, { type }] of Object.entries(table.columns)) {
    const value = row[name]
    fields[name] = value === null ? null : type === 'integer' ? Number(value) : String(value)
  }
  return fields
}
