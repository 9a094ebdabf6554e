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

const byMessage: readonly (readonly [RegExp, FaultCode])[] = [
  [/no such (?:table|column)|has no column named/, 'E_STORE_SCHEMA'],
  [/database (?:table )?is locked|SQLITE_(?:BUSY|LOCKED)/, 'E_STORE_BUSY'],
  [/readonly database|SQLITE_READONLY/, 'E_STORE_READ_ONLY'],
  [/is full|SQLITE_FULL|exceeded maximum DB size/, 'E_STORE_FULL'],
  [/malformed|not a database|SQLITE_(?:CORRUPT|NOTADB)/, 'E_STORE_CORRUPT'],
  [
    /not open|closed|disk I\/O error|unable to open|network connection lost|SQLITE_(?:IOERR|CANTOPEN)/i,
    'E_STORE_UNAVAILABLE',
  ],
  [/timed? ?out|SQLITE_INTERRUPT/i, 'E_STORE_TIMEOUT'],
]

export function sqliteFault(kind: string, error: unknown): SallyportError {
  if (error instanceof SallyportError) return error
  // node:sqlite has `errcode`, bun:sqlite `errno`; the low byte is the code, the rest says more about it.
  const code = byNumber[Number(memberOf(error, 'errcode') ?? memberOf(error, 'errno')) & 0xff]
  const text = `${error instanceof Error ? error.message : error} ${memberOf(error, 'code') ?? ''}`
  return fault(code ?? byMessage.find(([pattern]) => pattern.test(text))?.[1] ?? 'E_STORE', kind, error)
}
