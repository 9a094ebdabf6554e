/** What the harness needs of an engine that it measures. A new peer is a file beside this and a line in `index.ts`. */
import type { AccessRequest, Decision } from '../../src/engine/types.ts'
import type { Workload } from '../workloads/workload.ts'

export interface Peer {
  readonly name: string
  /** One line for the report. */
  readonly description: string
  /** Builds the engine for the workload's policies, in a process that has not used it before. */
  prepare(workload: Workload): Promise<PreparedPeer>
}

export interface PreparedPeer {
  readonly evaluate: Evaluate
  readonly preparation: Preparation
}

export type Evaluate = (request: AccessRequest) => Decision

/** What it took until the engine could decide. Every figure is of this process, most of them of its first time. */
export interface Preparation {
  /** From the policy document, an object, to an engine that can decide. */
  readonly totalMs: number
  /** The parts of it that the engine can tell apart, in order, and further figures of this kind. */
  readonly stages: Readonly<Record<string, number>>
  /** Of the first decision after that. */
  readonly firstDecisionUs: number
  /** Size of the compiled policies, when they have a form that can be stored. */
  readonly imageBytes?: number
}
