/** The policies of a tenant as administrators have changed them: a row a revision, and never changed. The largest is in force. */
import { defineTable, integer, text } from './table.ts'

export const policyRevisions = defineTable({
  name: 'policy_revisions',
  columns: {
    /** From 1. Whoever inserts the next one first has made it. */
    revision: integer,
    /** SHA-256 of the sources, in hex. */
    digest: text,
    /** `type:id`. */
    by: text,
    at: integer,
    /** How many rows of `policy_parts` hold the sources. */
    parts: integer,
    /** What it is besides, as JSON. */
    document: text,
  },
  key: ['revision'],
})

/** The sources of a revision, as JSON in as many pieces as it takes. Written with it. */
export const policyParts = defineTable({
  name: 'policy_parts',
  columns: {
    revision: integer,
    /** From 0. */
    part: integer,
    text,
  },
  key: ['revision', 'part'],
  journal: 'none',
})
