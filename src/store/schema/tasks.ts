/** Tasks that narrow what an agent may do while it works on them. */
import { defineTable, integer, text } from './table.ts'

export const tasks = defineTable({
  name: 'tasks',
  columns: {
    id: text,
    /** Empty: none. */
    parent: text,
    owner: text,
    state: text,
    /** What it covers, as JSON. */
    scope: text,
    expires_at: integer,
    created_at: integer,
    document: text,
  },
  key: ['id'],
  indexes: { by_owner: ['owner', 'state'], by_parent: ['parent'], by_expiry: ['state', 'expires_at'] },
})
