/** Kysely as a writer of SQL: it runs nothing here, as half of the databases have no connection that it could hold. */
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Table, Value } from '../schema/table.ts'
import type { DialectName } from './driver.ts'

/** In a statement that is being written: the value with this number, which is put in when it runs. */
export class Slot {
  readonly number: number

  constructor(number: number) {
    this.number = number
  }
}

export type Operand = Slot | Value

/** Any table and column: what is in them was checked against the schema before. */
export type Database = Record<string, Record<string, Operand>>

export type Builder = Kysely<Database>

const builders: Readonly<Record<DialectName, Builder>> = {
  sqlite: new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgres: new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
}

export function builderOf(dialect: DialectName): Builder {
  return builders[dialect]
}

/** The name in the database, which may hold tables of others too. */
export function sqlName(table: Table): string {
  return `sallyport_${table.name}`
}

export interface Template {
  readonly sql: string
  readonly slots: readonly Operand[]
}

export function templateOf({ sql, parameters }: CompiledQuery): Template {
  return { sql, slots: parameters as readonly Operand[] }
}

export function fill({ slots }: Template, values: readonly Value[]): readonly Value[] {
  return slots.map((slot) => (slot instanceof Slot ? values[slot.number]! : slot))
}
