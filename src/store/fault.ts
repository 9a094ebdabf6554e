/** What all stores share of turning their drivers' errors into ours. */
import { type ErrorCode, SallyportError } from '../errors.ts'

const meanings = {
  E_STORE_UNAVAILABLE: 'cannot be reached, or did not say what became of it',
  E_STORE_TIMEOUT: 'did not answer in time',
  E_STORE_BUSY: 'is busy with the writes of others',
  E_STORE_READ_ONLY: 'takes no writes',
  E_STORE_FULL: 'has no room left',
  E_STORE_CORRUPT: 'is damaged, or is none',
  E_STORE_SCHEMA: 'lacks a table or column: run sallyport db status',
  E_STORE: 'refused a statement',
} as const satisfies Partial<Record<ErrorCode, string>>

export type FaultCode = keyof typeof meanings

/** @example throw fault('E_STORE_FULL', 'sqlite', error) */
export function fault(code: FaultCode, kind: string, cause: unknown): SallyportError {
  const said = cause instanceof Error ? cause.message : String(cause)
  // An AggregateError, as of a host with several addresses, has its reasons inside.
  const inner = cause instanceof AggregateError && said === '' ? String(cause.errors[0]) : said
  return new SallyportError(code, `the ${kind} store ${meanings[code]}: ${inner}`, { cause })
}

/** A member of an error that drivers add to it, as text; numbers too. */
export function memberOf(error: unknown, name: string): string | undefined {
  if (!(error instanceof Error)) return undefined
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
