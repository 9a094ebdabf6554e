/** Runs the contract under vitest. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Store } from '../../src/store/port.ts'
import { contract } from './contract.ts'

let tenants = 0

/** @example checkContract('memory', async () => memoryStore()) */
export function checkContract(name: string, open: () => Promise<Store>): void {
  describe(`the contract: ${name}`, () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store?.close())
    test.each(Object.entries(contract))('%s', async (_, check) => check(store, store.tenant(`tenant-${tenants++}`)))
  })
}
