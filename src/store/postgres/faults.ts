/** PostgreSQL's SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) and the errors of connections. */
import { SallyportError } from '../../errors.ts'
import { type FaultCode, fault, memberOf } from '../fault.ts'

/** A guard that does not hold; nothing else in our statements divides. */
const DIVISION_BY_ZERO = '22012'

/** Serialization failures and deadlocks: nothing was applied, and the same may well succeed. */
const again = new Set(['40001', '40P01', '55P03'])

/** What two processes that create the same table at once may run into: it is there by now. */
const createdAtOnce = new Set(['23505', '42P07', '42710'])

const byState: readonly (readonly [RegExp, FaultCode])[] = [
  [/^(?:40001|40P01|55P03)$/, 'E_STORE_BUSY'],
  [/^57014$/, 'E_STORE_TIMEOUT'],
  [/^25006$/, 'E_STORE_READ_ONLY'],
  [/^53[12]00$/, 'E_STORE_FULL'],
  [/^(?:42P01|42703|3F000)$/, 'E_STORE_SCHEMA'],
  [/^XX00[12]$/, 'E_STORE_CORRUPT'],
  // 40003: of a distributed database that does not know whether it has committed.
  [/^(?:08...|28...|3D000|40003|53300|57P0.)$/, 'E_STORE_UNAVAILABLE'],
]

const byMessage: readonly (readonly [RegExp, FaultCode])[] = [
  [/query read timeout|statement timeout/i, 'E_STORE_TIMEOUT'],
  [/E(?:CONN\w+|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|NOENT)\b/, 'E_STORE_UNAVAILABLE'],
  [
    /connection terminated|connection error|not queryable|timeout exceeded|pool (?:after|is)|closed|ended/i,
    'E_STORE_UNAVAILABLE',
  ],
]

/** Whether it is the server that says so. */
export function isAnswer(error: unknown): boolean {
  return memberOf(error, 'severity') === 'ERROR'
}

export function isGuard(error: unknown): boolean {
  return memberOf(error, 'code') === DIVISION_BY_ZERO
}

export function isWorthRepeating(error: unknown): boolean {
  const code = memberOf(error, 'code') ?? ''
  return again.has(code) || createdAtOnce.has(code)
}

export function postgresFault(kind: string, error: unknown): SallyportError {
  if (error instanceof SallyportError) return error
  const state = memberOf(error, 'code') ?? ''
  // A host with several addresses gives one error for each.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  const text = `${state} ${error instanceof Error ? error.message : error} ${memberOf(inner, 'code') ?? ''}`
  const code = byState.find(([pattern]) => pattern.test(state)) ?? byMessage.find(([pattern]) => pattern.test(text))
  return fault(code?.[1] ?? 'E_STORE', kind, error)
}
