/** The guard in two processes on one store: approvals and limits are exact whatever happens at the same time. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { AccessRequest } from '../../src/engine/types.ts'
import { createGuard, type Guard, type GuardOptions } from '../../src/guard/index.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import type { Store } from '../../src/store/port.ts'
import { postgresStore } from '../../src/store/postgres/index.ts'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { findPostgres, type PostgresServer, startPostgres } from './postgres-server.ts'
import { describeIf } from './present.ts'

let tenants = 0

const policies: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'send', allow: ['send', 'spend', 'burst', 'count'] },
    { id: 'enough', deny: 'count', when: { 'state.usage.counted': { gte: 10 } } },
    { id: 'purge', review: 'purge', approval: { by: Array.from({ length: 16 }, (_, i) => `user:v${i}`), quorum: 8 } },
  ],
}

const options: Partial<GuardOptions> = {
  limits: [
    { name: 'sent', actions: 'send', per: 'tenant', over: { sliding: '1h' }, denyAbove: 10 },
    { name: 'spent', actions: 'spend', per: 'tenant', over: { fixed: '1d' }, denyAbove: 10 },
    { name: 'bursts', actions: 'burst', per: 'tenant', over: { bucket: 10, refill: '1h' } },
    { name: 'counted', actions: 'count', per: 'tenant', over: 'ever' },
  ],
  approvals: { sleep: (ms, signal) => setTimeout(ms, undefined, signal && { signal }) },
}

/** A guard for each store, of one tenant that nobody used before. */
async function guards(stores: readonly Store[]): Promise<readonly [Guard, Guard]> {
  const tenant = `guarded-${tenants++}`
  const now = Date.UTC(2026, 3, 15, 10)
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const made = stores.map(async (store) => {
    const engine = await createEngine({ policies: { ...policies, tenant } })
    return createGuard({ engine, store, clock: () => now, random, ...options })
  })
  const [one, other] = await Promise.all(made)
  return [one!, other!]
}

function ask(name: string): AccessRequest {
  return { subject: { type: 'user', id: 'eve' }, action: { name }, resource: { type: 'record', id: 'r1' } }
}

function checkGuard(name: string, open: () => Promise<readonly Store[]>): void {
  describe(name, () => {
    let stores: readonly Store[] = []
    beforeAll(async () => {
      stores = await open()
    })
    afterAll(() => Promise.all(stores.map((store) => store.close())))

    test.each(['send', 'spend', 'burst', 'count'])('of 40 at once, ten may: %s', async (action) => {
      const pair = await guards(stores)
      const all = await Promise.all(Array.from({ length: 40 }, (_, i) => pair[i % 2]!.authorize(ask(action))))
      expect(all.filter(({ decision }) => decision)).toHaveLength(10)
    })

    test('of 16 votes at once eight count; the approval is used once, and who waits hears of it', async () => {
      const pair = await guards(stores)
      const asked = await Promise.all(Array.from({ length: 8 }, (_, i) => pair[i % 2]!.authorize(ask('purge'))))
      const ids = new Set(asked.flatMap(({ approvals }) => approvals.map(({ id }) => id)))
      expect(ids.size).toBe(1)
      const [id = ''] = ids
      const waiting = pair[0].untilResolved(id, { pollEvery: 50 })
      const votes = await Promise.allSettled(
        Array.from({ length: 16 }, (_, i) => pair[i % 2]!.approvals.approve(id, { type: 'user', id: `v${i}` })),
      )
      expect(votes.filter(({ status }) => status === 'fulfilled')).toHaveLength(8)
      expect(await waiting).toMatchObject({ state: 'approved', approved: 8 })
      expect(await pair[1].approvals.votes(id)).toHaveLength(8)
      const used = await Promise.all(Array.from({ length: 12 }, (_, i) => pair[i % 2]!.authorize(ask('purge'))))
      expect(used.filter(({ decision }) => decision)).toHaveLength(1)
    })
  })
}

const folder = mkdtempSync(join(tmpdir(), 'sallyport-guard-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

checkGuard('SQLite in a file', async () => {
  const file = join(folder, 'store.db')
  return [await sqliteStore(new DatabaseSync(file)), await sqliteStore(new DatabaseSync(file))]
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
