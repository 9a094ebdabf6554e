/**
 * Writes that are sent together: again by themselves where the database refused one of them, and never where nobody knows what became of them.
 */
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import { expect, test } from 'vitest'
import { type D1Statement, d1Store } from '../../src/store/d1/index.ts'
import type { TenantStore } from '../../src/store/port.ts'
import { postgresStore } from '../../src/store/postgres/index.ts'
import type { PostgresClient, PostgresPool } from '../../src/store/postgres/pool.ts'
import { counter } from './rows.ts'

const key = { name: 'a', window: 0 }
const take = (tenant: TenantStore, value = 1) => tenant.write([{ update: 'counters', key, add: { value } }])
/** What a write was answered, in a word. */
const answers = async (writes: readonly Promise<{ readonly applied: boolean }>[]) =>
  (await Promise.allSettled(writes)).map((it) => (it.status === 'fulfilled' ? it.value.applied : it.reason.code))

/** The error in place of the next answer to a transaction that was applied. */
interface Lost {
  next: unknown
}

async function d1(lost: Lost) {
  const database = new DatabaseSync(':memory:')
  const made = new Map<D1Statement, () => unknown[]>()
  const prepare = (sql: string, values: (string | number | null)[] = []): D1Statement => {
    const all = () => database.prepare(sql).all(...values)
    const statement: D1Statement = {
      bind: (...bound) => prepare(sql, bound as typeof values),
      all: async () => ({ results: all() }),
    }
    made.set(statement, all)
    return statement
  }
  const store = await d1Store(
    {
      prepare: (sql) => prepare(sql),
      async batch(statements) {
        database.exec('begin')
        try {
          const answer = statements.map((statement) => ({ results: made.get(statement)!() }))
          database.exec('commit')
          lose(lost)
          return answer
        } catch (error) {
          if (database.isTransaction) database.exec('rollback')
          throw new Error(`D1_ERROR: ${error instanceof Error ? error.message : error}`)
        }
      },
    },
    { migrate: true },
  )
  return { tenant: store.tenant('acme'), run: async (sql: string) => database.exec(sql) }
}

const pglite = PGlite.create()
let tenants = 0

/** The driver for a server, over PGlite; `word` is what the server says for ERROR. */
async function postgres(lost: Lost, word = 'ERROR') {
  const database = await pglite
  const client: PostgresClient = {
    async query({ text, values }) {
      const { rows } = await database.query<Record<string, unknown>>(text, values).catch((reason) => {
        throw Object.assign(reason, { severity: word })
      })
      if (text === 'commit') lose(lost)
      return { rows, command: '' }
    },
    release: () => {},
    on: () => {},
  }
  const pool: PostgresPool = { connect: async () => client, on: () => {} }
  const store = await postgresStore(pool, { migrate: true })
  return { tenant: store.tenant(`tenant-${tenants++}`), run: (sql: string) => database.exec(sql) }
}

function lose(lost: Lost): void {
  const error = lost.next
  lost.next = undefined
  if (error !== undefined) throw error
}

const error = (message: string, members = {}) => Object.assign(new Error(message), members)
const damaged = error('decryption failed or bad record mac', { code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' })

test.each([
  ['D1', d1, error('Internal error in D1 storage caused object to be reset.')],
  ['D1', d1, error('what nobody has heard of')],
  ['PostgreSQL', postgres, damaged],
  ['PostgreSQL', postgres, error('write EPROTO', { code: 'EPROTO' })],
  ['PostgreSQL', postgres, error('terminating connection', { code: '25P03', severity: 'FATAL' })],
  // As YugabyteDB fails at a commit.
  ['PostgreSQL', postgres, error('Timed out', { code: 'XX000', severity: 'ERROR' })],
])('%s: applied, and the answer was lost', async (_, open, reason) => {
  const lost: Lost = { next: undefined }
  const { tenant } = await open(lost)
  await tenant.write([counter('a')])
  lost.next = reason
  const takes = [take(tenant), take(tenant), take(tenant), take(tenant)]
  expect(await answers(takes)).toEqual(takes.map(() => 'E_STORE_UNAVAILABLE'))
  expect(await tenant.get('counters', key)).toMatchObject({ value: 4 })
  expect(await answers([take(tenant)])).toEqual([true])
})

test.each([
  [
    'D1',
    d1,
    `create trigger few before update on sallyport_counters when new.value > 99 begin select raise(abort, 'constraint failed'); end`,
  ],
  ['PostgreSQL', postgres, 'alter table sallyport_counters add check (value < 100)'],
  [
    'PostgreSQL in German',
    (lost: Lost) => postgres(lost, 'FEHLER'),
    'alter table sallyport_counters add check (value < 100)',
  ],
])('%s: a statement that is refused spoils no other write', async (_, open, refusing) => {
  const { tenant, run } = await open({ next: undefined })
  await run(refusing)
  await tenant.write([counter('a')])
  const takes = [take(tenant), take(tenant), take(tenant, 100), take(tenant)]
  expect(await answers(takes)).toEqual([true, true, 'E_STORE', true])
  expect(await tenant.get('counters', key)).toMatchObject({ value: 3 })
})

test('PostgreSQL in German: a guard that does not hold leaves the connection in order', async () => {
  const { tenant } = await postgres({ next: undefined }, 'FEHLER')
  await tenant.write([counter('a')])
  expect(await answers([tenant.write([counter('a')])])).toEqual([false])
  expect(await answers([take(tenant)])).toEqual([true])
})
