/**
 * One size of one workload, in a process of its own: what a large size leaves in the heap, in the caches of V8 and in
 * its type feedback does not reach the next. Started by `main.ts`; gets its job and gives its result by message.
 */
import { measure, type SizeResult } from './harness.ts'
import { findPeer } from './peers/index.ts'
import { findWorkload } from './workloads/index.ts'

export interface Job {
  readonly workload: string
  readonly rules: number
  readonly seed: number
  readonly engines: readonly string[]
  readonly rounds: number
  readonly roundMs: number
  readonly heapDecisions: number
}

export type Message = { readonly progress: string } | { readonly result: SizeResult } | { readonly error: string }

async function run(job: Job): Promise<SizeResult> {
  const factory = findWorkload(job.workload)
  if (factory === undefined) throw new Error(`there is no workload ${job.workload}`)
  const engines = job.engines.map((name) => {
    const peer = findPeer(name)
    if (peer === undefined) throw new Error(`there is no engine ${name}`)
    return peer
  })
  const progress = (message: string) => send({ progress: message })
  progress('building the workload')
  const workload = factory.build({ rules: job.rules, seed: job.seed })
  // The parent starts this process with --expose-gc.
  const collect = () => globalThis.gc?.()
  return measure(workload, engines, { ...job, progress, collect })
}

function send(message: Message): void {
  process.send?.(message)
}

process.once('message', (job: Job) => {
  run(job)
    .then((result) => send({ result }))
    .catch((error: unknown) => send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
    .finally(() => process.disconnect())
})
