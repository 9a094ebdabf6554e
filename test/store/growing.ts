/** A schema in two versions, to see how a database gets from one to the next. */
import { defineTable, integer, nullable, text } from '../../src/store/schema/table.ts'
import { schemaOf } from '../../src/store/schema/versions.ts'

const columns = { id: text, state: text }

export const older = schemaOf([
  defineTable({ name: 'things', columns, key: ['id'], indexes: { by_state: { columns: ['state'] } } }),
])

export const newer = schemaOf([
  defineTable({
    name: 'things',
    columns: {
      ...columns,
      size: { ...integer, since: 2, initial: 7 },
      word: { ...text, since: 2, initial: "it's" },
      note: { ...nullable(text), since: 2 },
    },
    key: ['id'],
    indexes: { by_state: { columns: ['state'] }, by_size: { columns: ['size'], since: 2 } },
  }),
  defineTable({ name: 'others', columns: { id: text }, key: ['id'], since: 2 }),
])
