/** `npm run bench`: runs the workloads, each case in its own process, prints tables and writes the results. */
import { measureFigures } from './figures/index.ts'
import type { CaseResult } from './harness/measure.ts'
import { runCase } from './harness/run-case.ts'
import { describeMachine } from './machine.ts'
import { help, OptionError, type Options, readOptions } from './options.ts'
import { findPeer } from './peers/index.ts'
import { createProgress, type Progress } from './progress.ts'
import { isTimed } from './python/result.ts'
import { runPython } from './python/run.ts'
import type { WorkloadResult } from './report/result.ts'
import { writeJson, writePage, writeWorkload } from './report/write.ts'
import { findWorkload } from './workloads/index.ts'
import { relations } from './workloads/relations.ts'
import { hasTimes } from './zanzibar/result.ts'
import { runZanzibar } from './zanzibar/run.ts'

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  if (options === undefined) return console.log(help)
  const progress = createProgress(process.stderr)
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  const results: WorkloadResult[] = []
  for (const name of options.workloads) {
    const result = await runWorkload(name, options, command, progress)
    if (result === undefined) continue
    results.push(result)
    // As soon as there is something to keep: a full run takes long.
    await writeWorkload(options.out, result)
  }
  if (options.figures) {
    const show = (message: string) => progress.show(`sizes, times, throughput: ${message}`)
    const figures = await measureFigures({ quick: options.quick, progress: show })
    await writeJson(options.out, 'figures', { command, machine: describeMachine(), figures })
  }
  if (options.zanzibar) {
    const show = (message: string) => progress.show(`Zanzibar engines, ${message}`)
    const limits = { budgetMs: 5 * options.budgetMs, limitMs: 120 * options.budgetMs }
    const { seed } = options
    const engines = await runZanzibar(relations.cases(options), { seed, ...limits, progress: show })
    const [first] = engines
    // A run that measured nothing, such as one without Go, leaves what an earlier one found out.
    if (engines.some(hasTimes))
      await writeJson(options.out, 'zanzibar', { command, machine: describeMachine(), seed, engines })
    else progress.done(`Zanzibar engines left out: ${first?.leftOut ?? 'none'}`)
  }
  if (options.python !== undefined) {
    const { seed, quick, python } = options
    const show = (message: string) => progress.show(`engines in Python, ${message}`)
    const engines = await runPython({ seed, quick, python, budgetMs: options.budgetMs, progress: show })
    const [first] = engines
    // As above.
    if (engines.some(isTimed))
      await writeJson(options.out, 'python', { command, machine: describeMachine(), seed, engines })
    else progress.done(`engines in Python left out: ${first?.leftOut ?? 'none'}`)
  }
  const page = await writePage(options.out)
  progress.done(`written: ${options.out}`)
  console.log(options.json ? JSON.stringify(results, null, 2) : page)
}

/** Undefined when none of the peers takes the workload. */
async function runWorkload(
  name: string,
  options: Options,
  command: string,
  progress: Progress,
): Promise<WorkloadResult | undefined> {
  const factory = findWorkload(name)
  if (factory === undefined) throw new OptionError(`there is no workload "${name}"`)
  const cases: CaseResult[] = []
  for (const one of factory.cases(options)) {
    const peers = options.peers.filter((peer) => findPeer(peer)?.takes(name, one))
    if (peers.length === 0) continue
    const job = { ...options, workload: name, case: one, peers }
    cases.push(await runCase(job, (message) => progress.show(`${name}, ${one.name}: ${message}`)))
  }
  if (cases.length === 0) return undefined
  const { seed, rounds, roundMs, quick } = options
  const { description } = factory
  return {
    workload: name,
    description,
    seed,
    command,
    rounds,
    roundMs,
    quick,
    machine: describeMachine(),
    cases,
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof OptionError ? error.message : error)
  process.exitCode = error instanceof OptionError ? 2 : 1
})
