/** Access requests of this API, and under whose name they are decided. */
import Type, { type Static } from 'typebox'
import type { AccessRequest } from '../../engine/types.ts'
import type { GuardCall } from '../../guard/authorization.ts'
import { AnyObject, Id, strict } from '../operation/shapes.ts'
import { type Acting, type ApiContext, actingAs, marksFor } from './acting.ts'
import { ActionSchema, ResourceSchema, SubjectSchema } from './subject.ts'

export const requestParts = {
  subject: Type.Optional(SubjectSchema),
  action: ActionSchema,
  resource: ResourceSchema,
  context: Type.Optional(AnyObject),
}

/** Ids of what the guard keeps of the subject. */
export const situationParts = {
  session: Type.Optional(Id),
  task: Type.Optional(Id),
}

export const RequestSchema = strict({ ...requestParts, ...situationParts }, { $id: 'AccessRequest' })
export type WireRequest = Static<typeof RequestSchema>

export interface Asking {
  readonly request: AccessRequest
  readonly call: GuardCall
  readonly acting: Acting
}

/** The request with its subject, if the caller may ask for that. Throws as `actingAs` does. */
export function askingOf(wire: Pick<WireRequest, keyof typeof requestParts> & GuardCall, context: ApiContext): Asking {
  const acting = actingAs(wire.subject, context)
  const { action, resource, session, task } = wire
  const request = { subject: acting.subject, action, resource, ...(wire.context && { context: wire.context }) }
  const call = { ...marksFor(acting), ...(session !== undefined && { session }), ...(task !== undefined && { task }) }
  return { request, call, acting }
}
