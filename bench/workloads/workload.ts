/** What every workload offers to the harness. A new one is a file beside this and a line in `workloads/index.ts`. */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'

/** How a workload is made: from a seed, at a size. */
export interface WorkloadFactory {
  readonly name: string
  /** One line for the report. */
  readonly description: string
  build(options: WorkloadOptions): Workload
}

export interface WorkloadOptions {
  readonly rules: number
  readonly seed: number
  /** How many requests; the workload's own number when left out. */
  readonly requests?: number
}

export interface Workload {
  readonly name: string
  readonly seed: number
  readonly rules: number
  readonly document: PolicyDocument
  /** The requests as JSON text, one each. */
  readonly texts: readonly string[]
  /** The same, parsed: objects and strings that are the policies' own nowhere. */
  readonly requests: readonly AccessRequest[]
}

/** Parses all requests anew, so that no string in them was ever hashed or compared before. */
export function parseRequests(texts: readonly string[]): AccessRequest[] {
  return texts.map((text) => JSON.parse(text) as AccessRequest)
}
