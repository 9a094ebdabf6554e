/** Statements on a database that answers at once. */
import { SallyportError } from '../../errors.ts'
import type { Value } from '../schema/table.ts'
import type { Outcome, SqlDriver, SqlRow, SqlStatement } from '../sql/driver.ts'
import { sqliteFault } from './faults.ts'

/** SQLite waits as long as it is told to, and the whole process with it; so it is told to wait so long at a time, in milliseconds. */
const STRETCH = 10

/** What this asks of a driver. `DatabaseSync` of `node:sqlite` and `Database` of `bun:sqlite` have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
}

export interface SqliteStatement {
  all(...parameters: Value[]): readonly unknown[]
}

export class SqliteDriver implements SqlDriver {
  readonly kind = 'sqlite'
  readonly dialect = 'sqlite'
  readonly #database: SqliteDatabase
  readonly #prepared = new Map<string, SqliteStatement>()
  #open = true
  /** How long a statement waits for the writes of other processes, in milliseconds. */
  #patience = 0

  constructor(database: SqliteDatabase) {
    this.#database = database
  }

  /** Sets the database up for writing by several processes. */
  prepare(busyTimeout: number): void {
    this.#run(() => {
      this.#database.exec(`pragma busy_timeout = ${Number(busyTimeout)}`)
      // Readers don't wait for writers. With `full`, a commit is on the disk before it is acknowledged.
      this.#database.exec('pragma journal_mode = wal')
      this.#database.exec('pragma synchronous = full')
      this.#database.exec(`pragma busy_timeout = ${Math.min(busyTimeout, STRETCH)}`)
    })
    this.#patience = busyTimeout
  }

  query({ sql, parameters }: SqlStatement): Promise<readonly SqlRow[]> {
    return this.#patiently(() => this.#all(sql, parameters))
  }

  transact(statements: readonly SqlStatement[]): Promise<Outcome> {
    return this.#patiently(() => {
      // Immediate: a transaction that first reads and then finds another writer could not go on.
      this.#database.exec('begin immediate')
      try {
        const outcome = this.#apply(statements)
        this.#database.exec(outcome.failed === undefined ? 'commit' : 'rollback')
        return outcome
      } catch (error) {
        this.#rollBack()
        throw error
      }
    })
  }

  gather(): Promise<void> {
    return new Promise((resolve) => void setImmediate(resolve))
  }

  async close(): Promise<void> {
    this.#open = false
    this.#prepared.clear()
  }

  #apply(statements: readonly SqlStatement[]): Outcome {
    let first: readonly SqlRow[] | undefined
    for (const [place, { sql, parameters, guarded }] of statements.entries()) {
      const rows = this.#all(sql, parameters)
      if (guarded && rows.length === 0) return { failed: place }
      first ??= rows
    }
    return { first: first ?? [] }
  }

  #all(sql: string, parameters: readonly Value[]): readonly SqlRow[] {
    let statement = this.#prepared.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#prepared.set(sql, statement)
    }
    return statement.all(...parameters) as readonly SqlRow[]
  }

  #rollBack(): void {
    try {
      this.#database.exec('rollback')
    } catch {
      // SQLite rolled back by itself, as it does when the disk is full.
    }
  }

  /** Again, while another process writes: what was refused as busy has changed nothing. Between two tries others have their turn. */
  async #patiently<T>(action: () => T): Promise<T> {
    for (let left = this.#patience - STRETCH; ; left -= STRETCH) {
      try {
        return this.#run(action)
      } catch (error) {
        if (!(error instanceof SallyportError && error.code === 'E_STORE_BUSY' && left > 0)) throw error
        await this.gather()
      }
    }
  }

  #run<T>(action: () => T): T {
    try {
      if (!this.#open) throw new Error('the store was closed')
      return action()
    } catch (error) {
      throw sqliteFault(this.kind, error)
    }
  }
}
