/** The store in Cloudflare D1, which has batches and no transactions that stay open. */
import type { Store } from '../port.ts'
import type { Outcome, SqlDriver, SqlRow, SqlStatement } from '../sql/driver.ts'
import { openSqlStore, type SqlStoreOptions } from '../sql/store.ts'
import { sqliteFault } from '../sqlite/faults.ts'

export type * from '../port.ts'

/** What this asks of a D1 binding; `D1Database` of Workers has it. */
export interface D1Binding {
  prepare(sql: string): D1Statement
  batch(statements: D1Statement[]): Promise<{ results: unknown[] }[]>
}

export interface D1Statement {
  bind(...values: unknown[]): D1Statement
  all(): Promise<{ results: unknown[] }>
}

/**
 * A store in a D1 database. Make the schema with what `sallyport db schema --dialect sqlite` prints, as a migration of D1, or with `migrate`.
 *
 * @example const store = await d1Store(env.DB)
 * @throws SallyportError `E_STORE_SCHEMA`, `E_STORE_UNAVAILABLE` …
 */
export async function d1Store(binding: D1Binding, options: SqlStoreOptions = {}): Promise<Store> {
  return openSqlStore(new D1Driver(binding), options)
}

/** Begins the text of the error that undoes a batch; a place in the list follows. */
const MARK = 'sallyport-guard-'

class D1Driver implements SqlDriver {
  readonly kind = 'd1'
  readonly dialect = 'sqlite'
  readonly #binding: D1Binding
  #open = true

  constructor(binding: D1Binding) {
    this.#binding = binding
  }

  async query(statement: SqlStatement): Promise<readonly SqlRow[]> {
    const { results } = await this.#run(() => this.#prepare(statement).all())
    return results as SqlRow[]
  }

  async transact(statements: readonly SqlStatement[]): Promise<Outcome> {
    return this.#run(async () => {
      try {
        const [first] = await this.#binding.batch(
          statements.flatMap((statement, place) => this.#guarded(statement, place)),
        )
        return { first: (first?.results ?? []) as SqlRow[] }
      } catch (error) {
        const failed = placeIn(error)
        if (failed === undefined) throw error
        return { failed }
      }
    })
  }

  async close(): Promise<void> {
    this.#open = false
  }

  #prepare({ sql, parameters }: Pick<SqlStatement, 'sql' | 'parameters'>): D1Statement {
    const statement = this.#binding.prepare(sql)
    return parameters.length === 0 ? statement : statement.bind(...parameters)
  }

  #guarded(statement: SqlStatement, place: number): D1Statement[] {
    if (!statement.guarded) return [this.#prepare(statement)]
    const found = statement.sql.startsWith('select') ? `exists (${statement.sql})` : 'changes()'
    const check = { sql: checkSql(found, place), parameters: found === 'changes()' ? [] : statement.parameters }
    return found === 'changes()' ? [this.#prepare(statement), this.#prepare(check)] : [this.#prepare(check)]
  }

  async #run<T>(action: () => Promise<T>): Promise<T> {
    try {
      if (!this.#open) throw new Error('the store was closed')
      return await action()
    } catch (error) {
      throw sqliteFault(this.kind, error)
    }
  }
}

/** SQLite has no statement that fails at will outside of triggers. A path that is none makes `json_extract` say what it was. */
function checkSql(found: string, place: number): string {
  return `select case ${found} when 0 then json_extract('{}', '${MARK}${place}-' || changes()) end`
}

function placeIn(error: unknown): number | undefined {
  const [, place] = new RegExp(`${MARK}(\\d+)-`).exec(String(error)) ?? []
  return place === undefined ? undefined : Number(place)
}
