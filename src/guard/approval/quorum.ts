/** How many of those who may approve must do so. */
import type { QuorumModel } from '../../policy/approval-model.ts'

/** Whether the number depends on how many there are. */
export function needsCount({ kind }: QuorumModel): boolean {
  return kind !== 'count'
}

/**
 * The approvals that a quorum takes of so many approvers; 0 when there are none of whom `all` or a share could be taken.
 *
 * @example approvalsNeeded({ kind: 'share', percent: 60 }, 4) // 3: of 2.4, rounded up
 */
export function approvalsNeeded(quorum: QuorumModel, approvers: number): number {
  if (quorum.kind === 'count') return quorum.count
  if (quorum.kind === 'all') return approvers
  // In whole numbers: 0.07 * 100 is more than 7.
  return Math.ceil((approvers * quorum.percent) / 100)
}
