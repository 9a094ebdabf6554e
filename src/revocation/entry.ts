/** What an entry of the log says. */
import type { Revocation } from '../store/shared/port.ts'

/** What was taken back, and in which tenant. */
export interface TenantRevocation extends Revocation {
  readonly tenant: string
}

export type Entry =
  | ({ readonly type: 'revoked' } & TenantRevocation)
  /** Everything up to this number was over, and may have been deleted. */
  | { readonly type: 'trimmed'; readonly upTo: number }

/**
 * A text that is never written twice: where readers find it again at its place, it is the same publication, and what lies before it is what
 * lay before it then. The same revocation alone says nothing, as a relay brings it back in an order of its own.
 */
export function writeEntry(entry: Entry): string {
  const nonce = crypto.randomUUID()
  if (entry.type === 'trimmed') return JSON.stringify({ trimmed: entry.upTo, nonce })
  const { tenant, kind, id, at, expiresAt } = entry
  return JSON.stringify({ tenant, kind, id, at, expires_at: expiresAt, nonce })
}

/** Undefined for what is none: somebody else writes to the log, or a later version does. */
export function readEntry(text: string): Entry | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { trimmed, tenant, kind, id, at, expires_at } = value as Readonly<Record<string, unknown>>
  if (isNumber(trimmed)) return { type: 'trimmed', upTo: trimmed }
  const texts = typeof tenant === 'string' && typeof kind === 'string' && typeof id === 'string'
  if (!texts || !isNumber(at) || !isNumber(expires_at)) return undefined
  return { type: 'revoked', tenant, kind, id, at, expiresAt: expires_at }
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
