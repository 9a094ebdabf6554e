/** Getting ready, and memory: each in processes in which nothing has run before. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from '../harness/statistics.ts'
import { formatCount } from '../report/format.ts'
import type { Figure } from './figure.ts'
import type { Measured } from './fresh-process.ts'
import { writeImage } from './images.ts'

const script = fileURLToPath(new URL('fresh-process.ts', import.meta.url))
const rules = 10_000

export interface StartupOptions {
  readonly quick: boolean
  readonly progress: (message: string) => void
}

export async function measureStartup({ quick, progress }: StartupOptions): Promise<Figure[]> {
  const times = quick ? 1 : 5
  const tupleCount = quick ? 20_000 : 1_000_000
  const decisions = quick ? 100_000 : 2_000_000
  const run = async (task: string, size: number, runs: number) => {
    progress(`${task}, ${formatCount(size)}`)
    return medians(await inFreshProcesses(task, size, runs))
  }
  const compile = await run('compile', rules, times)
  const readJson = quick ? undefined : await run('readJson', rules, times)
  const readYaml = quick ? undefined : await run('readYaml', rules, times)
  await Promise.all([writeImage(rules), writeImage(100)])
  const load = await run('load', rules, times)
  const small = await run('load', 100, times)
  const tuples = await run('tuples', tupleCount, 1)
  const growth = await run('growth', decisions, 1)
  const note = `median of ${times} processes`
  const many = `${formatCount(rules)} rules`
  return [
    {
      name: `compile, ${many}`,
      value: compile.check! + compile.compile!,
      unit: 'ms',
      note: `check and compile, ${note}`,
    },
    { name: 'of it: check the object', value: compile.check!, unit: 'ms', note },
    { name: 'of it: compile', value: compile.compile!, unit: 'ms', note },
    ...(readJson ? [{ name: `parse and check JSON, ${many}`, value: readJson.read!, unit: 'ms', note }] : []),
    ...(readYaml ? [{ name: `parse and check YAML, ${many}`, value: readYaml.read!, unit: 'ms', note }] : []),
    {
      name: `load, ${many}`,
      value: load.again!,
      unit: 'ms',
      note: `createEngine({ image }) in a warm process, each after a garbage collection, ${note}`,
    },
    {
      name: `first load, ${many}`,
      value: load.load!,
      unit: 'ms',
      note: `the first of a process, the core compiled, after a garbage collection; ${note}`,
    },
    {
      name: 'core, Node',
      value: small.core!,
      unit: 'ms',
      note: `compiling and instantiating the core, the package imported and its garbage collected; ${note}`,
    },
    {
      name: 'first decision, Node',
      value: small.first!,
      unit: 'ms',
      note: `from then on: createEngine({ image }) of 100 rules and its first decision; ${note}`,
    },
    { name: 'both, Node', value: small.core! + small.first!, unit: 'ms', note },
    { name: 'image a rule', value: load.image! / rules, unit: 'B', note: `image of ${many}` },
    {
      name: 'memory a rule',
      value: (load.memory! - small.memory!) / (rules - 100),
      unit: 'B',
      note: `linear memory, ${many} less 100 rules`,
    },
    {
      // Of few tuples it says less, and is not judged.
      name: quick ? `bytes a tuple, ${formatCount(tupleCount)} tuples` : 'bytes a tuple',
      value: (tuples.memory! + tuples.heap!) / tuples.size!,
      unit: 'B',
      note: `linear memory and heap, ${formatCount(tupleCount)} tuples`,
    },
    { name: 'of it: linear memory', value: tuples.memory! / tuples.size!, unit: 'B' },
    { name: `adding ${formatCount(tupleCount)} tuples`, value: tuples.added!, unit: 'ms' },
    {
      name: 'linear memory growth',
      value: growth.growth!,
      unit: 'B',
      note: `over ${formatCount(decisions)} decisions`,
    },
  ]
}

async function inFreshProcesses(task: string, size: number, runs: number): Promise<Measured[]> {
  const results: Measured[] = []
  for (let i = 0; i < runs; i++) {
    const args = ['--expose-gc', script, task, String(size)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    results.push(JSON.parse(stdout))
  }
  return results
}

function medians(results: readonly Measured[]): Measured {
  const names = Object.keys(results[0]!)
  return Object.fromEntries(names.map((name) => [name, median(results.map((result) => result[name]!))]))
}
