/** Numbers among options: checked when something is made, not at its first call. */
import { SallyportError } from '../errors.ts'

/** What timers take, in milliseconds; they make one of anything longer. */
export const LONGEST_TIME = 2 ** 31 - 1

/**
 * @throws SallyportError `E_USAGE` for what is no whole number of a range
 * @example checkWhole('timeout', timeout, 1, LONGEST_TIME)
 */
export function checkWhole(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} on` : `${least} to ${most}`
    throw new SallyportError('E_USAGE', `${name} must be a whole number from ${range}`)
  }
}
