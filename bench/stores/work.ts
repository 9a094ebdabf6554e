/** What is measured of a store, in any runtime: so many times something, so many of them at once, spread over tenants. */
import type { Store, TenantStore } from '../../src/store/port.ts'
import { attempt, open } from '../../test/store/faults/ledger.ts'

export interface Work {
  readonly action: 'read' | 'grant'
  readonly count: number
  readonly atOnce: number
  /** The first of the tenants' numbers, and how many there are. */
  readonly from: number
  readonly tenants: number
}

/** The columns of the table. */
export const columns: readonly (readonly [title: string, work: Omit<Work, 'count'>])[] = [
  ['reads, one at a time', { action: 'read', atOnce: 1, from: 0, tenants: 1 }],
  ['reads, 64 at once', { action: 'read', atOnce: 64, from: 0, tenants: 1 }],
  ['grants, one at a time', { action: 'grant', atOnce: 1, from: 0, tenants: 1 }],
  ['grants, 64 at once', { action: 'grant', atOnce: 64, from: 0, tenants: 1 }],
  ['grants, 64 at once over 16 tenants', { action: 'grant', atOnce: 64, from: 0, tenants: 16 }],
]

export const TENANTS = 16

export function tenantOf(store: Store, number: number): TenantStore {
  return store.tenant(`bench ${number}`)
}

/** To be done once, before anything is measured. */
export async function prepare(store: Store, number: number): Promise<void> {
  await open(tenantOf(store, number))
}

export async function run(store: Store, { action, count, atOnce, from, tenants }: Work): Promise<void> {
  let left = count
  const loop = async (number: number): Promise<void> => {
    const tenant = tenantOf(store, from + (number % tenants))
    while (left-- > 0) {
      if (action === 'read') await tenant.get('counters', { name: 'budget', window: 0 })
      else if (!(await attempt(tenant, crypto.randomUUID(), Number.MAX_SAFE_INTEGER))) throw new Error('used up')
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, i) => loop(i)))
}
