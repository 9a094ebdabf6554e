/** What was decided, for who wants it in the store. Rows are only added. */
import { defineTable, integer, text } from './table.ts'

export const decisionLog = defineTable({
  name: 'decision_log',
  columns: {
    id: text,
    /** `type:id`. */
    subject: text,
    status: text,
    at: integer,
    /** The event, as JSON. */
    document: text,
  },
  key: ['id'],
  indexes: { by_time: ['at'], by_subject: ['subject', 'at'] },
  journal: 'none',
})
