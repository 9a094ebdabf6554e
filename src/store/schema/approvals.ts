/** Requests that people decide. */
import { defineTable, integer, text } from './table.ts'

export const approvals = defineTable({
  name: 'approvals',
  columns: {
    id: text,
    /** Of the canonical request, with tenant, rule and revision of the policies: what exactly is approved. */
    digest: text,
    /** `type:id`. */
    requester: text,
    state: text,
    /** Which of the stages, one after the other, is being decided; from 0. */
    stage: integer,
    /** Approvals in this stage. */
    approved: integer,
    /** How many this stage takes. */
    needed: integer,
    uses: integer,
    max_uses: integer,
    /** Pending: until when it waits. Approved: until when it may be used. Rejected: until when that stands. */
    expires_at: integer,
    /** When others may approve as well, and are told; the largest integer: never, or they were told. */
    escalates_at: integer,
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
    by_escalation: ['state', 'escalates_at'],
  },
})
