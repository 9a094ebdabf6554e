/** PostgreSQL's SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) and all that is no answer of the server. */
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

const TIMED_OUT = /query read timeout|statement timeout/i

const ENDS_CONNECTION = /^(?:FATAL|PANIC)/

/** Classes of codes by which statements are refused; when a connection ends, it is by others. */
const OF_STATEMENTS = /^(?:0A|2[1-3]|25(?!P0[3-9])|40|42|54|55|57014)/

/** Whether it is the server that refuses a statement: its transaction is undone, and the connection in order. */
export function isAnswer(error: unknown): boolean {
  const severity = memberOf(error, 'severity')
  if (severity === undefined || ENDS_CONNECTION.test(severity)) return false
  // The word is one of the language of the server's messages.
  return severity === 'ERROR' || OF_STATEMENTS.test(memberOf(error, 'code') ?? '')
}

export function isGuard(error: unknown): boolean {
  return memberOf(error, 'code') === DIVISION_BY_ZERO
}

export function isWorthRepeating(error: unknown): boolean {
  const code = memberOf(error, 'code') ?? ''
  return again.has(code) || createdAtOnce.has(code)
}

export function postgresFault(kind: string, error: unknown): SallyportError {
  return error instanceof SallyportError ? error : fault(codeOf(error), kind, error)
}

/**
 * What became of a transaction when its `begin` or `commit` failed. Only where others were in the way it is sure that nothing was applied: there
 * are databases that find out at the commit, and say so in any way; and what was sent along after a `begin` that failed ran without one.
 */
export function boundaryFault(kind: string, error: unknown): unknown {
  if (isWorthRepeating(error)) return error
  const told = postgresFault(kind, error)
  return told.code === 'E_STORE_TIMEOUT' ? told : fault('E_STORE_UNAVAILABLE', kind, error)
}

function codeOf(error: unknown): FaultCode {
  // It ends the connection, whatever was under way.
  if (ENDS_CONNECTION.test(memberOf(error, 'severity') ?? '')) return 'E_STORE_UNAVAILABLE'
  const state = memberOf(error, 'code') ?? ''
  const code = byState.find(([pattern]) => pattern.test(state))
  if (code !== undefined) return code[1]
  if (isAnswer(error)) return 'E_STORE'
  // Lost on the way there or back, whoever noticed it: the network, TLS, or the driver.
  return TIMED_OUT.test(String(error)) ? 'E_STORE_TIMEOUT' : 'E_STORE_UNAVAILABLE'
}
