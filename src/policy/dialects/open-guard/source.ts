/** What open-guard is given, as its own objects have it in JSON; only what decides is named. */
import type { Entries, Entry, Position } from '../../node.ts'
import type { Report } from '../../report.ts'

/** The models of policies; each is an evaluator of open-guard. In this order they become sets. */
export const models = ['rbac', 'abac', 'tbac', 'rebac', 'trust'] as const
export type Model = (typeof models)[number]

/** A policy, read as far as all models have it in common. */
export interface SourcePolicy {
  readonly id: string
  readonly model: Model
  readonly effect: 'allow' | 'deny'
  readonly priority: number
  /** Exact names; undefined means any. */
  readonly actions: readonly string[] | undefined
  readonly subjectMatch: Entries
  readonly resourceMatch: Entries
  readonly conditions: Entries
  /** `requires_approval`, when it is set and means something: on an allow. */
  readonly approval: Entry | undefined
  readonly delegable: boolean
  readonly at: Position
  /** For mistakes in this policy. */
  readonly report: Report
}

export interface Source {
  readonly tenant: string | undefined
  readonly policies: readonly SourcePolicy[]
  readonly hierarchy: ReadonlyMap<string, readonly string[]>
  readonly hierarchyAt: Position | undefined
  readonly chain: OperationChain | undefined
  readonly types: Entry | undefined
  readonly tuples: Entry | undefined
}

/** Which models decide which actions: the first rule whose pattern matches, otherwise `otherwise`, otherwise all. */
export interface OperationChain {
  readonly rules: readonly { readonly pattern: string; readonly models: readonly Model[]; readonly at: Position }[]
  readonly otherwise: readonly Model[] | undefined
}
