/** Relation tuples, beside those that stand in policies. */
import { defineTable, integer, text } from './table.ts'

export const relationTuples = defineTable({
  name: 'relation_tuples',
  columns: {
    /** `type:id`. */
    object: text,
    relation: text,
    /** `type:id`, `type:*` or `type:id#relation`. */
    subject: text,
    /** The name of a condition with its context, as JSON; empty: none. */
    condition: text,
    /** `type:id` of whoever wrote it. */
    by: text,
    at: integer,
  },
  key: ['object', 'relation', 'subject'],
  indexes: { by_subject: ['subject'] },
})
