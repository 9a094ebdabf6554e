/** Sessions: which of the subject's roles are active, as the host says in `request.state`. */
import { isMap } from '../text/is-map.ts'
import { own } from './own-property.ts'
import { error } from './request.ts'
import type { AccessRequest, Session } from './types.ts'

/**
 * The session of a request, copied, so that nothing that is read later differs from what was checked.
 *
 * @throws SallyportError `E_REQUEST` when it is not of the form: guessing could make more roles active.
 */
export function sessionOf({ state }: AccessRequest): Session | undefined {
  if (state === undefined) return undefined
  if (!isMap(state)) throw error('state', 'an object', state)
  const session = own(state, 'session')
  if (session === undefined) return undefined
  if (!isMap(session)) throw error('state.session', 'an object', session)
  const given = own(session, 'roles')
  // Array.from also visits holes, which then are undefined and refused.
  const roles: unknown[] | undefined = Array.isArray(given) ? Array.from(given) : undefined
  if (roles === undefined || !roles.every((role) => typeof role === 'string')) {
    throw error('state.session.roles', 'a list of strings', given)
  }
  const expires = own(session, 'expires_at')
  if (expires === undefined) return { roles }
  if (typeof expires !== 'number' || !Number.isFinite(expires)) {
    throw error('state.session.expires_at', 'milliseconds since 1970, a number', expires)
  }
  return { roles, expires_at: expires }
}

/** Whether the session is over, or cannot be said not to be. At the instant itself it is, as in RFC 7519, section 4.1.4. */
export function isExpired({ expires_at }: Session, now: number | undefined): boolean {
  return expires_at !== undefined && (now === undefined || now >= expires_at)
}
