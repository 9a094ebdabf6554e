/** Bodies of open-guard's HTTP API. As there, members that are not known are not looked at. */
import Type, { type Static } from 'typebox'
import { SallyportError } from '../../../errors.ts'
import { type OpenGuardSubject, openGuardRequest } from '../../../policy/dialects/open-guard/index.ts'
import { isMap } from '../../../text/is-map.ts'

/** What our statuses are called there. */
export const statuses = { allow: 'allowed', deny: 'denied', review: 'pending_approval' } as const

const AnyObject = Type.Record(Type.String(), Type.Unknown())
const actorTypes = ['user', 'agent', 'service', 'device', 'conversation', 'robot', 'edge_device'] as const
export const ActorType = Type.Enum([...actorTypes])

/** As many delegators as open-guard takes. */
const DEEPEST = 5

const SubjectSchema = Type.Object({
  id: Type.String(),
  actor_type: Type.Optional(ActorType),
  attributes: Type.Optional(AnyObject),
  on_behalf_of: Type.Optional(Type.Unknown()),
})

const ResourceSchema = Type.Object({
  id: Type.String(),
  resource_type: Type.String(),
  attributes: Type.Optional(AnyObject),
})

const ActionSchema = Type.Object({ name: Type.String(), attributes: Type.Optional(AnyObject) })

const nullable = <S extends ReturnType<typeof Type.String>>(schema: S) => Type.Union([schema, Type.Null()])

export const AuthorizeSchema = Type.Object({
  subject: SubjectSchema,
  action: ActionSchema,
  resource: ResourceSchema,
  session_id: Type.Optional(nullable(Type.String())),
  context: Type.Optional(AnyObject),
})
export type Authorize = Static<typeof AuthorizeSchema>

export const ConsumeSchema = Type.Object({
  ...AuthorizeSchema.properties,
  amount: Type.Optional(Type.Integer()),
  /** A decimal, as text or number. */
  cost: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])),
})

export const ListSchema = Type.Object({
  subject: SubjectSchema,
  action: Type.String(),
  resource_type: Type.String(),
  cursor: Type.Optional(nullable(Type.String())),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  prefilter: Type.Optional(AnyObject),
  context: Type.Optional(AnyObject),
})

/** A request in our words. */
export function requestOf({ subject, action, resource, context }: Omit<Authorize, 'session_id'>) {
  return openGuardRequest({
    subject: subjectOf(subject, 0),
    action: { name: action.name, attributes: action.attributes ?? {} },
    resource: { id: resource.id, resource_type: resource.resource_type, attributes: resource.attributes ?? {} },
    context: context ?? {},
  })
}

/** @throws SallyportError `E_REQUEST`, `E_CHAIN_DEPTH` */
function subjectOf(subject: Static<typeof SubjectSchema>, depth: number): OpenGuardSubject {
  const { id, actor_type = 'user', attributes = {}, on_behalf_of } = subject
  if (depth > DEEPEST) throw new SallyportError('E_CHAIN_DEPTH', `at most ${DEEPEST} actors may stand behind a subject`)
  const own = { id, actor_type, attributes }
  if (on_behalf_of === undefined || on_behalf_of === null) return own
  return { ...own, on_behalf_of: subjectOf(readDelegator(on_behalf_of), depth + 1) }
}

function readDelegator(value: unknown): Static<typeof SubjectSchema> {
  const { id, actor_type, attributes, on_behalf_of } = isMap(value) ? value : {}
  const known = actor_type === undefined || actorTypes.some((type) => type === actor_type)
  if (typeof id !== 'string' || !known || !(attributes === undefined || isMap(attributes))) {
    throw new SallyportError('E_REQUEST', 'the body at /subject/on_behalf_of is no subject')
  }
  const type = actor_type as (typeof actorTypes)[number] | undefined
  return { id, ...(type && { actor_type: type }), ...(attributes && { attributes }), on_behalf_of }
}

export const allActorTypes: readonly string[] = actorTypes
