/** The tenants that administrators have made. They lie with a tenant of their own, which no name can be (`src/pap/directory.ts`). */
import { defineTable, integer, text } from './table.ts'

export const tenantNames = defineTable({
  name: 'tenant_names',
  columns: {
    name: text,
    /** `type:id` of whoever made it. */
    by: text,
    at: integer,
  },
  key: ['name'],
})
