/** Runs the contract under vitest. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Store } from '../../src/store/port.ts'
import { contract } from './contract.ts'
import { replay } from './histories.ts'

let tenants = 0

/** @example checkContract('memory', async () => memoryStore()) */
export function checkContract(name: string, open: () => Promise<Store>): void {
  describe(`the contract: ${name}`, () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
    }, 60_000)
    afterAll(() => store?.close())
    test('random histories', async () => {
      // Some that are always the same, and some that never were.
      const seeds = Array.from({ length: 20 }, (_, i) => (i < 10 ? i : Math.floor(Math.random() * 2 ** 31)))
      for (const seed of seeds) await replay(seed, 60, store.tenant(`tenant-${tenants++}`))
    })
    test.each(Object.entries(contract))('%s', async (_, check) => check(store, store.tenant(`tenant-${tenants++}`)))
  })
}
