/** From one version of the schema to the next, with rows in it, by several at once. */
import { DatabaseSync } from 'node:sqlite'
import { Pool } from 'pg'
import { expect, test } from 'vitest'
import { PostgresDriver } from '../../src/store/postgres/driver.ts'
import type { SqlDriver, SqlRow } from '../../src/store/sql/driver.ts'
import { migrate, versionOf } from '../../src/store/sql/migrate.ts'
import { SqliteDriver } from '../../src/store/sqlite/driver.ts'
import { newer, older } from './growing.ts'
import { findPostgres, startPostgres } from './postgres-server.ts'
import { describeIf } from './present.ts'

async function check(drivers: readonly [SqlDriver, ...SqlDriver[]]): Promise<void> {
  const [driver] = drivers
  const ask = (sql: string): Promise<readonly SqlRow[]> => driver.query({ sql, parameters: [], guarded: false })
  expect(await migrate(driver, older)).toEqual({ from: 0, to: 1 })
  await ask(`insert into sallyport_things (tenant, id, state) values ('acme', 'a', 'active')`)
  const ended = await Promise.all(drivers.map((it) => migrate(it, newer)))
  expect(ended.map(({ to }) => to)).toEqual(drivers.map(() => 2))
  // What ran before the migration goes on, and knows nothing of the new columns.
  await ask(`insert into sallyport_things (tenant, id, state) values ('acme', 'b', 'active')`)
  const rows = await ask('select id, size, word, note from sallyport_things where size = 7 order by id')
  expect(rows.map((row) => ({ ...row, size: Number(row.size) }))).toEqual([
    { id: 'a', size: 7, word: "it's", note: null },
    { id: 'b', size: 7, word: "it's", note: null },
  ])
  expect(await ask('select * from sallyport_others')).toEqual([])
  expect(await migrate(driver, newer)).toEqual({ from: 2, to: 2 })
  await expect(migrate(driver, older)).rejects.toMatchObject({ code: 'E_STORE_SCHEMA' })
  expect(await versionOf(driver)).toBe(2)
}

test('SQLite', async () => {
  const database = new DatabaseSync(':memory:')
  await check([new SqliteDriver(database), new SqliteDriver(database)])
})

test('a step that fails leaves nothing of itself', async () => {
  const database = new DatabaseSync(':memory:')
  const driver = new SqliteDriver(database)
  await migrate(driver, older)
  // In the way of the last statement of the step.
  database.exec('create table sallyport_others (x)')
  await expect(migrate(driver, newer)).rejects.toMatchObject({ code: 'E_STORE' })
  expect(await versionOf(driver)).toBe(1)
  database.exec('drop table sallyport_others')
  expect(await migrate(driver, newer)).toEqual({ from: 1, to: 2 })
})

describeIf(findPostgres(), 'with a server', ({ programs }) => {
  test('PostgreSQL', async () => {
    const server = await startPostgres(programs)
    const pools = Array.from({ length: 4 }, () => new Pool({ connectionString: server.url, pipeline: true }))
    try {
      const [first, ...others] = pools.map((pool) => new PostgresDriver(pool))
      await check([first!, ...others])
    } finally {
      await Promise.all(pools.map((pool) => pool.end()))
      server.remove()
    }
  })
})
