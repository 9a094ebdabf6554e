/** What was taken back before its time: delegations, tokens, keys. Other processes hear of these before anything else. */
import { defineTable, integer, text } from './table.ts'

export const revocations = defineTable({
  name: 'revocations',
  columns: {
    kind: text,
    id: text,
    at: integer,
    /** When what was revoked would have ended by itself, after which the row may be deleted. */
    expires_at: integer,
    document: text,
  },
  key: ['kind', 'id'],
  indexes: { by_time: ['at'], by_expiry: ['expires_at'] },
  journal: 'first',
})
