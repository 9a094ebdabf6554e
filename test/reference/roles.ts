/** Roles, sessions and separation of duty: "Roles" of docs/policy-reference.md. */
import type { PolicyDocument, Separation } from '../../src/policy/document.ts'
import { type Scope, subjectAttribute } from './paths.ts'
import { RequestError } from './request-error.ts'
import { kindOf } from './values.ts'

/** The roles that the subject holds on the request's resource, inherited ones included. */
export function heldRoles(scope: Scope): ReadonlySet<string> {
  const named = subjectAttribute(scope, 'roles')
  if (named === undefined) return new Set()
  if (!Array.isArray(named)) throw new RequestError('subject.roles must be a role or a list')
  return withInherited(named.map(String), scope.document)
}

/** "In a session, only roles that are held and activated count"; without one, all that are held. */
export function activeRoles(scope: Scope): ReadonlySet<string> {
  const held = heldRoles(scope)
  const session = sessionOf(scope)
  if (session === undefined) return held
  const activated = withInherited(session.roles, scope.document)
  return new Set([...held].filter((role) => activated.has(role)))
}

/** "A session denies from `expires_at` on, and when there is no `now` to compare it with." */
export function sessionExpired(scope: Scope): boolean {
  const end = sessionOf(scope)?.end
  return end !== undefined && !(scope.now !== undefined && scope.now < end)
}

/** Whether some separation of duty is broken: a static one by the roles held, a dynamic one by the active ones. */
export function breaksSeparation(scope: Scope): boolean {
  const { separation } = scope.document
  const held = heldRoles(scope)
  const active = activeRoles(scope)
  return (
    (separation?.static ?? []).some((one) => isBroken(one, held)) ||
    (separation?.dynamic ?? []).some((one) => isBroken(one, active))
  )
}

/** "more than `at_most` of the roles, inherited ones included" */
export function isBroken({ roles, at_most = 1 }: Separation, held: ReadonlySet<string>): boolean {
  return [...new Set(roles)].filter((role) => held.has(role)).length > at_most
}

/** The roles and all that they inherit. */
export function withInherited(roles: readonly string[], document: PolicyDocument): Set<string> {
  const held = new Set<string>()
  const add = (role: string): void => {
    held.add(role)
    const defined = document.roles ?? {}
    if (Object.hasOwn(defined, role)) for (const inherited of defined[role]!) add(inherited)
  }
  for (const role of roles) add(role)
  return held
}

interface ReferenceSession {
  readonly roles: readonly string[]
  readonly end: number | undefined
}

function sessionOf({ request }: Scope): ReferenceSession | undefined {
  const state: unknown = request.state
  if (state === undefined) return undefined
  const session = part(state, 'session')
  if (session === undefined) return undefined
  const roles = part(session, 'roles')
  const end = part(session, 'expires_at')
  if (!Array.isArray(roles) || !Array.from(roles).every((role) => typeof role === 'string')) {
    throw new RequestError('state.session.roles must be a list of strings')
  }
  if (end !== undefined && kindOf(end) !== 'number') throw new RequestError('state.session.expires_at must be a number')
  return { roles, end: end as number | undefined }
}

function part(map: unknown, key: string): unknown {
  if (kindOf(map) !== 'map') throw new RequestError('state and state.session must be maps')
  return Object.getOwnPropertyDescriptor(map, key)?.value
}
