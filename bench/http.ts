/** The HTTP service against constants on Node, by itself: see --help. */
import { parseArgs } from 'node:util'
import { type HttpServers, loadNode } from './figures/http.ts'
import { medianOf, shareOf } from './figures/load.ts'
import { createProgress } from './progress.ts'

const HELP = `Measures the HTTP service against the same server with a constant in place of the decision, and against Node alone.

  node bench/http.ts [--rounds N] [--duration S] [--connections N] [--pipelining N]

  --rounds N       rounds of each, in turns; 16 when left out
  --duration S     seconds a round; 2 when left out
  --connections N  connections that are kept; 64 when left out
  --pipelining N   requests that a connection sends before it has its answers; 1 when left out
  --help           print this

service: as it listens, evaluations by the direct way. app: through its app alone, as when callers are identified.
constant: the service, with an engine that answers the same to everything. bare: node:http, which answers the same and reads nothing.
It runs the service from dist/, so build first. CPU is that of the servers' process, of which other programs take nothing.`

const { help, ...numbers } = parseArgs({
  options: {
    rounds: { type: 'string', default: '16' },
    duration: { type: 'string', default: '2' },
    connections: { type: 'string', default: '64' },
    pipelining: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
}).values

const wrong = !Object.values(numbers).every((text) => /^[1-9]\d*$/.test(text))
if (help || wrong) {
  console.log(HELP)
  process.exitCode = wrong ? 2 : 0
} else {
  const progress = createProgress(process.stderr)
  const measured = await loadNode({
    rounds: Number(numbers.rounds),
    duration: Number(numbers.duration),
    connections: Number(numbers.connections),
    pipelining: Number(numbers.pipelining),
    progress: (message) => progress.show(message),
  })
  progress.done('measured')
  const names: readonly (keyof HttpServers)[] = ['service', 'app', 'constant', 'bare']
  const rows = names.map((name) => {
    const rounds = measured[name]
    return {
      server: name,
      'requests/s': Math.round(medianOf(rounds, 'rate')),
      'of the constant': `${shareOf(rounds, measured.constant).toFixed(1)} %`,
      'of the bare one': `${shareOf(rounds, measured.bare).toFixed(1)} %`,
      'p50, ms': medianOf(rounds, 'p50'),
      'p99, ms': medianOf(rounds, 'p99'),
      'CPU of a request, µs': Number(medianOf(rounds, 'cpu').toFixed(1)),
    }
  })
  console.table(rows)
}
