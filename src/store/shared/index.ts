/** Counters and revocations in the tables of any store. */
import type { TenantStore, Write } from '../port.ts'
import { checkIds, checkRevocation, checkTaking } from './check.ts'
import type { Revocation, SharedState, Taken, Taking } from './port.ts'

export type * from './port.ts'

/**
 * @param store where `expires_at` tells which rows may be deleted; nothing here deletes them
 * @example const { applied } = await sharedState(store.tenant('acme')).take({ name: 'calls user:ann', window, add: 1, atMost: 100, expiresAt })
 */
export function sharedState(store: TenantStore): SharedState {
  return {
    kind: 'store',
    take: (taking) => take(store, taking),
    async count(name, window) {
      const row = await store.get('counters', { name, window })
      return row?.value ?? 0
    },
    async revoke(revocation) {
      checkRevocation(revocation)
      await store.write([insertOf(revocation)])
    },
    async revoked(kind, ids) {
      checkIds(kind, ids)
      const found = await Promise.all(ids.map((id) => store.get('revocations', { kind, id })))
      return new Set(found.flatMap((row) => (row === undefined ? [] : [row.id])))
    },
  }
}

async function take(store: TenantStore, taking: Taking): Promise<Taken> {
  checkTaking(taking)
  const { name, window, add, atMost, expiresAt } = taking
  const key = { name, window }
  const writes: Write[] = [
    { insert: 'counters', row: { ...key, value: 0, at: 0, expires_at: expiresAt }, ifAbsent: true },
    {
      update: 'counters',
      key,
      set: { expires_at: expiresAt },
      add: { value: add },
      when: [{ column: 'value', plus: add, is: '<=', value: atMost }],
    },
  ]
  const { applied } = await store.write(writes)
  const row = await store.get('counters', key)
  return { applied, value: row?.value ?? 0 }
}

function insertOf({ kind, id, at, expiresAt }: Revocation): Write {
  return { insert: 'revocations', row: { kind, id, at, expires_at: expiresAt, document: '{}' }, ifAbsent: true }
}
