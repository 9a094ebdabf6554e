/** Who may ask. How callers prove themselves is `identify`'s affair; what follows when they do not is the specification's. */
import type { Context } from 'hono'
import type { Caller } from '../authzen/decide.ts'
import { SallyportError } from '../errors.ts'
import { type IdentifiedCaller, type IdentifyCaller, InvalidCredentials } from './auth/identify.ts'
import { originOf } from './origin.ts'
import { ProblemError } from './problem.ts'

const UNVERIFIED = 'whose token this is cannot be verified now; try again'

/** Lets a request pass with its caller, or throws the problem to answer with. */
export type Authenticate = (c: Context) => Promise<Caller>

/** 401 with `WWW-Authenticate`, for whom `identify` does not know (AuthZEN Authorization API 1.0, section 11.3). */
export function requireCaller(identify: IdentifyCaller, challenge: string): Authenticate {
  return async (c) => {
    const found = await attempt(identify, c)
    if (found === 'invalid') throw unauthenticated(invalid(challenge))
    if (found === undefined) throw unauthenticated(challenge)
    return complete(found)
  }
}

async function attempt(identify: IdentifyCaller, c: Context): Promise<IdentifiedCaller | 'invalid' | undefined> {
  try {
    return await identify(c.req.raw, originOf(c))
  } catch (error) {
    if (error instanceof InvalidCredentials) return 'invalid'
    if (error instanceof SallyportError && error.code === 'E_ISSUER_UNAVAILABLE') {
      throw new ProblemError(503, error.code, UNVERIFIED, { headers: { 'Retry-After': '1' } })
    }
    throw error
  }
}

/** `invalid_token` is for credentials that were sent, and only then (RFC 6750, sections 3 and 3.1). */
function invalid(challenge: string): string {
  const separator = challenge.includes('=') ? ', ' : ' '
  return /^Bearer\b/i.test(challenge) ? `${challenge}${separator}error="invalid_token"` : challenge
}

/** One line for all who are not known: which part was wrong is nothing to tell a stranger. */
function unauthenticated(challenge: string): ProblemError {
  const headers = { 'WWW-Authenticate': challenge }
  return new ProblemError(401, 'E_UNAUTHENTICATED', 'say who you are; WWW-Authenticate tells how', { headers })
}

/** Closed: which tenants a caller may use has to be said. JavaScript does not see to it. */
function complete({ id, type = 'service', tenants, attributes = {}, proof = 'callback' }: IdentifiedCaller): Caller {
  if (tenants !== 'all' && !Array.isArray(tenants)) {
    throw new SallyportError('E_USAGE', "identify gave a caller without tenants: list their names, or give 'all'")
  }
  return { id, type, tenants, attributes, proof }
}
