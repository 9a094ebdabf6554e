/** Subjects and resources that are known, beside those that stand in policies. */
import { defineTable, integer, text } from './table.ts'

export const entities = defineTable({
  name: 'entities',
  columns: {
    /** `subject` or `resource`. */
    kind: text,
    type: text,
    id: text,
    /** Its roles and properties, as JSON. */
    document: text,
    /** `type:id` of whoever wrote it. */
    by: text,
    at: integer,
  },
  key: ['kind', 'type', 'id'],
})
