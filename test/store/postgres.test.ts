import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemTimer } from '../../src/service/timer.ts'
import { Freshness } from '../../src/store/freshness.ts'
import { postgresStore } from '../../src/store/postgres/index.ts'
import { checkContract } from './check.ts'
import { findPostgres, type PostgresServer, startPostgres } from './postgres-server.ts'
import { describeIf } from './present.ts'
import { revocation } from './rows.ts'

const found = findPostgres()

describeIf(found, 'PostgreSQL', ({ programs }) => {
  let server: PostgresServer
  const pools: Pool[] = []
  const pool = (options: { pipeline?: boolean } = {}): Pool => {
    const made = new Pool({ connectionString: server.url, ...options })
    pools.push(made)
    return made
  }

  beforeAll(async () => {
    server = await startPostgres(programs)
    await postgresStore(pool(), { migrate: true })
  }, 60_000)
  afterAll(async () => {
    await Promise.all(pools.map((it) => it.end()))
    server.remove()
  })

  checkContract('PostgreSQL, a statement at a time', () => postgresStore(pool()))
  checkContract('PostgreSQL, in a pipeline', () => postgresStore(pool({ pipeline: true })))

  test('what one process writes another hears of', async () => {
    const [one, other] = [await postgresStore(pool()), await postgresStore(pool())]
    const heard = new Promise<number>((resolve) => void other.tenant('fleet').watch!(resolve).then(() => write()))
    const write = () =>
      one
        .tenant('fleet')
        .write([{ insert: 'revocations', row: { kind: 'token', id: 't', at: 0, expires_at: 0, document: '{}' } }])
    expect(await heard).toBe(1)
    await Promise.all([one.close(), other.close()])
  })

  test('a revocation reaches other processes by push, and by polling when push is lost', async () => {
    const [one, other] = [await postgresStore(pool()), await postgresStore(pool())]
    const writer = one.tenant('push')
    const told: string[] = []
    const faults: unknown[] = []
    const freshness = new Freshness({
      store: other.tenant('push'),
      timer: systemTimer,
      bound: 60_000,
      // Long enough for push alone to explain what comes earlier.
      interval: 4000,
      forget: (what) => void told.push(...(what === 'everything' ? [what] : what.map(({ key }) => `${key[1]}`))),
      onFault: (fault) => void faults.push(fault),
    })
    const running = freshness.run()
    await expect.poll(() => told).toEqual(['everything'])
    const start = performance.now()
    await writer.write([revocation('a')])
    await expect.poll(() => told, { interval: 5 }).toContain('a')
    expect(performance.now() - start).toBeLessThan(3000)
    await pools[0]!.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'`)
    await expect.poll(() => faults).toHaveLength(1)
    await writer.write([revocation('b')])
    await expect.poll(() => told, { timeout: 20_000 }).toContain('b')
    freshness.check()
    freshness.stop()
    await running
    await Promise.all([one.close(), other.close()])
  })
})
