/** Requests that people decide. */
import { defineTable, integer, text } from './table.ts'

export const approvals = defineTable({
  name: 'approvals',
  columns: {
    id: text,
    /** Of the canonical request, with tenant and revision of the policies: what exactly is approved. */
    digest: text,
    requester: text,
    state: text,
    approved: integer,
    rejected: integer,
    /** How many approvals it takes. */
    needed: integer,
    uses: integer,
    max_uses: integer,
    expires_at: integer,
    created_at: integer,
    /** Everything that no statement compares, as JSON. */
    document: text,
  },
  key: ['id'],
  indexes: {
    by_digest: ['digest', 'created_at'],
    by_requester: ['requester', 'created_at'],
    by_state: ['state', 'created_at'],
    by_expiry: ['state', 'expires_at'],
  },
})
