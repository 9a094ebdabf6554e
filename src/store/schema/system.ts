/** Tables that the stores keep for themselves; no statement of the port can name them. */
import { defineTable, integer, text } from './table.ts'

/** One row a tenant: its key is the tenant alone. A write changes this row first, so that a tenant's writes come one after another. */
export const tenants = defineTable({
  name: 'tenants',
  columns: {
    revision: integer,
    /** Changes up to this revision were deleted. */
    trimmed: integer,
  },
  key: [],
})

/** One row a write that somebody may want to know of. */
export const changes = defineTable({
  name: 'changes',
  columns: {
    revision: integer,
    /** 1 when it touched a table whose journal is `first`. */
    first: integer,
    /** `ChangeEntry[]` as JSON. */
    entries: text,
  },
  key: ['revision'],
  indexes: { by_first: ['first', 'revision'] },
})
