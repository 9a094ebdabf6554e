/** All operations of the decision API. */
import type { Description, Operation } from '../operation/operation.ts'
import type { ApiContext } from './acting.ts'
import { approvalOperations } from './approvals.ts'
import { decideOperations } from './decide.ts'
import { delegationOperations } from './delegations.ts'
import { explainOperations } from './explain.ts'
import { listOperations } from './list.ts'
import { proofKeys, proofOperations } from './proofs.ts'
import { sessionOperations } from './sessions.ts'
import { taskOperations } from './tasks.ts'

export const decisionOperations: readonly Operation<ApiContext>[] = [
  ...decideOperations,
  ...explainOperations,
  ...listOperations,
  ...delegationOperations,
  ...proofOperations,
  ...approvalOperations,
  ...sessionOperations,
  ...taskOperations,
]

/** The same, with what everybody may read. */
export const decisionDescriptions: readonly Description[] = [...decisionOperations, proofKeys]
