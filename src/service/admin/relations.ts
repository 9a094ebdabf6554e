/** Relation tuples beside those that stand in policies. */
import Type from 'typebox'
import { keyOf } from '../../pap/kept-tuples.ts'
import { namesInTuples } from '../../pap/own.ts'
import { operationsWith } from '../operation/operation.ts'
import { Time } from '../operation/shapes.ts'
import type { AdminContext } from './context.ts'
import { cursor, cursorAt, dated, limit, next, readCursor, SubjectText } from './schemas.ts'

const define = operationsWith<AdminContext>()
const tag = 'admin: relations'

const ConditionSchema = Type.Union([
  Type.String(),
  Type.Object(
    { name: Type.String(), context: Type.Optional(Type.Record(Type.String(), Type.Unknown())) },
    { additionalProperties: false },
  ),
])

const tuple = {
  object: Type.String({ description: 'type:id' }),
  relation: Type.String(),
  subject: Type.String({ description: 'type:id, type:* or type:id#relation' }),
  condition: Type.Optional(ConditionSchema),
}

const TupleSchema = Type.Union([
  Type.String({ description: 'document:1#viewer@user:ann' }),
  Type.Object(tuple, { additionalProperties: false }),
])

const KeptTupleSchema = Type.Object(
  { ...tuple, by: Type.String({ description: 'Who wrote it: type:id.' }), at: Time },
  { $id: 'KeptTuple' },
)

const listRelations = define({
  method: 'GET',
  path: '/admin/v1/relations',
  operationId: 'listRelations',
  tag,
  summary: 'Lists the tuples that are kept beside the policies.',
  permission: 'relations:read',
  query: Type.Object(
    {
      object: Type.Optional(SubjectText),
      subject: Type.Optional(SubjectText),
      relation: Type.Optional(Type.String({ maxLength: 254, pattern: '^[^\\u0000]*$' })),
      limit,
      cursor,
    },
    { additionalProperties: false },
  ),
  answers: {
    200: { description: 'A page.', body: Type.Object({ tuples: Type.Array(KeptTupleSchema), cursor: next }) },
  },
  answer: async ({ query: { cursor: from, limit: most = 100, ...query } }, { tenant }) => {
    const after = from === undefined ? undefined : readCursor(from, ['object', 'relation', 'subject'])
    const tuples = await tenant.tuples.list({ ...query, limit: most, ...(after && { after }) })
    const last = tuples.length === most ? tuples.at(-1) : undefined
    return { status: 200, body: { tuples: tuples.map(dated), ...(last && { cursor: cursorAt(keyOf(last)) }) } }
  },
})

const writeRelations = define({
  method: 'POST',
  path: '/admin/v1/relations',
  operationId: 'writeRelations',
  tag,
  summary: 'Adds and removes tuples, all or none; they count at once.',
  permission: 'relations:write',
  body: Type.Object(
    {
      add: Type.Optional(Type.Array(TupleSchema, { maxItems: 1000 })),
      remove: Type.Optional(Type.Array(TupleSchema, { maxItems: 1000 })),
    },
    { additionalProperties: false },
  ),
  answers: {
    200: {
      description: 'They are kept.',
      body: Type.Object({
        left_out: Type.Array(Type.String(), { description: 'Kept tuples that the policies do not allow.' }),
      }),
    },
  },
  answer: async ({ body: { add = [], remove = [] } }, { author, tenant, require }) => {
    const named = [...add, ...remove]
    // What a kept tuple says is lost when it is removed or written again.
    const self = namesInTuples(author, named) || namesInTuples(author, await tenant.tuples.among(named))
    require('relations:write', { type: 'relations', self })
    const { leftOut } = await tenant.writeTuples({ add, remove, by: author })
    return { status: 200, body: { left_out: leftOut } }
  },
})

export const relationOperations = [listRelations, writeRelations]
