/** Sessions that activate some of a subject's roles. */
import { defineTable, integer, text } from './table.ts'

export const sessions = defineTable({
  name: 'sessions',
  columns: {
    id: text,
    subject: text,
    state: text,
    /** The active roles, as JSON. */
    roles: text,
    expires_at: integer,
    created_at: integer,
    document: text,
  },
  key: ['id'],
  indexes: { by_subject: ['subject', 'state'], by_expiry: ['state', 'expires_at'] },
})
