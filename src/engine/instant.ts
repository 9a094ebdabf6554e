import { SallyportError } from '../errors.ts'

/** A time as milliseconds since 1970. */
export function instant(now: number | Date | undefined): number | undefined {
  const milliseconds = now instanceof Date ? now.getTime() : now
  if (milliseconds === undefined || Number.isFinite(milliseconds)) return milliseconds
  throw new SallyportError('E_USAGE', 'now must be a valid Date or milliseconds since 1970')
}
