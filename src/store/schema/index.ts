/** All tables by name, and their types. A new table is a file beside this one and a line here. */
import { approvalVotes } from './approval-votes.ts'
import { approvals } from './approvals.ts'
import { counters } from './counters.ts'
import { decisionLog } from './decision-log.ts'
import { delegationUses } from './delegation-uses.ts'
import { delegations } from './delegations.ts'
import { entities } from './entities.ts'
import { idempotency } from './idempotency.ts'
import { policyParts, policyRevisions } from './policy-revisions.ts'
import { relationTuples } from './relation-tuples.ts'
import { reservations } from './reservations.ts'
import { revocations } from './revocations.ts'
import { sessions } from './sessions.ts'
import type { RowOf, Table } from './table.ts'
import { tasks } from './tasks.ts'

export const tables = {
  delegations,
  delegation_uses: delegationUses,
  reservations,
  idempotency,
  approvals,
  approval_votes: approvalVotes,
  sessions,
  tasks,
  counters,
  decision_log: decisionLog,
  revocations,
  policy_revisions: policyRevisions,
  policy_parts: policyParts,
  relation_tuples: relationTuples,
  entities,
} as const

export type TableName = keyof typeof tables

type Of<N extends TableName> = (typeof tables)[N]

export type Row<N extends TableName> = RowOf<Of<N>>
export type ColumnName<N extends TableName> = keyof Of<N>['columns'] & string
export type KeyColumn<N extends TableName> = Of<N>['key'][number]
export type Key<N extends TableName> = Pick<Row<N>, KeyColumn<N> & keyof Row<N>>
export type IndexName<N extends TableName> = keyof Of<N>['indexes'] & string
/** Columns that an update may change. */
export type PlainColumn<N extends TableName> = Exclude<ColumnName<N>, KeyColumn<N>>
/** Columns that hold integers. */
export type IntegerColumn<N extends TableName> = {
  [C in ColumnName<N>]: Row<N>[C & keyof Row<N>] extends number | null ? C : never
}[ColumnName<N>]

/** The tables in the order in which they are created, without their types. */
export const allTables: readonly Table[] = Object.values(tables)
