/** The types of suite.mjs, which is plain JavaScript so that Node 20 can run it. */
import type { AccessRequest, Decision } from '../../src/engine/types.ts'

/** What cases.json holds. */
export interface Recording {
  /** Name → the texts that make one document. */
  readonly policies: Readonly<Record<string, readonly string[]>>
  /** Name → the image's id. */
  readonly images: Readonly<Record<string, string>>
  readonly cases: readonly RecordedCase[]
}

export interface RecordedCase {
  /** The name of the policies. */
  readonly policies: string
  readonly request: AccessRequest
  /** Milliseconds since the epoch. */
  readonly now?: number
  readonly expected: RecordedDecision
}

export type RecordedDecision = Omit<Decision, 'imageId'>

export interface Report {
  readonly passed: number
  readonly failures: readonly string[]
}

export function runSuite(sallyport: typeof import('../../src/index.ts'), recording: Recording): Promise<Report>
export function plain(decision: Decision): RecordedDecision
