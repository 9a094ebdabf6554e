/** Calls that a page of another site has sent with the user's browser. */
import type { Context } from 'hono'
import { ProblemError } from './problem.ts'

/**
 * For calls that change something and have no body. Where the browser proves who calls, by a certificate say, any page can have it send
 * a POST (Fetch, section 2.2). With a body it would have to ask before, as none but JSON is taken; without one the browser's word for
 * where it comes from is all there is.
 *
 * @throws ProblemError 403
 */
export function refuseOtherSites(c: Context): void {
  if (c.req.header('Sec-Fetch-Site') !== 'cross-site') return
  throw new ProblemError(
    403,
    'E_FORBIDDEN',
    'a page of another site has sent this (Sec-Fetch-Site); call from this one',
  )
}
