/** What every workload offers to the harness. A new one is a file beside this and a line in `workloads/index.ts`. */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'

/** How a workload is made: from a seed, case by case. */
export interface WorkloadFactory {
  /** What `--workload` takes, and the name of the results. */
  readonly name: string
  /** One line for the report. */
  readonly description: string
  /** What is measured of it; the rules asked for count where a workload has several sizes. */
  cases(options: CaseOptions): readonly Case[]
  /** @param requests how many requests; the workload's own number when left out */
  build(options: BuildOptions): Workload
}

export interface CaseOptions {
  /** The sizes that were asked for; undefined for the workload's own. */
  readonly rules: readonly number[] | undefined
  readonly quick: boolean
}

export interface BuildOptions {
  readonly case: Case
  readonly seed: number
  readonly requests?: number
}

/** One row of the results: a size, or a situation, of a workload. */
export interface Case {
  readonly name: string
  readonly rules: number
}

/**
 * What one call asks: about one request, about a list of them at once, or in bytes with an answer in bytes. `concurrent`: about several
 * that are under way at the same time, each answered by a promise.
 */
export type Question = 'request' | 'list' | 'bytes' | 'concurrent'

export interface Workload {
  readonly name: string
  readonly case: Case
  readonly seed: number
  readonly question: Question
  readonly document: PolicyDocument
  /** Relation tuples beside those of the document: `object#relation@subject`. */
  readonly tuples?: readonly string[]
  /** The same policies with conditions in operators, where `document` has them in CEL. */
  readonly operators?: PolicyDocument
  /** The whole policy as one CEL expression: allowed when it is true. For evaluators that know nothing else. */
  readonly expression?: string
  /** The time of all decisions, where policies ask for it: milliseconds since 1970. */
  readonly now?: number
  /** How many of the requests, one after another, make a list or are under way together; 1 for the other questions. */
  readonly perCall: number
  /** The requests as JSON text, one each. */
  readonly texts: readonly string[]
  /** The same, parsed: objects and strings that are the policies' own nowhere. */
  readonly requests: readonly AccessRequest[]
}

/**
 * Parses all requests anew, so that no string in them was ever hashed or compared before. Lists of `perCall` differ in their resources
 * alone: the rest is the same objects, as in `candidates.map((resource) => ({ subject, action, resource, context }))`.
 */
export function parseRequests(texts: readonly string[], perCall = 1): AccessRequest[] {
  const requests = texts.map((text) => JSON.parse(text) as AccessRequest)
  if (perCall === 1) return requests
  return requests.map(({ resource }, i) => ({ ...requests[i - (i % perCall)]!, resource }))
}

/** A case named for its number of rules. */
export function sizeCase(rules: number): Case {
  return { name: `${rules.toLocaleString('en')} ${rules === 1 ? 'rule' : 'rules'}`, rules }
}
