/**
 * Many processes take from one counter, and are killed while they do: nothing acknowledged may be lost, nothing granted twice.
 *
 *   node scripts/store-faults.ts [--limit 10000] [--processes 4] [--consumers 16] [--kills 0] [DATABASE …]
 *
 * Without a database: an SQLite file and a PostgreSQL server, both made for it. Exit code 1 when something is wrong.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { faultsIn, run } from '../test/store/faults/load.ts'
import { findPostgres, startPostgres } from '../test/store/postgres-server.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '10000' },
    processes: { type: 'string', default: '4' },
    consumers: { type: 'string', default: '16' },
    kills: { type: 'string', default: '0' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'sallyport-faults-'))
const found = findPostgres()
const own = positionals.length === 0
const server = own && !('missing' in found) ? await startPostgres(found.programs) : undefined
if (own && 'missing' in found) console.log(found.missing)
const urls = own ? [join(folder, 'store.db'), ...(server === undefined ? [] : [server.url])] : positionals
const limit = Number(values.limit)
try {
  for (const url of urls) {
    const load = {
      limit,
      processes: Number(values.processes),
      consumers: Number(values.consumers),
      kills: Number(values.kills),
    }
    const result = await run({ url, ...load })
    const faults = faultsIn(result, limit)
    const rate = Math.round(result.acknowledged.length / result.seconds)
    const kind = url.startsWith('postgres') ? 'PostgreSQL' : 'SQLite'
    console.log(`${kind}: ${result.counted} granted in ${result.seconds.toFixed(1)} s (${rate}/s), ${load.kills} kills`)
    for (const fault of faults) console.log(`  ${fault}`)
    if (faults.length > 0) process.exitCode = 1
  }
} finally {
  server?.remove()
  rmSync(folder, { recursive: true, force: true })
}
