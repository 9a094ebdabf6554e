/** The roles of a request's subject: names, and maps that hold a role on some resources only. */
import { isMap } from '../text/is-map.ts'
import { requestError, rolesError } from './request.ts'
import type { AccessRequest } from './types.ts'

/**
 * The name of an item of `subject.properties.roles`; undefined when it is a role on other resources than the request's.
 *
 * @throws SallyportError `E_REQUEST` for anything but a name, `{ role, on: type }` and `{ role, on: { type, id } }`: what is not
 * understood could be a narrower scope.
 */
export function applyingRole(item: unknown, request: AccessRequest): string | undefined {
  if (typeof item === 'string') return item
  if (!isMap(item) || !hasOnly(item, 'role', 'on') || !Object.hasOwn(item, 'on')) throw rolesError(item)
  const { role, on } = item
  const { type, id } = request.resource
  if (typeof type !== 'string' || typeof id !== 'string') throw requestError(request)
  if (typeof role !== 'string') throw rolesError(item)
  if (typeof on === 'string') return on === type ? role : undefined
  if (!isMap(on) || typeof on.type !== 'string' || !hasOnly(on, 'type', 'id')) throw rolesError(item)
  if (!Object.hasOwn(on, 'id')) return on.type === type ? role : undefined
  if (typeof on.id !== 'string') throw rolesError(item)
  return on.type === type && on.id === id ? role : undefined
}

/**
 * The names of the roles that apply to the request's resource, in the order given: what `subject.roles` is in conditions.
 * The list itself where all its items are names.
 *
 * @param roles one name, or a list
 * @throws SallyportError `E_REQUEST` for anything else
 */
export function applyingRoles(roles: unknown, request: AccessRequest): readonly unknown[] {
  if (typeof roles === 'string') return [roles]
  if (!Array.isArray(roles)) throw rolesError(roles)
  if (allNames(roles)) return roles
  const names: string[] = []
  for (let i = 0; i < roles.length; i++) {
    const name = applyingRole(roles[i], request)
    if (name !== undefined) names.push(name)
  }
  return names
}

/** By index, so that holes count. */
function allNames(roles: readonly unknown[]): boolean {
  for (let i = 0; i < roles.length; i++) if (typeof roles[i] !== 'string') return false
  return true
}

/** Whether the first key is there, and no key but the two. */
function hasOnly(map: Readonly<Record<string, unknown>>, first: string, second: string): boolean {
  return Object.hasOwn(map, first) && Object.keys(map).every((key) => key === first || key === second)
}
