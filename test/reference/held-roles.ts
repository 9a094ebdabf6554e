/** Roles as a subject has them: everywhere, on a type of resources, on one resource. "Roles" of docs/policy-reference.md. */
import type { AccessRequest } from '../../src/engine/types.ts'
import { RequestError } from './request-error.ts'
import { kindOf } from './values.ts'

/**
 * The names among `roles` that count for the request's resource: "those that it holds everywhere, and those it holds on this
 * resource or its type".
 */
export function namesOnResource(roles: readonly unknown[], { resource }: AccessRequest): string[] {
  const held = Array.from(roles, asHeldRole)
  const here = held.filter(({ on }) => on === undefined || covers(on, resource))
  return here.map(({ role }) => role)
}

interface Held {
  readonly role: string
  readonly on: { readonly type: string; readonly id?: string } | undefined
}

function covers(on: { readonly type: string; readonly id?: string }, resource: AccessRequest['resource']): boolean {
  return on.type === resource.type && (on.id === undefined || on.id === resource.id)
}

/** "anything else is a request error" */
function asHeldRole(value: unknown): Held {
  if (typeof value === 'string') return { role: value, on: undefined }
  const { role, on } = record(value, ['role', 'on'])
  if (typeof role !== 'string') throw malformed()
  if (typeof on === 'string') return { role, on: { type: on } }
  const scope = record(on, ['type', 'id'])
  if (typeof scope.type !== 'string') throw malformed()
  if (!('id' in scope)) return { role, on: { type: scope.type } }
  if (typeof scope.id !== 'string') throw malformed()
  return { role, on: { type: scope.type, id: scope.id } }
}

/** The own keys of a map that has no others than these. */
function record(value: unknown, known: readonly string[]): Record<string, unknown> {
  if (kindOf(value) !== 'map') throw malformed()
  const entries = Object.entries(value as object)
  if (entries.some(([key]) => !known.includes(key))) throw malformed()
  return Object.fromEntries(entries)
}

function malformed(): RequestError {
  return new RequestError('subject.roles must be a role or a list of roles')
}
