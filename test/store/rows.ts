/** Rows for the tests, of tables that between them have every kind of column. */
import type { Insert, Row } from '../../src/store/port.ts'

export function counter(name: string, value = 0, window = 0): Insert<'counters'> {
  return { insert: 'counters', row: { name, window, value, at: 0, expires_at: 0 } }
}

export function delegation(id: string, fields: Partial<Row<'delegations'>> = {}): Insert<'delegations'> {
  const row: Row<'delegations'> = {
    id,
    grantor: 'user:ann',
    grantee: 'agent:bot',
    parent: '',
    root: id,
    depth: 0,
    state: 'active',
    scope: '{}',
    max_uses: null,
    uses: 0,
    budget: null,
    spent: 0,
    reserved: 0,
    unit: null,
    scale: 0,
    lease_until: Number.MAX_SAFE_INTEGER,
    expires_at: Number.MAX_SAFE_INTEGER,
    created_at: 0,
    document: '{}',
  }
  return { insert: 'delegations', row: { ...row, ...fields } }
}

export function revocation(id: string, at = 0): Insert<'revocations'> {
  return { insert: 'revocations', row: { kind: 'delegation', id, at, expires_at: 0, document: '{}' } }
}
