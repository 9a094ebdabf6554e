/** Numbers that limits and thresholds compare: windows, buckets, usage. */
import { defineTable, integer, text } from './table.ts'

export const counters = defineTable({
  name: 'counters',
  columns: {
    /** What is counted, and for whom. */
    name: text,
    /** The start of the window; 0 when there is none. */
    window: integer,
    value: integer,
    /** When `value` was last written, where a bucket refills with time. */
    at: integer,
    /** After this nobody reads it, and it may be deleted. */
    expires_at: integer,
  },
  key: ['name', 'window'],
  indexes: { by_expiry: ['expires_at'] },
  journal: 'none',
})
