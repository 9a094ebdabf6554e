/** The guard's checks on the stores that run in this process; on the others they are in the reports of their runtimes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { memoryStore } from '../../src/store/memory/index.ts'
import { pgliteStore } from '../../src/store/pglite/index.ts'
import type { Store } from '../../src/store/port.ts'
import { postgresStore } from '../../src/store/postgres/index.ts'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { guardChecks } from './guard-checks.ts'
import { findPostgres, type PostgresServer, startPostgres } from './postgres-server.ts'
import { describeIf } from './present.ts'

let tenants = 0

function checkGuard(name: string, open: () => Promise<readonly [Store, Store]>): void {
  describe(name, () => {
    let stores: readonly [Store, Store]
    beforeAll(async () => {
      stores = await open()
    }, 60_000)
    afterAll(() => Promise.all((stores ?? []).map((store) => store.close())))
    test.each(Object.entries(guardChecks))('%s', (_, check) => check(stores, `guarded-${tenants++}`))
  })
}

const folder = mkdtempSync(join(tmpdir(), 'sallyport-guard-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

checkGuard('memory', async () => {
  const store = memoryStore()
  return [store, store]
})

checkGuard('SQLite in a file', async () => {
  const file = join(folder, 'store.db')
  return [await sqliteStore(new DatabaseSync(file)), await sqliteStore(new DatabaseSync(file))]
})

checkGuard('PGlite', async () => {
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
  checkGuard('PostgreSQL', async () => {
    const open = () => {
      const pool = new Pool({ connectionString: server.url })
      pools.push(pool)
      return postgresStore(pool, { migrate: true })
    }
    return [await open(), await open()]
  })
})
