/** What is timed beside the engines without deciding anything, to measure them by. */
import type { Case } from '../workloads/workload.ts'

export interface Baseline {
  readonly name: string
  readonly description: string
  takes(workload: string, size: Case): boolean
  /** Makes the inputs from the bodies of the requests, before any timing. */
  inputs(texts: readonly string[]): unknown[]
  run(input: unknown): unknown
}

export const jsonParse: Baseline = {
  name: 'json-parse',
  description: 'JSON.parse of the body, which is text already, and nothing else: no engine, a measure',
  takes: (name) => name === 'bytes',
  inputs: (texts) => [...texts],
  run: (text) => JSON.parse(text as string),
}
