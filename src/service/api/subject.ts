/** Subjects, actions and resources as requests state them. */
import Type, { type Static } from 'typebox'
import type { SubjectRef } from '../../guard/subject-key.ts'
import { AnyObject, Id, named, strict } from '../operation/shapes.ts'

const properties = Type.Optional(AnyObject)

export const ActorSchema = strict({ type: Id, id: Id, properties }, { $id: 'Actor' })

/** `$ref` names the type itself: chains are as deep as policies permit. */
const DelegatorSchema = Type.Cyclic(
  {
    Delegator: strict(
      { type: Id, id: Id, properties, on_behalf_of: Type.Optional(Type.Ref('Delegator')) },
      { $id: 'Delegator' },
    ),
  },
  'Delegator',
)

export const SubjectSchema = strict(
  {
    type: Id,
    id: Id,
    properties,
    on_behalf_of: Type.Optional(DelegatorSchema),
    delegation_chain: Type.Optional(Type.Array(ActorSchema, { maxItems: 64 })),
  },
  { $id: 'Subject', description: 'Who acts, and on whose behalf.' },
)
export type WireSubject = Static<typeof SubjectSchema>

export const ActionSchema = strict({ name: Type.String(), properties }, { $id: 'Action' })
export const ResourceSchema = strict({ type: Type.String(), id: Type.String(), properties }, { $id: 'Resource' })

/** A subject without properties, in answers. */
export const RefSchema = named('SubjectRef', { type: Type.String(), id: Type.String() })

export function refOf({ type, id }: SubjectRef): Static<typeof RefSchema> {
  return { type, id }
}

/** A reference in a request. */
export const StrictRefSchema = strict({ type: Id, id: Id }, { $id: 'StatedRef' })

/** In queries: who acts, as one text. */
export const BySchema = Type.String({
  pattern: '^[^:]+:.+$',
  maxLength: 1024,
  description:
    'Who acts, as `type:id`; a `:` or `%` of the type is written `%3A` or `%25`. Left out: the subject that the caller itself is.',
})
