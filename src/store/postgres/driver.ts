/** Statements over connections of a pool. */
import type { Outcome, SqlDriver, SqlRow, SqlStatement } from '../sql/driver.ts'
import { boundaryFault, isAnswer, isGuard, isWorthRepeating, postgresFault } from './faults.ts'
import { Listening } from './listening.ts'
import type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './pool.ts'

/** A tenant's row is locked first, and each statement sees what was committed by then: nothing stronger is needed. */
const BEGIN = 'begin isolation level read committed'

const nothing = (): void => {}

export interface PostgresDriverOptions {
  /** How long to wait for an answer to a statement, in milliseconds; 5000 if left out. */
  readonly timeout?: number
  /** How often a write is repeated after a serialization failure or deadlock; 10 if left out. */
  readonly retries?: number
}

export class PostgresDriver implements SqlDriver {
  readonly kind = 'postgres'
  readonly dialect = 'postgres'
  readonly #pool: PostgresPool
  readonly #timeout: number
  readonly #retries: number
  readonly #listening: Listening
  readonly #known = new WeakSet<PostgresClient>()
  #open = true

  constructor(pool: PostgresPool, { timeout = 5000, retries = 10 }: PostgresDriverOptions = {}) {
    this.#pool = pool
    this.#timeout = timeout
    this.#retries = retries
    this.#listening = new Listening(() => this.#connect(), timeout)
    // A connection that breaks while nobody uses it is the pool's to replace. Without a listener it would end everything.
    pool.on('error', nothing)
  }

  async query(statement: SqlStatement): Promise<readonly SqlRow[]> {
    const { rows } = await this.#with((client) => client.query(this.#sent(statement)))
    return rows
  }

  async transact(statements: readonly SqlStatement[]): Promise<Outcome> {
    const [begin, commit] = [BEGIN, 'commit'].map((sql) => this.#sent({ sql, parameters: [] }))
    const all = [begin!, ...statements.map((statement) => this.#sent(statement)), commit!]
    return this.#with(async (client) => {
      const sent = client.pipeline === true ? await together(client, all) : await inTurn(client, all)
      const failed = sent.findIndex(({ error }) => error !== undefined)
      if (failed < 0) return { first: sent[1]?.result?.rows ?? [] }
      const { error } = sent[failed]!
      // The first in the list began the transaction.
      if (isGuard(error)) return { failed: failed - 1 }
      throw failed === 0 || failed === all.length - 1 ? boundaryFault(this.kind, error) : error
    })
  }

  tell(tenant: string, revision: number): void {
    // After the commit and on its own: a NOTIFY inside a transaction would make all commits of the server wait for one another.
    this.#with((client) => client.query(this.#sent(this.#listening.tell(tenant, revision)))).catch(nothing)
  }

  async watch(
    tenant: string,
    listener: (revision: number) => void,
    lost?: (reason: unknown) => void,
  ): Promise<() => void> {
    try {
      return await this.#listening.add(tenant, listener, lost)
    } catch (error) {
      throw postgresFault(this.kind, error)
    }
  }

  async close(): Promise<void> {
    this.#open = false
    await this.#listening.close()
  }

  #sent({ sql, parameters }: Pick<SqlStatement, 'sql' | 'parameters'>): PostgresQuery {
    return { text: sql, values: [...parameters], query_timeout: this.#timeout }
  }

  /** Runs on a connection of its own, and again where the database says that the same may succeed. */
  async #with<T>(action: (client: PostgresClient) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const client = await this.#connect()
        let broken = true
        try {
          const result = await action(client)
          broken = false
          return result
        } catch (error) {
          // Where the server answered, the connection is in order, and its transaction ended.
          broken = !isAnswer(error)
          throw error
        } finally {
          client.release(broken)
        }
      } catch (error) {
        if (attempt >= this.#retries || !isWorthRepeating(error)) throw postgresFault(this.kind, error)
      }
    }
  }

  async #connect(): Promise<PostgresClient> {
    if (!this.#open) throw new Error('the store was closed')
    const client = await this.#pool.connect()
    if (!this.#known.has(client)) {
      this.#known.add(client)
      // Its queries fail with the same error; without a listener it would end everything.
      client.on('error', nothing)
    }
    return client
  }
}

interface Sent {
  readonly result?: PostgresResult
  readonly error?: unknown
}

/** All at once: what follows a statement that failed fails too, and the commit rolls back. */
async function together(client: PostgresClient, queries: readonly PostgresQuery[]): Promise<Sent[]> {
  const settled = await Promise.allSettled(queries.map((query) => client.query(query)))
  return settled.map((it) => (it.status === 'fulfilled' ? { result: it.value } : { error: it.reason }))
}

async function inTurn(client: PostgresClient, queries: readonly PostgresQuery[]): Promise<Sent[]> {
  const sent: Sent[] = []
  for (const query of queries) {
    try {
      sent.push({ result: await client.query(query) })
    } catch (error) {
      sent.push({ error })
      // A connection that gave no answer will be closed, which rolls back.
      if (isAnswer(error)) await client.query({ ...query, text: 'rollback', values: [] })
      break
    }
  }
  return sent
}
