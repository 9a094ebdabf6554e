/** What goes wrong between a PEP and its PDP. */
import { type ErrorCode, SallyportError } from '../errors.ts'

export interface PdpErrorDetails {
  /** The HTTP status, for `E_PDP_STATUS`. */
  readonly status?: number
  /** How long the PDP asks to be left alone, in milliseconds (RFC 9110, section 10.2.3). */
  readonly retryAfter?: number
}

/**
 * The PDP could not be asked, or did not answer as AuthZEN says. Nothing was decided: treat it as a denial. Neither message nor
 * cause carries an address, a token or a body, so that it may be logged.
 *
 * @example
 * try { await pdp.evaluate(request) } catch (error) {
 *   if (error instanceof PdpError && error.status === 403) …
 * }
 */
export class PdpError extends SallyportError {
  override name = 'PdpError'
  readonly status: number | undefined
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, { status, retryAfter }: PdpErrorDetails = {}) {
    super(code, message)
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** Statuses that say "not now" (RFC 9110, sections 15.5.9 and 15.6; RFC 6585, section 4). */
const PASSING: readonly number[] = [408, 429, 500, 502, 503, 504]

/** Whether the same request may succeed when it is sent again: all of AuthZEN's calls only ask, so that repeating one is safe. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof PdpError)) return false
  if (error.code === 'E_PDP_STATUS') return PASSING.includes(error.status ?? 0)
  return error.code === 'E_PDP_CONNECTION' || error.code === 'E_PDP_TIMEOUT'
}
