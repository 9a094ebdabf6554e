/**
 * `npm run bench:profile -- WORKLOAD`: where the time of our decisions goes, by a profile of V8's sampler over the
 * built package. Shares of the samples, by the part of the engine that the function belongs to.
 */
import { Session } from 'node:inspector/promises'
import { parseArgs } from 'node:util'
import { enter } from '../harness/contender.ts'
import { sallyport } from '../peers/sallyport.ts'
import { markdownTable } from '../report/markdown.ts'
import { findWorkload, workloads } from '../workloads/index.ts'
import { useNamedCore } from './named-core.ts'

const help = `npm run bench:profile -- [WORKLOAD …] [--seconds N] [--rules N]

Profiles our decisions, a workload after another; all when none is named: ${workloads.map(({ name }) => name).join(', ')}`

/** The first part whose pattern is found in the URL and the name of a function; the core's are named by their files. */
const parts: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['core: finding rules', /assembly\/(match|keys|route|roles|hash|glob|entities|scopes|decision\/(match|findRules))/],
  ['core: relations', /assembly\/(relation|tuple)/],
  ['core: conditions', /assembly\/(condition|cel|text|regex|time|value|network|semver|trust|state|separation)/],
  // With the simplest conditions, which are inlined there.
  ['core: deciding', /assembly\/(decision|combine|index|steps|trace|scan)/],
  ['core: other', /wasm:/],
  [
    'reading the request',
    /engine\/(projection|reading|request|roles|chain|own-property|session|marks|derived|instant)/,
  ],
  ['writing the frame', /engine\/frame-writer/],
  ['the decision', /engine\/(decision|decider|image-reader|load)/],
  ['bytes and JSON', /authzen|decideParsed|internal\/encoding|json-bytes/],
  ['the guard, its store', /dist\/src\/(guard|store|text)\//],
  ['hashing, JSON, promises', /audit-chain|node:internal|process\/task_queues|internal\/crypto/],
  ['garbage collection', /\(garbage collector\)/],
  ['the loop itself', /harness\/|bench\//],
]

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '3' },
      rules: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(help)
  const names = positionals.length > 0 ? positionals : workloads.map(({ name }) => name)
  useNamedCore()
  const header = ['workload', ...parts.map(([part]) => part), 'other']
  const rows: string[][] = []
  for (const name of names) {
    const shares = await profile(
      name,
      Number(values.seconds) * 1000,
      values.rules === undefined ? undefined : Number(values.rules),
    )
    rows.push([name, ...header.slice(1).map((part) => `${(100 * (shares.get(part) ?? 0)).toFixed(0)} %`)])
  }
  console.log(markdownTable(header, rows))
}

/** Part → share of the samples. */
async function profile(name: string, forMs: number, rules: number | undefined): Promise<Map<string, number>> {
  const factory = findWorkload(name)
  const chosen = factory?.cases({ rules: rules === undefined ? undefined : [rules], quick: true }).at(-1)
  if (factory === undefined || chosen === undefined) throw new Error(`there is no workload ${name}\n\n${help}`)
  const contender = await enter(sallyport, factory.build({ case: chosen, seed: 1 }))
  const { loop, call, inputs } = contender
  const run = async (ms: number) => {
    const end = performance.now() + ms
    while (performance.now() < end) await loop.decideAll(call, inputs, 0, inputs.length)
  }
  await run(500)
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  await run(forMs)
  const { profile: recorded } = await session.post('Profiler.stop')
  session.disconnect()
  const samples = new Map<string, number>()
  let all = 0
  for (const { callFrame, hitCount = 0 } of recorded.nodes) {
    if (/\((program|idle|root)\)/.test(callFrame.functionName)) continue
    const place = `${callFrame.url} ${callFrame.functionName}`
    const part = parts.find(([, pattern]) => pattern.test(place))?.[0] ?? 'other'
    samples.set(part, (samples.get(part) ?? 0) + hitCount)
    all += hitCount
  }
  return new Map([...samples].map(([part, count]) => [part, count / all]))
}

await main()
