/**
 * One case of one workload, in a process of its own: what a large size leaves in the heap, in the caches of V8 and in
 * its type feedback does not reach the next. Started by `run-case.ts`; gets its job and gives its result by message.
 */
import { findPeer } from '../peers/index.ts'
import { findWorkload } from '../workloads/index.ts'
import type { Case } from '../workloads/workload.ts'
import { type CaseResult, measure } from './measure.ts'

export interface Job {
  readonly workload: string
  readonly case: Case
  readonly seed: number
  readonly peers: readonly string[]
  /** How many; the workload's own number when left out. */
  readonly requests?: number
  readonly rounds: number
  readonly roundMs: number
  readonly leadMs: number
  readonly budgetMs: number
  readonly heapDecisions: number
}

export type Message = { readonly progress: string } | { readonly result: CaseResult } | { readonly error: string }

async function run(job: Job): Promise<CaseResult> {
  const factory = findWorkload(job.workload)
  if (factory === undefined) throw new Error(`there is no workload ${job.workload}`)
  const progress = (message: string) => send({ progress: message })
  progress('building the workload')
  const workload = factory.build(job)
  const peers = job.peers.map((name) => {
    const peer = findPeer(name)
    if (peer === undefined) throw new Error(`there is no peer ${name}`)
    return peer
  })
  // The parent starts this process with --expose-gc.
  const collect = () => globalThis.gc?.()
  return measure(workload, peers, { ...job, progress, collect })
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
