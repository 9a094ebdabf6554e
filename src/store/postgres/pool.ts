/** What the store asks of a pool; `Pool` of the package `pg` has it. */
import type { SqlRow } from '../sql/driver.ts'

export interface PostgresPool {
  connect(): Promise<PostgresClient>
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface PostgresClient {
  /** Whether queries may be sent before those sent earlier are answered. */
  readonly pipeline?: boolean
  query(query: PostgresQuery): Promise<PostgresResult>
  /** With true, the connection is closed instead of being used again. */
  release(destroy?: boolean): void
  on(event: 'notification', listener: (message: { payload?: string | undefined }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'end', listener: () => void): unknown
}

export interface PostgresQuery {
  readonly text: string
  readonly values?: unknown[]
  /** In milliseconds. */
  readonly query_timeout?: number
}

export interface PostgresResult {
  readonly rows: readonly SqlRow[]
  /** What ended: `COMMIT`, or `ROLLBACK` when a statement before had failed. */
  readonly command: string
}
