import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresStore } from '../../src/store/postgres/index.ts'
import { checkContract } from './check.ts'
import { findPostgres, type PostgresServer, startPostgres } from './postgres-server.ts'
import { describeIf } from './present.ts'

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
})
