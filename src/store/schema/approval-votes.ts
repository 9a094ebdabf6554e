/** One row an approver and request: the key lets nobody vote twice. */
import { defineTable, integer, text } from './table.ts'

export const approvalVotes = defineTable({
  name: 'approval_votes',
  columns: { approval: text, approver: text, vote: text, stage: integer, reason: text, at: integer },
  key: ['approval', 'approver'],
  indexes: { by_approver: ['approver', 'at'] },
  journal: 'none',
})
