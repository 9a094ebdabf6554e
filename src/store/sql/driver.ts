/** What a database has to be able to do. Two calls: there is no transaction that stays open while we think. */
import type { Value } from '../schema/table.ts'

export type DialectName = 'sqlite' | 'postgres'

export interface SqlStatement {
  readonly sql: string
  readonly parameters: readonly Value[]
  /** It has to find or change a row; otherwise the transaction fails at this place. */
  readonly guarded: boolean
}

export type SqlRow = Readonly<Record<string, unknown>>

export type Outcome =
  /** `first`: the rows that the first statement returned. */
  { readonly failed?: undefined; readonly first: readonly SqlRow[] } | { readonly failed: number }

export interface SqlDriver {
  readonly kind: string
  readonly dialect: DialectName
  query(statement: SqlStatement): Promise<readonly SqlRow[]>
  /** All of them in one transaction and in order, or none. */
  transact(statements: readonly SqlStatement[]): Promise<Outcome>
  /** Lets those go on who may want to write as well, for a driver that never waits. */
  gather?(): Promise<void>
  /** Tells other processes of a write, where the database can. A hint: it may be lost. */
  tell?(tenant: string, revision: number): void
  watch?(tenant: string, listener: (revision: number) => void, lost?: (reason: unknown) => void): Promise<() => void>
  close(): Promise<void>
}
