/** The ledger: each use that was granted, once for every delegation of its line. The key makes a repeated call harmless. */
import { defineTable, integer, text } from './table.ts'

export const delegationUses = defineTable({
  name: 'delegation_uses',
  columns: {
    delegation: text,
    /** An id of the use, or that of the reservation which it settles. */
    use: text,
    uses: integer,
    amount: integer,
    at: integer,
    /** The request and the answer it got, as JSON. */
    document: text,
  },
  key: ['delegation', 'use'],
  indexes: { by_time: ['delegation', 'at'] },
  journal: 'none',
})
