/** Throughput of the stores: see --help. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const HELP = `Measures reads and grants a second in every store that this machine has.

  node bench/store.ts [--seconds N] [--only NAME] [--out FILE]

  --seconds N  of each measurement; 3 when left out
  --only NAME  the stores whose name has this in it, such as SQLite, PostgreSQL, D1; all when left out
  --out FILE   where the table goes; it is printed when left out
  --help       print this`

const { seconds, only, out, help } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
}).values

const wrong = !/^\d+(?:\.\d+)?$/.test(seconds) || Number(seconds) === 0
if (help || wrong) {
  console.log(HELP)
  process.exitCode = wrong ? 2 : 0
} else {
  // Not before: its imports are of every store.
  const { measureStores } = await import('./stores/measure.ts')
  const text = await measureStores(Number(seconds) * 1000, only)
  if (out === undefined) console.log(text)
  else writeFileSync(out, text)
}
