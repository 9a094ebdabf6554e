/** Many processes on one counter, killed while they write: see --help. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faultsIn, run } from '../test/store/faults/load.ts'
import { findPostgres, startPostgres } from '../test/store/postgres-server.ts'
import { readCommandLine, wholeNumber } from './command-line.ts'

const HELP = `Many processes take from one counter, and are killed while they do: nothing acknowledged may be lost, nothing granted twice.

  node scripts/store-faults.ts [--limit N] [--processes N] [--consumers N] [--kills N] [DATABASE…]

  DATABASE        an SQLite file or a URL of PostgreSQL; an SQLite file and a PostgreSQL server made for it when left out
  --limit N       where the counter ends; 10000 when left out
  --processes N   4 when left out
  --consumers N   in each process; 16 when left out
  --kills N       how often one of the processes is killed; 0 when left out
  --help          print this

Example: node scripts/store-faults.ts --kills 200
Exit code: 0 when all is as it should be, 1 when not; 2 when the call is wrong.`

const { values, positionals } = readCommandLine(
  HELP,
  {
    limit: { type: 'string', default: '10000' },
    processes: { type: 'string', default: '4' },
    consumers: { type: 'string', default: '16' },
    kills: { type: 'string', default: '0' },
  },
  true,
)
const limit = wholeNumber(HELP, '--limit', values.limit, 1)
const load = {
  limit,
  processes: wholeNumber(HELP, '--processes', values.processes, 1),
  consumers: wholeNumber(HELP, '--consumers', values.consumers, 1),
  kills: wholeNumber(HELP, '--kills', values.kills, 0),
}
const folder = mkdtempSync(join(tmpdir(), 'sallyport-faults-'))
const found = findPostgres()
const own = positionals.length === 0
const server = own && !('missing' in found) ? await startPostgres(found.programs) : undefined
if (own && 'missing' in found) console.log(found.missing)
const urls = own ? [join(folder, 'store.db'), ...(server === undefined ? [] : [server.url])] : positionals
try {
  for (const url of urls) {
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
