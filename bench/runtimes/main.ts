/** `npm run bench:runtimes`: the short benchmark in every runtime that is there. */
import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { describeMachine } from '../machine.ts'
import { importBuilt, importStages } from '../peers/built.ts'
import { createProgress } from '../progress.ts'
import { type RuntimesResult, renderRuntimes } from '../report/runtimes.ts'
import { writeJson, writePage } from '../report/write.ts'
import { rbacAbac } from '../workloads/rbac-abac.ts'
import { sizeCase } from '../workloads/workload.ts'
import { runtimes } from './runtimes.ts'

const help = `npm run bench:runtimes -- [NAME …] [options]

Decides the requests of rbac-abac, 1,000 rules, in Node, Deno, Bun, workerd and Chromium, one after another.

  --rounds N    runs of each runtime, in turns, of which the median counts (default 3)
  --out FOLDER  where runtimes.json goes (default bench/results)
  --help`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      out: { type: 'string', default: 'bench/results' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const unknown = positionals.find((name) => !runtimes.some((one) => one.name.toLowerCase() === name.toLowerCase()))
  if (values.help || unknown !== undefined || !/^[1-9]\d?$/.test(values.rounds)) {
    process.exitCode = values.help ? 0 : 2
    return console.log(unknown === undefined ? help : `there is no runtime ${unknown}\n\n${help}`)
  }
  const chosen = runtimes.filter(
    ({ name }) => positionals.length === 0 || positionals.some((one) => one.toLowerCase() === name.toLowerCase()),
  )
  const progress = createProgress(process.stderr)
  await writeData()
  const runs = new Map(
    chosen.map(({ name }) => [
      name,
      { version: '', figures: [] as RuntimesResult['runtimes'][number]['runs'][number][] },
    ]),
  )
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const runtime of chosen) {
      progress.show(`${runtime.name}, run ${round + 1} of ${values.rounds}`)
      const run = runs.get(runtime.name)!
      try {
        run.version ||= await runtime.version()
        run.figures.push(await runtime.run())
      } catch (error) {
        progress.done(`${runtime.name}: left out: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
      }
    }
  }
  const result: RuntimesResult = {
    machine: describeMachine(),
    runtimes: [...runs]
      .filter(([, { figures }]) => figures.length > 0)
      .map(([name, { version, figures }]) => ({ name, version, runs: figures })),
  }
  await writeJson(values.out, 'runtimes', result)
  await writePage(values.out)
  progress.done(`written: ${values.out}/runtimes.json`)
  console.log(renderRuntimes(result))
}

/** The image, the requests and how many of them are allowed, for all runtimes. */
async function writeData(): Promise<void> {
  const { document, requests } = rbacAbac.build({ case: sizeCase(1000), seed: 1, requests: 4096 })
  const { loadModel, compileModel } = await importStages()
  const image = compileModel(loadModel(document))
  const { createEngine } = await importBuilt()
  const engine = await createEngine({ image })
  const allowed = requests.filter((request) => engine.evaluate(request).decision).length
  const data = { image: Buffer.from(image).toString('base64'), requests, allowed }
  await mkdir('build/bench', { recursive: true })
  await writeFile('build/bench/runtimes.json', JSON.stringify(data))
}

await main()
