/** What every implementation refuses, so that one can take the place of another. */
import { MAX_LIMIT } from '../query.ts'
import { counters } from '../schema/counters.ts'
import { revocations } from '../schema/revocations.ts'
import { checkKey, checkValue, wrong } from '../values.ts'
import type { Revocation, Taking } from './port.ts'

/** @throws SallyportError `E_STORE_STATEMENT` */
export function checkTaking({ name, window, add, atMost, expiresAt }: Taking): void {
  checkKey(counters, { name, window })
  for (const value of [add, atMost]) checkValue(counters, 'value', value)
  checkValue(counters, 'expires_at', expiresAt)
  if (add < 1) throw wrong('what is added to a counter is at least 1')
}

export function checkRevocation({ kind, id, at, expiresAt }: Revocation): void {
  checkKey(revocations, { kind, id })
  checkValue(revocations, 'at', at)
  checkValue(revocations, 'expires_at', expiresAt)
}

export function checkIds(kind: string, ids: readonly string[]): void {
  if (ids.length > MAX_LIMIT) throw wrong(`at most ${MAX_LIMIT} ids are asked about at a time`)
  for (const id of ids) checkKey(revocations, { kind, id })
}
