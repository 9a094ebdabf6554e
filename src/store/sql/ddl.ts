/** The schema as DDL: every step from a version to the next is made of the definitions. */
import { type Compilable, type CreateTableBuilder, sql } from 'kysely'
import type { Column, Table } from '../schema/table.ts'
import { additions, currentSchema, type Schema } from '../schema/versions.ts'
import { type Builder, builderOf, sqlName } from './builder.ts'
import type { DialectName } from './driver.ts'

/** What brings a database from the version before to this one, in order. */
export function stepSql(dialect: DialectName, version: number, schema: Schema): string[] {
  const db = builderOf(dialect)
  return additions(schema, version - 1, version).flatMap(({ table, isNew, columns, indexes }) =>
    [
      ...(isNew
        ? [createTable(db, dialect, table, columns)]
        : columns.map(([name, column]) => addColumn(db, dialect, table, name, column))),
      ...indexes.map(([name, index]) => createIndex(db, table, name, index.columns)),
    ].map((statement) => statement.compile().sql),
  )
}

/** CockroachDB orders text by its bytes, and compares none that has a collation with one that has none. */
export const schemaDialects = ['sqlite', 'postgres', 'cockroachdb'] as const

/** The whole of it, for those who apply it by hand. */
export function schemaSql(name: (typeof schemaDialects)[number]): string[] {
  if (name === 'cockroachdb') return schemaSql('postgres').map((statement) => statement.replaceAll(' collate "C"', ''))
  return wholeSchema(name)
}

function wholeSchema(dialect: DialectName): string[] {
  const { version } = currentSchema
  const steps = Array.from({ length: version }, (_, i) => stepSql(dialect, i + 1, currentSchema))
  return [
    metaTableSql(dialect),
    ...steps.flat(),
    `insert into "sallyport_meta" ("name", "value") values ('schema', ${version})`,
  ]
}

/** Says which version of the schema the database has. */
export function metaTableSql(dialect: DialectName): string {
  const create = builderOf(dialect).schema.createTable('sallyport_meta').ifNotExists()
  return create
    .addColumn('name', typeOf(dialect, 'text'), (column) => column.primaryKey().notNull())
    .addColumn('value', typeOf(dialect, 'integer'), (column) => column.notNull())
    .compile().sql
}

function createTable(
  db: Builder,
  dialect: DialectName,
  table: Table,
  columns: readonly (readonly [string, Column])[],
): Compilable {
  // Kysely would know the columns by type; ours are read.
  let create: CreateTableBuilder<string, string> = db.schema
    .createTable(sqlName(table))
    .addColumn('tenant', typeOf(dialect, 'text'), (column) => column.notNull())
  for (const [name, { type, nullable }] of columns) {
    create = create.addColumn(name, typeOf(dialect, type), (column) => (nullable ? column : column.notNull()))
  }
  const keyed = create.addPrimaryKeyConstraint(`${sqlName(table)}_key`, ['tenant', ...table.key])
  // In SQLite a table without rowid is its key's index, and a strict one refuses texts in integer columns.
  return dialect === 'sqlite' ? keyed.modifyEnd(sql`strict, without rowid`) : keyed
}

function addColumn(
  db: Builder,
  dialect: DialectName,
  table: Table,
  name: string,
  { type, nullable, initial }: Column,
): Compilable {
  return db.schema.alterTable(sqlName(table)).addColumn(name, typeOf(dialect, type), (column) => {
    const filled = initial === undefined || initial === null ? column : column.defaultTo(sql.lit(initial))
    return nullable ? filled : filled.notNull()
  })
}

/** The key at the end makes the order of an index whole, for pages. */
function createIndex(db: Builder, table: Table, name: string, columns: readonly string[]): Compilable {
  const order = [...new Set(['tenant', ...columns, ...table.key])]
  return db.schema
    .createIndex(`${sqlName(table)}_${name}`)
    .on(sqlName(table))
    .columns(order)
}

/** Text is ordered by its bytes in UTF-8, and so by code point, whatever the database's locale. SQLite does so by itself. */
function typeOf(dialect: DialectName, type: Column['type']) {
  if (type === 'integer') return dialect === 'sqlite' ? sql`integer` : sql`bigint`
  return dialect === 'sqlite' ? sql`text` : sql`text collate "C"`
}
