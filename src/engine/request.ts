/** The form of a request: what AuthZEN 1.0 requires of subject, action, resource and context. */
import { SallyportError } from '../errors.ts'
import { isMap } from '../text/is-map.ts'
import type { AccessRequest } from './types.ts'

/**
 * Whether the parts that every request has are there. Of what type they are is looked at where policies read them: a
 * string that nobody reads would have to be fetched from memory for nothing.
 */
export function hasParts(request: AccessRequest): boolean {
  if (!isThere(request)) return false
  // Without `?.`, after each of which engines look again whether there is anything.
  const { subject, action } = request
  if (!isThere(subject) || !isThere(action)) return false
  return isThere(subject.type) && isThere(subject.id) && isThere(action.name) && hasResource(request)
}

/** The same of the resource alone. */
export function hasResource({ resource }: AccessRequest): boolean {
  return isThere(resource) && isThere(resource.type) && isThere(resource.id)
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isOptionalMap(value: unknown): boolean {
  return value === undefined || isMap(value)
}

/** The error for a request that is not of the form: names the first part that is wrong, and what it must be. */
export function requestError(request: AccessRequest): SallyportError {
  const root: unknown = request
  if (!isMap(root)) return error('the request', 'an object with subject, action and resource', root)
  for (const [part, keys] of Object.entries(REQUIRED)) {
    const value = root[part]
    if (!isMap(value)) return error(part, `an object with ${keys.join(' and ')}`, value)
    for (const key of keys) if (typeof value[key] !== 'string') return error(`${part}.${key}`, 'a string', value[key])
    if (!isOptionalMap(value.properties)) return error(`${part}.properties`, 'an object', value.properties)
  }
  if (!isOptionalMap(root.context)) return error('context', 'an object', root.context)
  return error('state', 'an object', root.state)
}

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  subject: ['type', 'id'],
  action: ['name'],
  resource: ['type', 'id'],
}

/**
 * A part of the request itself, such as `subject.type`; undefined when there is none of that name.
 *
 * @example requestPart(request, 'action', 'name')
 */
export function requestPart(request: AccessRequest, root: 'subject' | 'resource' | 'action', key: unknown): unknown {
  if (root === 'action') return key === 'name' ? request.action.name : undefined
  if (key === 'type') return request[root].type
  return key === 'id' ? request[root].id : undefined
}

export function rolesError(value: unknown): SallyportError {
  return error(
    'subject.properties.roles',
    'a string, or a list of names and of { role, on: type or { type, id } }',
    value,
  )
}

export function illFormedError(part: string): SallyportError {
  return new SallyportError('E_REQUEST', `${part} holds half of a surrogate pair; send well-formed Unicode`)
}

/** An error about one part of a request. */
export function error(part: string, wanted: string, found: unknown): SallyportError {
  const what = found === undefined ? 'it is missing' : `found ${kindOf(found)}`
  return new SallyportError('E_REQUEST', `${part} must be ${wanted}; ${what}`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? 'a list' : 'a list of other values'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
