/** The clock by which what is signed is verified, and how far it may be from that of who signed. */
import type { JWTVerifyOptions } from 'jose'
import { MOST_TOLERANCE } from '../delegation/grace.ts'
import { SallyportError } from '../errors.ts'

/** @throws SallyportError `E_USAGE` for a tolerance that is too large, or no number of milliseconds. */
export function checkTolerance(tolerance: unknown): void {
  // A text would be written behind the end of what is verified, and not added to it.
  if (typeof tolerance === 'number' && tolerance >= 0 && tolerance <= MOST_TOLERANCE) return
  throw new SallyportError('E_USAGE', `tolerance must be from 0 to ${MOST_TOLERANCE} milliseconds`)
}

/**
 * What jose verifies times by. To jose no token is over by a clock or a tolerance that is no number.
 *
 * @param now Milliseconds since 1970.
 * @param tolerance Milliseconds.
 * @throws SallyportError `E_USAGE` for what is no time
 */
export function clockOf(
  now: number,
  tolerance: number,
): Required<Pick<JWTVerifyOptions, 'currentDate' | 'clockTolerance'>> {
  const currentDate = new Date(now)
  if (typeof now !== 'number' || Number.isNaN(currentDate.getTime())) {
    throw new SallyportError('E_USAGE', 'now must be a time in milliseconds since 1970')
  }
  if (!(tolerance >= 0)) throw new SallyportError('E_USAGE', 'clocks may be 0 milliseconds or more apart')
  return { currentDate, clockTolerance: tolerance / 1000 }
}
