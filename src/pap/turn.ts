/**
 * Policies and entities are compiled together, and checked together before either is written. A turn is the right to write
 * after such a check: it is lost when somebody else has written one of the two since it was taken.
 */
import type { TenantStore, Write } from '../store/port.ts'

export interface Turn {
  /** To stand before what is written; when one of them fails, the turn is lost. */
  readonly statements: readonly Write[]
}

const key = { name: 'policies and entities', window: 0 } as const

export async function takeTurn(store: TenantStore): Promise<Turn> {
  const value = (await store.get('counters', key))?.value ?? 0
  const row = { ...key, value: 0, at: 0, expires_at: Number.MAX_SAFE_INTEGER }
  return {
    statements: [
      { insert: 'counters', row, ifAbsent: true },
      { update: 'counters', key, add: { value: 1 }, when: [{ column: 'value', is: '=', value }] },
    ],
  }
}
