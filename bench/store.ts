/**
 * Throughput of the stores.
 *
 *   node bench/store.ts [--seconds 3] [--out FILE]
 *
 * A grant is what a use of a budget takes: an idempotency row, a counter with a guard, and the tenant's revision, in one write. Files and
 * servers are on this machine's disk, and each commit waits for it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { memoryStore } from '../src/store/memory/index.ts'
import { pgliteStore } from '../src/store/pglite/index.ts'
import type { Store, TenantStore } from '../src/store/port.ts'
import { postgresStore } from '../src/store/postgres/index.ts'
import { sqliteStore } from '../src/store/sqlite/index.ts'
import { attempt, open } from '../test/store/faults/ledger.ts'
import { findPostgres, startPostgres } from '../test/store/postgres-server.ts'
import { describeMachine } from './machine.ts'
import { markdownTable } from './report/markdown.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '3' }, out: { type: 'string' } } })
const milliseconds = Number(values.seconds) * 1000
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

let uses = 0
const grant = async (tenant: TenantStore): Promise<void> => {
  if (!(await attempt(tenant, `${uses++}`, Number.MAX_SAFE_INTEGER))) throw new Error('the budget is used up')
}
const read = async (tenant: TenantStore): Promise<void> => {
  await tenant.get('counters', { name: 'budget', window: 0 })
}

/** How many times a second, with so many at once, spread over the tenants. */
async function rate(
  action: (tenant: TenantStore) => Promise<void>,
  tenants: readonly TenantStore[],
  atOnce: number,
): Promise<number> {
  const start = performance.now()
  let done = 0
  const loop = async (i: number): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      await action(tenants[i % tenants.length]!)
      done++
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, i) => loop(i)))
  return (done / (performance.now() - start)) * 1000
}

try {
  const rows: string[][] = []
  for (const [name, make] of stores) {
    const store = await make()
    const tenants = Array.from({ length: 16 }, (_, i) => store.tenant(`${name} ${i}`))
    for (const tenant of tenants) await open(tenant)
    const one = tenants.slice(0, 1)
    const figures = [
      await rate(read, one, 1),
      await rate(read, one, 64),
      await rate(grant, one, 1),
      await rate(grant, one, 64),
      await rate(grant, tenants, 64),
    ]
    rows.push([name, ...figures.map((figure) => Math.round(figure).toLocaleString('en'))])
    console.error(rows.at(-1)?.join('  '))
    await store.close()
  }
  const { cpu, cores, memoryGiB, node, date } = describeMachine()
  const header = [
    'a second',
    'reads, one at a time',
    'reads, 64 at once',
    'grants, one at a time',
    'grants, 64 at once',
    'grants, 64 at once over 16 tenants',
  ]
  const text = `${markdownTable(header, rows)}\n\n${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${date.slice(0, 10)}; ${values.seconds} s each.\n`
  if (values.out === undefined) console.log(text)
  else writeFileSync(values.out, text)
} finally {
  await Promise.all(pools.map((pool) => pool.end()))
  server?.remove()
  rmSync(folder, { recursive: true, force: true })
}
