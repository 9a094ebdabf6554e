/** Several processes on one counter, killed while they write. `scripts/store-faults.ts` does the same for longer. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { faultsIn, run } from './faults/load.ts'
import { findPostgres, startPostgres } from './postgres-server.ts'
import { describeIf } from './present.ts'

const load = { processes: 4, consumers: 16, limit: 600, kills: 6 }

test('SQLite: exactly as many as there are, and none is lost', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-contention-'))
  try {
    expect(faultsIn(await run({ ...load, url: join(folder, 'store.db') }), load.limit)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describeIf(findPostgres(), 'with a server', ({ programs }) => {
  test('PostgreSQL: exactly as many as there are, and none is lost', { timeout: 120_000 }, async () => {
    const server = await startPostgres(programs)
    try {
      expect(faultsIn(await run({ ...load, url: server.url }), load.limit)).toEqual([])
    } finally {
      server.remove()
    }
  })
})
