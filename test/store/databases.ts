/** The databases that run in this process or beside it, for what is checked over each of them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { pgliteStore } from '../../src/store/pglite/index.ts'
import type { Store } from '../../src/store/port.ts'
import { postgresStore } from '../../src/store/postgres/index.ts'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { findPostgres, type PostgresServer, startPostgres } from './postgres-server.ts'
import { describeIf } from './present.ts'

/** Opens two stores over one database, as two processes would. */
export type OpenBoth = () => Promise<readonly [Store, Store]>

/** Has `check` define its tests for each database; PostgreSQL where it is installed. */
export function eachDatabase(check: (name: string, open: OpenBoth) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-databases-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  check('SQLite in a file', async () => {
    const file = join(folder, 'store.db')
    return [await sqliteStore(new DatabaseSync(file)), await sqliteStore(new DatabaseSync(file))]
  })

  check('PGlite', async () => {
    const database = await PGlite.create()
    return [await pgliteStore(database), await pgliteStore(database)]
  })

  describeIf(findPostgres(), 'with a server', ({ programs }) => {
    let server: PostgresServer
    const pools: Pool[] = []
    beforeAll(async () => {
      server = await startPostgres(programs)
    }, 60_000)
    afterAll(async () => {
      await Promise.all(pools.map((it) => it.end()))
      server.remove()
    })
    check('PostgreSQL', async () => {
      const open = () => {
        const pool = new Pool({ connectionString: server.url })
        pools.push(pool)
        return postgresStore(pool, { migrate: true })
      }
      return [await open(), await open()]
    })
  })
}
