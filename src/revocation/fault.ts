import { SallyportError } from '../errors.ts'

/** A fault of a log, whatever its client calls it. */
export function logFault(kind: string, cause: unknown): SallyportError {
  if (cause instanceof SallyportError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SallyportError('E_REVOCATION_LOG', `the log (${kind}) does not answer as it should: ${why}`, { cause })
}

/** Runs work on a log; its faults become ours. */
export async function orLogFault<T>(kind: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw logFault(kind, error)
  }
}
