/**
 * What a table is. All stores read the same definitions: SQL stores make their DDL of them, the others their indexes.
 *
 * Every table has one more column than its definition, `tenant`, which no statement can name: a store handle belongs to one
 * tenant and adds it to whatever it runs.
 */

/** Times are milliseconds since the epoch; amounts are integers of the smallest unit; documents are JSON in a text. */
export type Value = string | number | null

export interface Column<V extends Value = Value> {
  readonly type: 'text' | 'integer'
  readonly nullable: boolean
  /** The version of the schema that added it; left out: the table's own. */
  readonly since?: number
  /** What rows hold that are older than the column. Needed with `since`, unless it is nullable. */
  readonly initial?: V
}

export type Columns = Readonly<Record<string, Column>>

export interface Index {
  /** In this order, and then by key. None is nullable: stores do not agree on where null sorts. */
  readonly columns: readonly string[]
  readonly since?: number
}

export interface Table<C extends Columns = Columns, K extends string = string, I extends string = string> {
  readonly name: string
  readonly columns: C
  /** What makes a row unique within its tenant. */
  readonly key: readonly K[]
  readonly indexes: Readonly<Record<I, Index>>
  /** How its changes are told to other processes; see `Journal`. */
  readonly journal: Journal
  /** The version of the schema that added it. */
  readonly since: number
}

/**
 * `none`: nobody caches it, so that its changes are not recorded. `first`: its changes are read before all others, however far
 * behind a reader is; for what takes rights away.
 */
export type Journal = 'none' | 'normal' | 'first'

export const text: Column<string> = { type: 'text', nullable: false }
/** Within ±(2^53 − 1). */
export const integer: Column<number> = { type: 'integer', nullable: false }

/** @example nullable(integer) */
export function nullable<V extends Value>(column: Column<V>): Column<V | null> {
  return { ...column, nullable: true }
}

interface Definition<C extends Columns, K extends keyof C & string, I extends string> {
  readonly name: string
  readonly columns: C
  readonly key: readonly K[]
  readonly indexes?: Readonly<Record<I, readonly (NotNull<C> & string)[] | Index>>
  readonly journal?: Journal
  readonly since?: number
}

type NotNull<C extends Columns> = {
  [N in keyof C]: C[N] extends Column<infer V> ? (null extends V ? never : N) : never
}[keyof C]

/** @example defineTable({ name: 'tasks', columns: { id: text, state: text }, key: ['id'], indexes: { by_state: ['state'] } }) */
export function defineTable<const C extends Columns, const K extends keyof C & string, const I extends string = never>(
  definition: Definition<C, K, I>,
): Table<C, K, I> {
  const { name, columns, key, journal = 'normal', since = 1 } = definition
  const given = Object.entries<readonly string[] | Index>(definition.indexes ?? {})
  const indexes = given.map(([index, it]): [string, Index] => [index, 'columns' in it ? it : { columns: it }])
  return { name, columns, key, indexes: Object.fromEntries(indexes) as Record<I, Index>, journal, since }
}

export type RowOf<T extends Table> = {
  readonly [N in keyof T['columns']]: T['columns'][N] extends Column<infer V> ? V : never
}
