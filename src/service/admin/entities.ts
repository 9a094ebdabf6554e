/** Subjects and resources that are known beside those that stand in policies. */
import Type from 'typebox'
import type { EntityInput } from '../../pap/kept-entities.ts'
import { namesInEntities } from '../../pap/own.ts'
import { formatDiagnostic, PolicyError } from '../../policy/diagnostic.ts'
import type { EntityKind } from '../../store/entities/source.ts'
import { operationsWith } from '../operation/operation.ts'
import { Time } from '../operation/shapes.ts'
import { ProblemError } from '../problem.ts'
import type { AdminContext } from './context.ts'
import { cursor, cursorAt, dated, limit, nameText, next, readCursor } from './schemas.ts'

const define = operationsWith<AdminContext>()
const tag = 'admin: entities'

const kind = Type.Enum(['subject', 'resource'])
const key = { kind, type: nameText, id: nameText }
const entity = {
  ...key,
  roles: Type.Optional(Type.Array(Type.Unknown(), { description: 'As `roles` of an entity in policies.' })),
  properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
}

const EntitySchema = Type.Object(
  { ...entity, by: Type.String({ description: 'Who wrote it: type:id.' }), at: Time },
  { $id: 'KeptEntity' },
)

const listEntities = define({
  method: 'GET',
  path: '/admin/v1/entities',
  operationId: 'listEntities',
  tag,
  summary: 'Lists the entities that are kept beside the policies.',
  permission: 'entities:read',
  query: Type.Object(
    { kind: Type.Optional(kind), type: Type.Optional(nameText), limit, cursor },
    { additionalProperties: false },
  ),
  answers: {
    200: { description: 'A page.', body: Type.Object({ entities: Type.Array(EntitySchema), cursor: next }) },
  },
  answer: async ({ query: { cursor: from, limit: most = 100, ...query } }, { tenant }) => {
    const after = from === undefined ? undefined : readCursor(from, ['kind', 'type', 'id'])
    const entities = await tenant.entities.list({
      ...(query as { kind?: EntityKind; type?: string }),
      limit: most,
      ...(after && { after }),
    })
    const last = entities.length === most ? entities.at(-1) : undefined
    const at = last && { cursor: cursorAt({ kind: last.kind, type: last.type, id: last.id }) }
    return { status: 200, body: { entities: entities.map(dated), ...at } }
  },
})

const writeEntities = define({
  method: 'POST',
  path: '/admin/v1/entities',
  operationId: 'writeEntities',
  tag,
  summary: 'Puts and removes entities, all or none; then policies and entities are compiled again.',
  permission: 'entities:write',
  body: Type.Object(
    {
      put: Type.Optional(Type.Array(Type.Object(entity, { additionalProperties: false }), { maxItems: 1000 })),
      remove: Type.Optional(Type.Array(Type.Object(key, { additionalProperties: false }), { maxItems: 1000 })),
    },
    { additionalProperties: false },
  ),
  answers: { 204: { description: 'They are kept, and in force.' } },
  answer: async ({ body }, { author, tenant, require }) => {
    // What of it is no entity is said by the parser of policies, which knows roles and values.
    const put = (body.put ?? []) as readonly EntityInput[]
    const remove = (body.remove ?? []) as readonly EntityInput[]
    require('entities:write', { type: 'entities', self: namesInEntities(author, { put, remove }) })
    try {
      await tenant.writeEntities({ put, remove, by: author })
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
      const [first] = error.diagnostics
      throw new ProblemError(400, 'E_POLICY', first === undefined ? 'mistakes' : formatDiagnostic(first))
    }
    return { status: 204 }
  },
})

export const entityOperations = [listEntities, writeEntities]
