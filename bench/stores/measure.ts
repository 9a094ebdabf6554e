/**
 * Throughput of the stores.
 *
 * A grant is what a use of a budget takes: an idempotency row, a counter with a guard, and the tenant's revision, in one write. Files and
 * servers are on this machine's disk, and each commit waits for it. D1 and Durable Objects are those of workerd on this machine, and IndexedDB is Chromium's.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { memoryStore } from '../../src/store/memory/index.ts'
import { pgliteStore } from '../../src/store/pglite/index.ts'
import type { Store } from '../../src/store/port.ts'
import { postgresStore } from '../../src/store/postgres/index.ts'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { findChromium, runPage } from '../../test/runtimes/chromium.mjs'
import { withWorker } from '../../test/runtimes/wrangler.mjs'
import { findPostgres, startPostgres } from '../../test/store/postgres-server.ts'
import { describeMachine } from '../machine.ts'
import { markdownTable } from '../report/markdown.ts'
import { rateOf } from './rate.ts'
import { columns, prepare, run, TENANTS, type Work } from './work.ts'

const inWorkerd = [
  ['D1, in local workerd', '/d1'],
  ['Durable Objects, in local workerd', '/objects'],
] as const

const show = (name: string, rates: readonly number[]): string[] => {
  const row = [name, ...rates.map((rate) => Math.round(rate).toLocaleString('en'))]
  console.error(row.join('  '))
  return row
}

/**
 * @param milliseconds of each measurement
 * @param only a part of the names of the stores to measure; empty for all
 * @returns a table in Markdown, and what it was measured on
 */
export async function measureStores(milliseconds: number, only: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const found = findPostgres()
  const server = 'missing' in found ? undefined : await startPostgres(found.programs)
  const pools: Pool[] = []

  function postgres(options: { readonly pipeline: boolean }): Promise<Store> {
    const pool = new Pool({ connectionString: server?.url, max: 20, ...options })
    pools.push(pool)
    return postgresStore(pool, { migrate: true })
  }

  const stores: readonly (readonly [name: string, open: () => Promise<Store>])[] = [
    ['memory', async () => memoryStore()],
    ['SQLite, in memory', () => sqliteStore(new DatabaseSync(':memory:'))],
    ['SQLite, a file', () => sqliteStore(new DatabaseSync(join(folder, 'store.db')))],
    ['PGlite, in memory', async () => pgliteStore(await PGlite.create())],
    ...(server === undefined
      ? []
      : ([
          ['PostgreSQL, a statement at a time', () => postgres({ pipeline: false })],
          ['PostgreSQL, in a pipeline', () => postgres({ pipeline: true })],
        ] as const)),
  ]

  /** Stores of other runtimes: the same rows, of what they measure themselves or are timed for from here. */
  async function elsewhere(): Promise<[string, number[]][]> {
    const measured: [string, number[]][] = []
    const state = join(folder, 'worker')
    const config = 'bench/stores/worker/wrangler.jsonc'
    const inWorker = async (url: string): Promise<void> => {
      for (const [name, path] of inWorkerd) {
        if (!name.includes(only)) continue
        const ask = async (body?: Work): Promise<void> => {
          const post = body && { method: 'POST', body: JSON.stringify(body) }
          const response = await fetch(url + path, post)
          if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`)
        }
        await ask()
        const rates: number[] = []
        for (const [, work] of columns) rates.push(await rateOf(ask, work, milliseconds))
        measured.push([name, rates])
      }
    }
    if ('workerd'.includes(only) || /^D/.test(only)) await withWorker(config, inWorker, '--persist-to', state)
    if ('missing' in findChromium() || !'IndexedDB, in Chromium'.includes(only)) return measured
    return runPage('bench/stores/page.ts', (rates) => [...measured, ['IndexedDB, in Chromium', rates as number[]]])
  }

  try {
    const rows: string[][] = []
    for (const [name, make] of stores.filter(([name]) => name.includes(only))) {
      const store = await make()
      for (let number = 0; number < TENANTS; number++) await prepare(store, number)
      const rates: number[] = []
      for (const [, work] of columns) rates.push(await rateOf((it) => run(store, it), work, milliseconds))
      rows.push(show(name, rates))
      await store.close()
    }
    for (const [name, rates] of await elsewhere()) rows.push(show(name, rates))
    const { cpu, cores, memoryGiB, node, date } = describeMachine()
    const header = ['a second', ...columns.map(([title]) => title)]
    return `${markdownTable(header, rows)}\n\n${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${date.slice(0, 10)}; ${milliseconds / 1000} s each.\n`
  } finally {
    await Promise.all(pools.map((pool) => pool.end()))
    server?.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}
