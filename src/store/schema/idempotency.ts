/** Calls that are done once however often they are made: what was asked under a caller's key, and what came of it. */
import { defineTable, integer, text } from './table.ts'

export const idempotency = defineTable({
  name: 'idempotency',
  columns: {
    /** What kind of call it is. */
    kind: text,
    /** The caller's key, or a digest of the call. */
    id: text,
    /** Of what was asked: the same key with something else is a mistake of the caller. */
    digest: text,
    /** What came of it, as JSON. */
    document: text,
    at: integer,
    /** After which the row may be deleted; the largest integer: never. */
    expires_at: integer,
  },
  key: ['kind', 'id'],
  indexes: { by_expiry: ['expires_at'] },
  journal: 'none',
})
