/** The names of IndexedDB's errors (https://w3c.github.io/IndexedDB/#exceptions) as our codes. */
import { SallyportError } from '../../errors.ts'
import { type FaultCode, fault } from '../fault.ts'

const byName: Readonly<Record<string, FaultCode>> = {
  QuotaExceededError: 'E_STORE_FULL',
  VersionError: 'E_STORE_SCHEMA',
  NotFoundError: 'E_STORE_SCHEMA',
  InvalidStateError: 'E_STORE_UNAVAILABLE',
  TransactionInactiveError: 'E_STORE_UNAVAILABLE',
  TimeoutError: 'E_STORE_TIMEOUT',
  ReadOnlyError: 'E_STORE_READ_ONLY',
  DataError: 'E_STORE_CORRUPT',
}

export function indexedDbFault(error: unknown): SallyportError {
  if (error instanceof SallyportError) return error
  const name = error instanceof Error ? error.name : ''
  return fault(Object.hasOwn(byName, name) ? byName[name]! : 'E_STORE', 'indexeddb', error)
}
