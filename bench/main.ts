/** `npm run bench`: runs the workloads, each size in its own process, prints a table and writes the results. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { SizeResult } from './harness.ts'
import { describeMachine } from './machine.ts'
import { help, OptionError, type Options, readOptions } from './options.ts'
import { createProgress, type Progress } from './progress.ts'
import { renderResult, type WorkloadResult, writeReport } from './report.ts'
import type { Job, Message } from './size.ts'
import { rbacAbacTargets } from './targets.ts'
import { findWorkload } from './workloads/index.ts'

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  if (options === undefined) return console.log(help)
  const progress = createProgress(process.stderr)
  const results: WorkloadResult[] = []
  for (const name of options.workloads) results.push(await runWorkload(name, options, args, progress))
  const written = await writeReport(options.out, results)
  progress.done(`written: ${written.join(', ')}`)
  console.log(options.json ? JSON.stringify(results, null, 2) : results.map(renderResult).join('\n\n'))
}

async function runWorkload(
  name: string,
  options: Options,
  args: readonly string[],
  progress: Progress,
): Promise<WorkloadResult> {
  const machine = describeMachine()
  const sizes: SizeResult[] = []
  for (const rules of options.rules) {
    const job: Job = { ...options, workload: name, rules }
    const label = `${name}, ${rules.toLocaleString('en')} ${rules === 1 ? 'rule' : 'rules'}`
    sizes.push(await runSize(job, (message) => progress.show(`${label}: ${message}`)))
  }
  return {
    workload: name,
    description: findWorkload(name)?.description ?? '',
    seed: options.seed,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    rounds: options.rounds,
    roundMs: options.roundMs,
    quick: options.quick,
    machine,
    sizes,
    targets: name === 'rbac-abac' ? rbacAbacTargets(sizes) : [],
  }
}

function runSize(job: Job, progress: (message: string) => void): Promise<SizeResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('size.ts', import.meta.url)), [], { execArgv: ['--expose-gc'] })
    child.on('message', (message: Message) => {
      if ('progress' in message) progress(message.progress)
      else if ('result' in message) resolve(message.result)
      else reject(new Error(message.error))
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => reject(new Error(`the measuring process ended early (${signal ?? code})`)))
    child.send(job)
  })
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof OptionError ? error.message : error)
  process.exitCode = error instanceof OptionError ? 2 : 1
})
