/** Stores that are gone, slow, read-only, full or damaged: each has its own code, and all mend without a restart. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { TenantStore } from '../../src/store/port.ts'
import { postgresStore } from '../../src/store/postgres/index.ts'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { SlowProxy } from './faults/slow-proxy.ts'
import { findPostgres, type PostgresServer, startPostgres } from './postgres-server.ts'
import { describeIf } from './present.ts'
import { counter, delegation } from './rows.ts'

const code = (code: string) => ({ code })
const key = { name: 'a', window: 0 }
const add = (tenant: TenantStore) => tenant.write([{ update: 'counters', key, add: { value: 1 } }])

describe('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-faults-'))
  const file = (name: string): string => join(folder, name)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('read-only', async () => {
    const path = file('read-only.db')
    await (await sqliteStore(new DatabaseSync(path))).tenant('acme').write([counter('a')])
    const database = new DatabaseSync(path)
    const tenant = (await sqliteStore(database)).tenant('acme')
    database.exec('pragma query_only = 1')
    await expect(add(tenant)).rejects.toMatchObject(code('E_STORE_READ_ONLY'))
    expect(await tenant.get('counters', key)).toMatchObject({ value: 0 })
    database.exec('pragma query_only = 0')
    expect(await add(tenant)).toEqual({ applied: true, revision: 2 })
  })

  test('a file that was opened for reading', async () => {
    const path = file('mode.db')
    await (await sqliteStore(new DatabaseSync(path))).tenant('acme').write([counter('a')])
    const tenant = (await sqliteStore(new DatabaseSync(path, { readOnly: true }))).tenant('acme')
    await expect(add(tenant)).rejects.toMatchObject(code('E_STORE_READ_ONLY'))
    expect(await tenant.get('counters', key)).toMatchObject({ value: 0 })
  })

  test('full', async () => {
    const database = new DatabaseSync(file('full.db'))
    const tenant = (await sqliteStore(database)).tenant('acme')
    await tenant.write([counter('a')])
    const { page_count: pages } = database.prepare('pragma page_count').get() as { page_count: number }
    database.exec(`pragma max_page_count = ${pages + 2}`)
    const fill = async () => {
      for (let i = 0; i < 1000; i++) await tenant.write([counter(`${i}`.padEnd(500, 'x'))])
    }
    await expect(fill()).rejects.toMatchObject(code('E_STORE_FULL'))
    // Nothing of the write that failed is there, and reading goes on.
    const { length } = await tenant.find('counters', { limit: 1000 })
    expect(await tenant.revision()).toBe(length)
    database.exec('pragma max_page_count = 100000')
    expect((await tenant.write([counter('b')])).applied).toBe(true)
  })

  test('locked by another for too long', async () => {
    const path = file('locked.db')
    const tenant = (await sqliteStore(new DatabaseSync(path), { busyTimeout: 50 })).tenant('acme')
    await tenant.write([counter('a')])
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    await expect(add(tenant)).rejects.toMatchObject(code('E_STORE_BUSY'))
    expect(await tenant.get('counters', key)).toMatchObject({ value: 0 })
    other.exec('commit')
    expect((await add(tenant)).applied).toBe(true)
  })

  test('locked by another for a while: the write waits, and the process does not', async () => {
    const path = file('waiting.db')
    const tenant = (await sqliteStore(new DatabaseSync(path))).tenant('acme')
    await tenant.write([counter('a')])
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    const writing = add(tenant)
    const start = performance.now()
    let longest = 0
    for (let last = start; last - start < 300; ) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }
    expect(longest).toBeLessThan(300)
    expect(await tenant.get('counters', key)).toMatchObject({ value: 0 })
    other.exec('commit')
    expect((await writing).applied).toBe(true)
    expect(await tenant.get('counters', key)).toMatchObject({ value: 1 })
  })

  test('damaged, and no database at all', async () => {
    const path = file('damaged.db')
    writeFileSync(path, 'this is no database, and long enough to be seen as none'.repeat(40))
    await expect(sqliteStore(new DatabaseSync(path))).rejects.toMatchObject(code('E_STORE_CORRUPT'))
    const torn = file('torn.db')
    const database = new DatabaseSync(torn)
    const store = await sqliteStore(database)
    for (let i = 0; i < 200; i++) await store.tenant('acme').write([counter(`${i}`)])
    database.exec('pragma wal_checkpoint(truncate)')
    database.close()
    const handle = openSync(torn, 'r+')
    for (let page = 1; page < 60; page++) writeSync(handle, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096)
    closeSync(handle)
    const read = async () =>
      (await sqliteStore(new DatabaseSync(torn))).tenant('acme').find('counters', { limit: 1000 })
    await expect(read()).rejects.toMatchObject(code('E_STORE_CORRUPT'))
  })

  test('closed', async () => {
    const database = new DatabaseSync(':memory:')
    const store = await sqliteStore(database)
    const tenant = store.tenant('acme')
    database.close()
    await expect(tenant.revision()).rejects.toMatchObject(code('E_STORE_UNAVAILABLE'))
    await store.close()
    await expect(add(tenant)).rejects.toMatchObject(code('E_STORE_UNAVAILABLE'))
  })

  test('tables that are gone', async () => {
    const database = new DatabaseSync(':memory:')
    const tenant = (await sqliteStore(database)).tenant('acme')
    database.exec('drop table sallyport_counters')
    await expect(tenant.write([counter('a')])).rejects.toMatchObject(code('E_STORE_SCHEMA'))
    expect(await tenant.revision()).toBe(0)
  })
})

describeIf(findPostgres(), 'PostgreSQL', ({ programs }) => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres(programs)
  }, 60_000)
  afterAll(() => server.remove())

  /** A tenant with a counter, through connections with these options. */
  async function open(options: { pipeline?: boolean; url?: string; timeout?: number } = {}) {
    const { url = server.url, timeout = 5000, pipeline = true } = options
    const pool = new Pool({ connectionString: url, pipeline, connectionTimeoutMillis: 1000 })
    const store = await postgresStore(pool, { migrate: true, timeout })
    onTestFinished(async () => {
      await store.close()
      await pool.end()
    })
    const tenant = store.tenant(`tenant-${Math.random()}`)
    await tenant.write([counter('a')])
    return { pool, store, tenant }
  }

  test.each([true, false])('gone and back; pipeline %s', async (pipeline) => {
    const { tenant } = await open({ pipeline })
    server.stop('immediate')
    await expect(add(tenant)).rejects.toMatchObject(code('E_STORE_UNAVAILABLE'))
    await expect(tenant.get('counters', key)).rejects.toMatchObject(code('E_STORE_UNAVAILABLE'))
    server.start()
    expect((await add(tenant)).applied).toBe(true)
    expect(await tenant.get('counters', key)).toMatchObject({ value: 1 })
  })

  test.each([true, false])('a connection that is cut; pipeline %s', async (pipeline) => {
    const { tenant, pool } = await open({ pipeline })
    await pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = $1',
      ['client backend'],
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await add(tenant)).applied).toBe(true)
  })

  test.each([true, false])('slow; pipeline %s', async (pipeline) => {
    const proxy = await SlowProxy.start(Number(new URL(server.url).port))
    onTestFinished(() => proxy.close())
    const url = server.url.replace(/:\d+\//, `:${proxy.port}/`)
    const { tenant } = await open({ url, timeout: 200, pipeline })
    proxy.stall(true)
    await expect(add(tenant)).rejects.toMatchObject(code('E_STORE_TIMEOUT'))
    // A new connection is not made either.
    await expect(add(tenant)).rejects.toMatchObject({
      code: expect.stringMatching(/^E_STORE_(?:TIMEOUT|UNAVAILABLE)$/),
    })
    proxy.stall(false)
    proxy.cut()
    await expect.poll(async () => (await add(tenant).catch(() => undefined))?.applied).toBe(true)
  })

  test('a row that another holds', async () => {
    const { tenant, pool } = await open({ timeout: 200 })
    const other = await pool.connect()
    await other.query('begin')
    await other.query('select 1 from sallyport_tenants where tenant = $1 for update', [tenant.tenant])
    await expect(add(tenant)).rejects.toMatchObject(code('E_STORE_TIMEOUT'))
    await other.query('rollback')
    other.release()
    await expect.poll(async () => (await add(tenant)).applied).toBe(true)
  })

  test('read-only', async () => {
    const { tenant, pool } = await open()
    await pool.query('alter role test set default_transaction_read_only = on')
    const { tenant: reader } = await openExisting()
    await expect(reader.write([counter('b')])).rejects.toMatchObject(code('E_STORE_READ_ONLY'))
    expect(await reader.revision()).toBe(0)
    await pool.query('alter role test reset default_transaction_read_only')
    expect((await add(tenant)).applied).toBe(true)
  })

  test('a role that may not read', async () => {
    const { pool } = await open()
    await pool.query('create role stranger login')
    const url = server.url.replace('test@', 'stranger@')
    const other = new Pool({ connectionString: url })
    onTestFinished(() => other.end())
    await expect(postgresStore(other)).rejects.toMatchObject(code('E_STORE'))
  })

  test('no schema, and one of another version', async () => {
    const { pool } = await open()
    await pool.query('create database empty')
    const empty = new Pool({ connectionString: server.url.replace('/postgres', '/empty') })
    onTestFinished(() => empty.end())
    await expect(postgresStore(empty)).rejects.toMatchObject(code('E_STORE_SCHEMA'))
    const opened = await Promise.all(Array.from({ length: 6 }, () => postgresStore(empty, { migrate: true })))
    expect(opened).toHaveLength(6)
    await empty.query('update sallyport_meta set value = value + 1')
    await expect(postgresStore(empty, { migrate: true })).rejects.toMatchObject(code('E_STORE_SCHEMA'))
  })

  test('what watches is told when it hears no more', async () => {
    const { tenant, pool } = await open()
    const lost = new Promise((resolve) => void tenant.watch!(() => {}, resolve))
    await expect.poll(async () => listening(pool)).toBe(1)
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'`)
    expect(await lost).toBeInstanceOf(Error)
    const heard = new Promise<number>(
      (resolve) => void tenant.watch!(resolve).then(() => tenant.write([delegation('d')])),
    )
    expect(await heard).toBe(2)
  })

  test('what begins to watch while the last other ends hears', async () => {
    const { tenant } = await open()
    const end = await tenant.watch!(() => {})
    const heard = new Promise<number>((resolve) => {
      void tenant.watch!(resolve).then(() => tenant.write([delegation('d')]))
    })
    end()
    expect(await heard).toBe(2)
  })

  test.each([true, false])('a LISTEN that nobody answers; pipeline %s', async (pipeline) => {
    const proxy = await SlowProxy.start(Number(new URL(server.url).port))
    onTestFinished(() => proxy.close())
    const url = server.url.replace(/:\d+\//, `:${proxy.port}/`)
    const { tenant } = await open({ url, timeout: 200, pipeline })
    proxy.swallow('listen ')
    await expect(tenant.watch!(() => {})).rejects.toMatchObject(code('E_STORE_TIMEOUT'))
    proxy.swallow(undefined)
    const heard = new Promise<number>(
      (resolve) => void tenant.watch!(resolve).then(() => tenant.write([delegation('d')])),
    )
    expect(await heard).toBe(2)
  })

  async function openExisting() {
    const pool = new Pool({ connectionString: server.url })
    onTestFinished(() => pool.end())
    return { tenant: (await postgresStore(pool)).tenant('reader') }
  }

  async function listening(pool: Pool): Promise<number> {
    const { rows } = await pool.query(`select count(*)::int as count from pg_stat_activity where query like 'listen %'`)
    return rows[0].count
  }
})
