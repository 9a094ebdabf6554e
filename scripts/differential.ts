/** A longer comparison of the built engine with the reference evaluator: see --help. */
import { spawnSync } from 'node:child_process'
import { readCommandLine, wholeNumber } from './command-line.ts'

const HELP = `Compares the engine with the plain evaluator in test/reference on random policies and requests.

  npm run test:differential -- [--runs N] [--seed S] [--mix]

  --runs N   pairs of a policy document and a request to compare, at least; 200000 when left out
  --seed S   where the random numbers start; taken from the clock when left out, and printed
  --mix      print what the documents and requests were made of
  --help     print this

It runs the engine from dist/, so build first. Exit code: 0 when all agreed, 1 when not, with the smallest case found;
2 when the call is wrong or the engine is not built.`

async function main(): Promise<number> {
  const { values } = readCommandLine(HELP, {
    runs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    mix: { type: 'boolean', default: false },
  })
  const runs = wholeNumber(HELP, '--runs', values.runs, 1)
  const seed = wholeNumber(HELP, '--seed', values.seed, 0)
  // The generators read policies with src/, whose enums Node does not strip but must transform.
  if (process.features.typescript !== 'transform') {
    const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning']
    return spawnSync(process.execPath, [...flags, ...process.argv.slice(1)], { stdio: 'inherit' }).status ?? 1
  }
  const createEngine = await loadEngine()
  if (createEngine === undefined) {
    console.error('dist/src/engine/index.js is not there; run npm run build first')
    return 2
  }

  const { differential } = await import('../test/property/differential.ts')
  const { Mix } = await import('../test/property/mix.ts')
  const mix = new Mix()
  const progress = new Progress(runs)
  console.log(`seed ${seed}, ${runs} pairs`)
  const outcome = await differential({
    createEngine,
    runs,
    seed,
    onProgress: (pairs) => progress.show(pairs),
    ...(values.mix ? { onDocument: (document, requests) => mix.add(document, requests) } : {}),
  })
  progress.end()
  if (values.mix) console.log(String(mix))
  if (outcome.failure !== undefined) {
    console.error(`after ${outcome.pairs} pairs over ${outcome.documents} documents: ${outcome.failure}`)
    return 1
  }
  console.log(`${outcome.pairs} pairs over ${outcome.documents} documents agreed (seed ${seed})`)
  return 0
}

async function loadEngine() {
  const url = new URL('../dist/src/engine/index.js', import.meta.url).href
  try {
    const engine: typeof import('../src/engine/index.ts') = await import(url)
    return engine.createEngine
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** One line that is written over on a terminal, and every ten seconds elsewhere. */
class Progress {
  readonly #runs: number
  readonly #start = performance.now()
  readonly #terminal = process.stderr.isTTY === true
  #shown = performance.now()

  constructor(runs: number) {
    this.#runs = runs
  }

  show(pairs: number): void {
    const now = performance.now()
    if (now - this.#shown < (this.#terminal ? 500 : 10_000)) return
    this.#shown = now
    const rate = (1000 * pairs) / (now - this.#start)
    const left = Math.max(0, (this.#runs - pairs) / rate)
    const line = `${pairs} of ${this.#runs} pairs, ${Math.round(rate)} a second, ${Math.ceil(left)} s left`
    process.stderr.write(this.#terminal ? `\r\x1b[K${line}` : `${line}\n`)
  }

  end(): void {
    if (this.#terminal) process.stderr.write('\r\x1b[K')
  }
}

process.exitCode = await main()
