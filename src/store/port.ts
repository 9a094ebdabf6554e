/**
 * The port of the stores. A store knows records, not rules: rows of the tables in `schema/`, read by key or by index, and
 * changed by lists of guarded statements that are applied whole or not at all. Statements are plain data; the same list means the same in
 * every store, also where there are no transactions to keep open (D1, Durable Objects, IndexedDB).
 *
 * Every method may reject with a `SallyportError` whose code starts with `E_STORE`; docs/errors.md lists them.
 */
import type {
  ColumnName,
  IndexName,
  IntegerColumn,
  Key,
  KeyColumn,
  PlainColumn,
  Row,
  TableName,
} from './schema/index.ts'

export type { ColumnName, IndexName, Key, Row, TableName }

export interface Store {
  /** `memory`, `sqlite`, `postgres` … for messages and metrics. */
  readonly kind: string
  /** A handle for one tenant; nothing read or written through it touches another. Costs nothing. */
  tenant(id: string): TenantStore
  /** Ends what the store itself began (listeners, handles). What was passed to it, such as a pool, stays open. */
  close(): Promise<void>
}

export interface TenantStore {
  readonly tenant: string

  /** The row with this key as of the last write that was applied. */
  get<N extends TableName>(table: N, key: Key<N>): Promise<Row<N> | undefined>

  /** At most `limit` rows in the order of a key or an index; text is ordered by code point. */
  find<N extends TableName>(table: N, query: Query<N>): Promise<readonly Row<N>[]>

  /**
   * Applies all statements in order, each seeing those before it, or none. At most 200, and besides them up to 1,000 of `put` and
   * `remove`, which databases take many rows at a time of.
   *
   * When it rejects with `E_STORE_UNAVAILABLE` or `E_STORE_TIMEOUT` it is not known whether it was applied. Put an insert with a key of
   * the caller's into the list, and repeat it as it is: the insert's guard tells.
   */
  write(statements: readonly Write[]): Promise<WriteResult>

  /** How many writes of this tenant were applied; 0 at first. */
  revision(): Promise<number>

  /**
   * What was changed by the writes after a revision, oldest first: what a cache must forget.
   *
   * @param first only writes that touched a table whose journal is `first`
   */
  changes(after: number, limit: number, first?: 'first'): Promise<ChangePage>

  /** Deletes what `changes` tells of the writes up to a revision. Readers that are further behind get `gap`. */
  trim(upTo: number): Promise<void>

  /**
   * Tells of new revisions as they are written, by any process where the store can; resolves once it does, to what ends it. A hint:
   * not every revision is told, so read `changes`.
   *
   * @param lost is called when it can tell no more, as when the connection broke; until then it still does
   */
  watch?(listener: (revision: number) => void, lost?: (reason: unknown) => void): Promise<() => void>
}

/** Conditions must all hold. A comparison with null on either side never does. */
export interface Query<N extends TableName> {
  readonly where?: readonly Guard<N>[]
  /** The index that gives the order, and serves what `where` says of its columns; left out: the key. */
  readonly by?: IndexName<N>
  readonly descending?: boolean
  /** Only rows after this one in the order: the columns of the index and of the key of the last row that was seen. */
  readonly after?: Partial<Row<N>>
  /** 1 to 1000. */
  readonly limit: number
}

/** Any of the statements, of any table. */
export type Write = {
  [N in TableName]: Insert<N> | Put<N> | Update<N> | Delete<N> | Remove<N> | Require<N>
}[TableName]

/** Fails when a row with its key exists; with `ifAbsent` it leaves that row as it is. */
export interface Insert<N extends TableName> {
  readonly insert: N
  readonly row: Row<N>
  readonly ifAbsent?: boolean
}

/** Writes the row, in place of the one with its key where there is one; fails never. For many rows: see `write`. */
export interface Put<N extends TableName> {
  readonly put: N
  readonly row: Row<N>
}

/** Fails when the row is missing, a guard does not hold, or a sum would leave the safe integers. */
export interface Update<N extends TableName> {
  readonly update: N
  readonly key: Key<N>
  readonly set?: { readonly [C in PlainColumn<N>]?: Row<N>[C & keyof Row<N>] }
  /** What to add to columns that hold integers; null plus anything fails. */
  readonly add?: { readonly [C in Exclude<IntegerColumn<N>, KeyColumn<N>>]?: number }
  readonly when?: readonly Guard<N>[]
}

/** Fails when the row is missing or a guard does not hold. */
export interface Delete<N extends TableName> {
  readonly delete: N
  readonly key: Key<N>
  readonly when?: readonly Guard<N>[]
}

/** Deletes the row where there is one; fails never. For many rows: see `write`. */
export interface Remove<N extends TableName> {
  readonly remove: N
  readonly key: Key<N>
}

/** Fails when the row is missing or a guard does not hold; changes nothing. */
export interface Require<N extends TableName> {
  readonly require: N
  readonly key: Key<N>
  readonly when?: readonly Guard<N>[]
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/**
 * A comparison of a column with a value or with another column of the same row; `plus` is added to the column first.
 *
 * @example { column: 'spent', plus: 250, is: '<=', to: 'budget' }
 * @example { column: 'state', is: '=', value: 'active' }
 */
export type Guard<N extends TableName> =
  | { readonly column: ColumnName<N>; readonly plus?: number; readonly is: Comparison; readonly value: string | number }
  | { readonly column: ColumnName<N>; readonly plus?: number; readonly is: Comparison; readonly to: ColumnName<N> }
  | { readonly column: ColumnName<N>; readonly is: 'null' | 'not null' }

/** `failed` is the place in the list of the first statement that could not be applied. */
export type WriteResult =
  | { readonly applied: true; readonly revision: number }
  | { readonly applied: false; readonly failed: number }

export interface ChangePage {
  readonly changes: readonly Change[]
  /** All changes up to this revision are in this page or before it. */
  readonly upTo: number
  /** Changes after the revision that was asked about were trimmed: forget everything up to `upTo`. */
  readonly gap: boolean
  /** Whether more follow after `upTo`. */
  readonly more: boolean
}

/** What one write did. Keys are listed also when a row was left as it is; those that were put are told as updates. Tables whose journal is `none` are not listed. */
export interface Change {
  readonly revision: number
  readonly entries: readonly ChangeEntry[]
}

export interface ChangeEntry {
  readonly table: TableName
  readonly kind: 'insert' | 'update' | 'delete'
  /** The values of the key's columns, in their order. */
  readonly key: readonly (string | number)[]
}
