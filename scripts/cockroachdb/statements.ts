/**
 * Prints every statement that the stores send to PostgreSQL, each once, as a line of JSON: the schema as `sallyport db schema
 * --dialect cockroachdb` prints it, and what the contract and the guard's checks have a real server do. For parse.go beside it.
 *
 *   node --experimental-transform-types scripts/cockroachdb/statements.ts > statements.jsonl
 */
import { Pool, type PoolClient } from 'pg'
import { type PostgresClient, type PostgresPool, postgresStore } from '../../src/store/postgres/index.ts'
import { schemaSql } from '../../src/store/sql/ddl.ts'
import { findPostgres, startPostgres } from '../../test/store/postgres-server.ts'
import { passed, reportOf } from '../../test/store/report.ts'

const seen = new Set<string>()

/** The pool, with an ear on what is sent. */
function overheard(pool: Pool): PostgresPool {
  const clients = new WeakMap<PoolClient, PostgresClient>()
  return {
    on: (event, listener) => pool.on(event, listener),
    async connect() {
      const client = await pool.connect()
      const known = clients.get(client)
      if (known !== undefined) return known
      const made: PostgresClient = {
        query: (query) => {
          seen.add(query.text)
          return client.query(query)
        },
        release: (destroy) => client.release(destroy),
        on: (event: string, listener: (argument: never) => void) => client.on(event as 'end', listener as () => void),
      }
      clients.set(client, made)
      return made
    },
  }
}

async function main(): Promise<number> {
  const found = findPostgres()
  if ('missing' in found) {
    console.error(found.missing)
    return 2
  }
  const server = await startPostgres(found.programs)
  const pools = [0, 1].map(() => new Pool({ connectionString: server.url }))
  try {
    // The tables as PostgreSQL has them: only those are ordered as the contract asks, where text is not ordered by bytes.
    await postgresStore(pools[0]!, { migrate: true })
    const [store, other] = await Promise.all(pools.map((pool) => postgresStore(overheard(pool))))
    const report = await reportOf(store!, other)
    const failed = Object.keys(passed).filter((name) => report[name] !== null)
    if (failed.length > 0) {
      console.error(`not all statements are known, as these checks failed: ${failed.join(', ')}`)
      return 1
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.end()))
    server.remove()
  }
  for (const statement of [...schemaSql('cockroachdb'), ...seen]) console.log(JSON.stringify(statement))
  return 0
}

process.exitCode = await main()
