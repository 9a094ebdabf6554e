/** What one subject lent to another. Subjects are `type:id`. */
import { defineTable, integer, nullable, text } from './table.ts'

export const delegations = defineTable({
  name: 'delegations',
  columns: {
    id: text,
    grantor: text,
    grantee: text,
    /** The delegation this one is a part of; empty: none. */
    parent: text,
    /** The first of its line; its own id when it has no parent. */
    root: text,
    /** 0 when it has no parent. */
    depth: integer,
    state: text,
    /** What it covers, as JSON. */
    scope: text,
    /** Null: any number. */
    max_uses: nullable(integer),
    uses: integer,
    /** In the smallest unit; null: none is set. */
    budget: nullable(integer),
    spent: integer,
    /** Held back by open reservations. */
    reserved: integer,
    unit: nullable(text),
    /** Digits behind the decimal point in `budget`, `spent` and `reserved`. */
    scale: integer,
    /** When it lapses without renewal; the largest integer: it needs none. */
    lease_until: integer,
    /** The largest integer: never. */
    expires_at: integer,
    created_at: integer,
    /** Everything that no statement compares, as JSON. */
    document: text,
  },
  key: ['id'],
  indexes: {
    by_grantee: ['grantee', 'state'],
    by_grantor: ['grantor', 'state'],
    by_parent: ['parent'],
    by_expiry: ['state', 'expires_at'],
    by_lease: ['state', 'lease_until'],
  },
})
