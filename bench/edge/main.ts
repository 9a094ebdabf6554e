/** `npm run bench:edge`: what a decision takes inside the Worker of examples/edge, in workerd. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { withWorkerd } from '../harness/workerd.ts'
import { importBuilt } from '../peers/built.ts'

interface Task {
  readonly path: string
  readonly what: string
  /** How often in a short request and in a long one: what the rest of a request takes is in both. */
  readonly short: number
  readonly long: number
}

const tasks: readonly Task[] = [
  { path: 'evaluate', what: 'from a request to a decision', short: 10_000, long: 210_000 },
  { path: 'decide', what: 'from a URL and a subject to a decision', short: 1_000, long: 41_000 },
  { path: 'check', what: 'from a request with a token, verified (ES256), to a response', short: 20, long: 420 },
]
const pairs = 41

const HELP = `Measures what a decision takes inside the Worker of examples/edge, in workerd, from ${pairs} pairs of a short run and a long one.

  npm run bench:edge -- [--help]

  --help  print this

It prints the median and the 90th percentile of ${tasks.map(({ path, what }) => `\n  ${path.padEnd(9)} ${what}`).join('')}`

if (parseArgs({ options: { help: { type: 'boolean', default: false } } }).values.help) console.log(HELP)
else await measure()

async function measure(): Promise<void> {
  const text = await readFile('examples/edge/policies.yaml', 'utf8')
  const { createEngine } = await importBuilt()
  const { image } = await createEngine({ policies: { name: 'policies.yaml', text } })
  await mkdir('build/bench', { recursive: true })
  await writeFile('build/bench/edge.image', image.bytes)

  await withWorkerd('bench/edge/worker/wrangler.jsonc', 'build/bench', async (url, clock) => {
    for (const { path, what, short, long } of tasks) {
      const timeOf = async (times: number) => {
        const start = await clock()
        const allowed = await (await fetch(`${url}/${path}?times=${times}`)).json()
        if (allowed !== times) throw new Error(`${path}: ${allowed} of ${times} were allowed`)
        return (await clock()) - start
      }
      for (let i = 0; i < 5; i++) await timeOf(long)
      const means: number[] = []
      for (let i = 0; i < pairs; i++) means.push(((await timeOf(long)) - (await timeOf(short))) / (long - short))
      means.sort((a, b) => a - b)
      const [p50, p90] = [0.5, 0.9].map((share) => `${((means[Math.floor(share * pairs)] ?? 0) * 1000).toFixed(2)} µs`)
      console.log(`${path.padEnd(9)} p50 ${p50}, p90 ${p90}   ${what}; of ${pairs} means over ${long - short}`)
    }
  })
}
