/** open-guard's requests as ours. */

/** A subject of open-guard in JSON, and those on whose behalf it acts. */
export interface OpenGuardSubject {
  readonly id: string
  /** `user` when left out. */
  readonly actor_type?: string
  readonly attributes?: Attributes
  readonly on_behalf_of?: OpenGuardSubject | null
}

export interface OpenGuardRequest {
  readonly subject: OpenGuardSubject
  readonly action: { readonly name: string; readonly attributes?: Attributes }
  readonly resource: { readonly id: string; readonly resource_type: string; readonly attributes?: Attributes }
  readonly context?: Attributes
}

type Attributes = { readonly [key: string]: unknown }

/** A subject in our words. */
export interface Subject {
  readonly type: string
  readonly id: string
  readonly properties: Attributes
  readonly on_behalf_of?: Subject
}

export interface Request {
  readonly subject: Subject
  readonly action: { readonly name: string; readonly properties: Attributes }
  readonly resource: { readonly type: string; readonly id: string; readonly properties: Attributes }
  readonly context: Attributes
}

/**
 * A request in our words, ready for `engine.evaluate`. Roles that are no strings become strings, as open-guard has it; `roles`
 * that is neither a string nor a list is no role at all, and is left out.
 *
 * @example engine.evaluate(openGuardRequest({ subject: { id: 'ann' }, action: { name: 'read' }, resource }), { now })
 */
export function openGuardRequest({ subject, action, resource, context = {} }: OpenGuardRequest): Request {
  return {
    subject: subjectOf(subject),
    action: { name: action.name, properties: action.attributes ?? {} },
    resource: { type: resource.resource_type, id: resource.id, properties: resource.attributes ?? {} },
    context,
  }
}

function subjectOf({ id, actor_type = 'user', attributes = {}, on_behalf_of }: OpenGuardSubject): Subject {
  const delegator = on_behalf_of ?? undefined
  return {
    type: actor_type,
    id,
    properties: withRoles(attributes),
    ...(delegator !== undefined && { on_behalf_of: subjectOf(delegator) }),
  }
}

function withRoles(attributes: Attributes): Attributes {
  const { roles, ...others } = attributes
  if (!Array.isArray(roles)) return typeof roles === 'string' ? attributes : others
  return roles.every((role) => typeof role === 'string') ? attributes : { ...others, roles: roles.map(pythonText) }
}

/** What Python's str makes of a JSON value, as far as a role may look like it. */
function pythonText(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}
