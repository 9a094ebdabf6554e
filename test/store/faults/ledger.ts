/** A counter that may not pass a limit, and the ledger of what was taken from it. */
import type { TenantStore, Write } from '../../../src/store/port.ts'
import { counter } from '../rows.ts'

const budget = { name: 'budget', window: 0 }

export async function open(tenant: TenantStore): Promise<void> {
  await tenant.write([counter('budget')])
}

/** Takes 1 under this id, once: whether it was granted, now or by an earlier attempt. */
export async function attempt(tenant: TenantStore, id: string, limit: number): Promise<boolean> {
  const writes: Write[] = [
    { insert: 'delegation_uses', row: { delegation: 'budget', use: id, uses: 1, amount: 1, at: 0, document: '{}' } },
    {
      update: 'counters',
      key: budget,
      add: { value: 1 },
      when: [{ column: 'value', plus: 1, is: '<=', value: limit }],
    },
  ]
  const result = await tenant.write(writes)
  return result.applied || result.failed === 0
}

/** Ids that were attempted, and of which no answer is known. The last line may be torn. */
export function unanswered(text: string): string[] {
  const open = new Set<string>()
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.startsWith('? ')) open.add(line.slice(2))
    else open.delete(line.slice(2))
  }
  return [...open]
}

export function granted(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('+ ') ? [line.slice(2)] : []))
}

export interface Balance {
  readonly counted: number
  readonly ledger: ReadonlySet<string>
}

export async function balance(tenant: TenantStore): Promise<Balance> {
  const ledger = new Set<string>()
  const row = await tenant.get('counters', budget)
  let after: { delegation: string; use: string } | undefined
  for (;;) {
    const rows = await tenant.find('delegation_uses', { limit: 1000, ...(after === undefined ? {} : { after }) })
    for (const { use } of rows) ledger.add(use)
    after = rows.at(-1)
    if (rows.length < 1000) return { counted: row?.value ?? -1, ledger }
  }
}
