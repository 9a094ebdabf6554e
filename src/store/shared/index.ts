/** Counters and revocations in the tables of any store. */
import { SallyportError } from '../../errors.ts'
import type { Row, TenantStore, Write } from '../port.ts'
import { checkIds, checkRevocation, checkTaking } from './check.ts'
import type { Revocation, SharedState, Taken, Taking } from './port.ts'

export type * from './port.ts'

/** Before any time that a counter may have. */
const NO_CLOCK = Number.MIN_SAFE_INTEGER

export interface SharedStateOptions {
  /**
   * Milliseconds since the epoch. A store has no clock: without this, a counter whose time is over counts until its row is deleted, so that
   * rather too much is denied than too little.
   */
  readonly now?: () => number
}

/**
 * @param store where `expires_at` tells which rows may be deleted; nothing here deletes them
 * @example const { applied } = await sharedState(store.tenant('acme'), { now: Date.now }).take({ name: 'calls user:ann', window, add: 1, atMost: 100, expiresAt })
 */
export function sharedState(store: TenantStore, { now = () => NO_CLOCK }: SharedStateOptions = {}): SharedState {
  return {
    kind: 'store',
    take: (taking) => take(store, taking, now),
    async count(name, window) {
      return valueAt(await store.get('counters', { name, window }), now())
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

/** How often others may begin a counter again, whose time is over, before it is given up. */
const TRIES = 16

async function take(store: TenantStore, taking: Taking, now: () => number): Promise<Taken> {
  checkTaking(taking)
  const { name, window, add, atMost, expiresAt } = taking
  const key = { name, window }
  for (let tries = 0; tries < TRIES; tries++) {
    const time = now()
    const counting: Write[] = [
      {
        insert: 'counters',
        row: { ...key, value: 0, at: 0, expires_at: Math.max(expiresAt, time + 1) },
        ifAbsent: true,
      },
      {
        update: 'counters',
        key,
        set: { expires_at: expiresAt },
        add: { value: add },
        when: [
          { column: 'value', plus: add, is: '<=', value: atMost },
          { column: 'expires_at', is: '>', value: time },
        ],
      },
    ]
    const { applied } = await store.write(counting)
    const row = await store.get('counters', key)
    if (applied) return { applied, value: row?.value ?? 0 }
    if (row !== undefined && row.expires_at > time) return { applied, value: row.value }
    if (add > atMost) return { applied, value: 0 }
    // Somebody has deleted it since.
    if (row === undefined) continue
    // Its time was over: whoever is first begins it again.
    const fresh: Write = {
      update: 'counters',
      key,
      set: { value: 0, expires_at: Math.max(expiresAt, time + 1) },
      when: [{ column: 'expires_at', is: '=', value: row.expires_at }],
    }
    await store.write([fresh])
  }
  throw new SallyportError('E_STORE_BUSY', 'too many others begin the same counter again at the same time; ask again')
}

/** 0 where its time is over. */
function valueAt(row: Row<'counters'> | undefined, time: number): number {
  return row === undefined || row.expires_at <= time ? 0 : row.value
}

function insertOf({ kind, id, at, expiresAt }: Revocation): Write {
  return { insert: 'revocations', row: { kind, id, at, expires_at: expiresAt, document: '{}' }, ifAbsent: true }
}
