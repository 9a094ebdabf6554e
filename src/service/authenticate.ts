/** Who may ask. How callers prove themselves is the host's affair; what follows when they do not is the specification's. */
import type { Context } from 'hono'
import type { Caller } from '../authzen/decide.ts'
import { ProblemError } from './problem.ts'

/** Tells who sent a request; undefined when it does not prove that. */
export type IdentifyCaller = (request: Request) => Caller | undefined | Promise<Caller | undefined>

/** Lets a request pass with its caller, or throws the problem to answer with. */
export type Authenticate = (c: Context) => Promise<Caller>

/** 401 with `WWW-Authenticate`, for whom `identify` does not know (AuthZEN Authorization API 1.0, section 11.3). */
export function requireCaller(identify: IdentifyCaller, challenge: string): Authenticate {
  return async (c) => {
    const caller = await identify(c.req.raw)
    if (caller !== undefined) return caller
    const headers = { 'WWW-Authenticate': challenge }
    throw new ProblemError(401, 'E_UNAUTHENTICATED', 'say who you are; WWW-Authenticate tells how', { headers })
  }
}
