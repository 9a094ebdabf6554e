/** What a run writes: one file a workload. */
import type { CaseResult } from '../harness/measure.ts'
import type { Machine } from '../machine.ts'

export interface WorkloadResult {
  readonly workload: string
  readonly description: string
  readonly seed: number
  readonly command: string
  readonly rounds: number
  readonly roundMs: number
  /** A short run: a first look, not figures to quote. */
  readonly quick: boolean
  readonly machine: Machine
  readonly cases: readonly CaseResult[]
}

/** The engine whose figures the others are compared with. */
export const ours = 'sallyport'

/** The engines of the result, each once, ours first. */
export function engineNames({ cases }: WorkloadResult): string[] {
  return [...new Set(cases.flatMap(({ engines }) => Object.keys(engines)))]
}
