/** SQLite's result codes (https://sqlite.org/rescode.html), as the drivers tell them: a number, a name, or only a message. */
import { SallyportError } from '../../errors.ts'
import { type FaultCode, fault, memberOf } from '../fault.ts'

const byNumber: Readonly<Record<number, FaultCode>> = {
  5: 'E_STORE_BUSY',
  6: 'E_STORE_BUSY',
  8: 'E_STORE_READ_ONLY',
  10: 'E_STORE_UNAVAILABLE',
  11: 'E_STORE_CORRUPT',
  13: 'E_STORE_FULL',
  14: 'E_STORE_UNAVAILABLE',
  26: 'E_STORE_CORRUPT',
}

/** SQLITE_ERROR, TOOBIG, CONSTRAINT, MISMATCH, RANGE: a statement is refused, and what it belongs to undone. */
const refused = new Set([1, 18, 19, 20, 25])

/** The same, of drivers that have only a message. */
const REFUSED =
  /\bSQLITE_(?:ERROR|TOOBIG|CONSTRAINT|MISMATCH|RANGE)|constraint failed|syntax error|datatype mismatch|integer overflow|string or blob too big|too many SQL variables/

const byMessage: readonly (readonly [RegExp, FaultCode])[] = [
  [/timed? ?out|SQLITE_INTERRUPT/i, 'E_STORE_TIMEOUT'],
  // D1 and Durable Objects, of what may have been applied by then; whatever it was that they ran into.
  [/\breset\b|internal error|connection lost/i, 'E_STORE_UNAVAILABLE'],
  [/no such (?:table|column)|has no column named/, 'E_STORE_SCHEMA'],
  [/database (?:table )?is locked|SQLITE_(?:BUSY|LOCKED)/, 'E_STORE_BUSY'],
  [/readonly database|SQLITE_READONLY/, 'E_STORE_READ_ONLY'],
  [/is full|SQLITE_FULL|exceeded maximum DB size/, 'E_STORE_FULL'],
  [/malformed|not a database|SQLITE_(?:CORRUPT|NOTADB)/, 'E_STORE_CORRUPT'],
  [REFUSED, 'E_STORE'],
]

export function sqliteFault(kind: string, error: unknown): SallyportError {
  return error instanceof SallyportError ? error : fault(codeOf(error), kind, error)
}

function codeOf(error: unknown): FaultCode {
  // node:sqlite has `errcode`, bun:sqlite `errno`; the low byte is the code, the rest says more about it. Those below 0 are the system's.
  const number = Math.max(0, Number(memberOf(error, 'errcode') ?? memberOf(error, 'errno') ?? 0)) & 0xff
  if (byNumber[number] !== undefined) return byNumber[number]
  const text = `${error instanceof Error ? error.message : error} ${memberOf(error, 'code') ?? ''}`
  const code = byMessage.find(([pattern]) => pattern.test(text))
  if (code !== undefined) return code[1]
  // Closed, out of reach, or unknown: it may have been applied.
  return refused.has(number) ? 'E_STORE' : 'E_STORE_UNAVAILABLE'
}
