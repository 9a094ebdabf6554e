/** What the harness needs of an engine that it measures. A new peer is a file beside this and a line in `index.ts`. */
import { isDeepStrictEqual } from 'node:util'
import type { AccessRequest, Decision } from '../../src/engine/types.ts'
import type { Case, Workload } from '../workloads/workload.ts'

export interface Peer {
  readonly name: string
  /** One line for the report: what it is, how it is used, what it answers. */
  readonly description: string
  /** Whether it can decide the workload of that name, at that size, in reasonable time. */
  takes(workload: string, size: Case): boolean
  /** Builds the engine for the workload's policies, in a process that has not used it before. */
  prepare(workload: Workload): Promise<PreparedPeer | ConcurrentPeer>
}

/** How one engine decides one request. `Input` is the request in the engine's own form, made before any timing. */
export interface PreparedPeer<Input = unknown, Output = unknown> {
  /** Methods, so that engines of different inputs fit into one list; each is only called with its own. */
  input(request: AccessRequest): Input
  decide(input: Input): Output
  /** 1 when the output allows, 0 otherwise. */
  allowed(output: Output): number
  /** What is compared with the others. */
  verdict(output: Output): Verdict
  /** The engine's own way of deciding a list, where it has one; otherwise each is decided by itself. */
  decideList?(inputs: readonly Input[]): readonly Output[]
  /** The engine's own way from bytes to bytes, where it has one; otherwise JSON.parse, decide, JSON.stringify. */
  decideBytes?(bytes: Uint8Array): Uint8Array
  /** The output as the body that goes over the wire. */
  body?(output: Output): unknown
  readonly preparation: Preparation
}

/** How an engine decides requests that are under way together: what answers by promises. */
export interface ConcurrentPeer<Input = unknown, Output = unknown>
  extends Pick<PreparedPeer<Input, Output>, 'input' | 'allowed' | 'verdict' | 'preparation'> {
  /** Begins all of them before the first is answered. */
  decideTogether(inputs: readonly Input[]): Promise<readonly Output[]>
}

/** What an engine says of a request: yes or no, or all that a decision of ours says. */
export interface Verdict {
  readonly decision: boolean
  readonly details?: Details
}

export interface Details extends Pick<Decision, 'status' | 'rules' | 'obligations' | 'advice'> {
  /** A guard has more of them than an engine. */
  readonly code: string
}

/** Whether two engines agree: in the decision, and in the details as far as both tell them. */
export function agree(a: Verdict, b: Verdict): boolean {
  if (a.decision !== b.decision) return false
  return a.details === undefined || b.details === undefined || isDeepStrictEqual(a.details, b.details)
}

/** What it took until the engine could decide. Every figure is of this process, most of them of its first time. */
export interface Preparation {
  /** From the policies to an engine that can decide. */
  readonly totalMs: number
  /** The parts of it that the engine can tell apart, in order, and further figures of this kind. */
  readonly stages?: Readonly<Record<string, number>>
  /** Of the first decision after that. */
  readonly firstDecisionUs: number
  /** Size of the compiled policies, when they have a form that can be stored. */
  readonly imageBytes?: number
}

/** The members that every engine has which answers with a boolean. */
export const booleanAnswers = {
  allowed: (output: boolean): number => (output ? 1 : 0),
  verdict: (output: boolean): Verdict => ({ decision: output }),
  body: (output: boolean): unknown => ({ decision: output }),
}

/** Times what gets an engine ready, and its first decision. */
export async function timePreparation<Engine>(
  make: () => Engine | Promise<Engine>,
  decideFirst: (engine: Engine) => unknown,
): Promise<{ engine: Engine; preparation: Preparation }> {
  const started = performance.now()
  const engine = await make()
  const made = performance.now()
  decideFirst(engine)
  const decided = performance.now()
  return { engine, preparation: { totalMs: made - started, firstDecisionUs: (decided - made) * 1000 } }
}
