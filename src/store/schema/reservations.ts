/** Amounts held back for work whose cost is known later. */
import { defineTable, integer, text } from './table.ts'

export const reservations = defineTable({
  name: 'reservations',
  columns: {
    id: text,
    delegation: text,
    state: text,
    uses: integer,
    amount: integer,
    expires_at: integer,
    created_at: integer,
    document: text,
  },
  key: ['id'],
  indexes: { by_delegation: ['delegation', 'state'], by_expiry: ['state', 'expires_at'] },
  journal: 'none',
})
