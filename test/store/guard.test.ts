/** The guard's checks on the stores that run in this process; on the others they are in the reports of their runtimes. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import { memoryStore } from '../../src/store/memory/index.ts'
import type { Store } from '../../src/store/port.ts'
import { eachDatabase, type OpenBoth } from './databases.ts'
import { guardChecks } from './guard-checks.ts'

let tenants = 0

function checkGuard(name: string, open: OpenBoth): void {
  describe(name, () => {
    let stores: readonly [Store, Store]
    beforeAll(async () => {
      stores = await open()
    }, 60_000)
    afterAll(() => Promise.all((stores ?? []).map((store) => store.close())))
    test.each(Object.entries(guardChecks))('%s', (_, check) => check(stores, `guarded-${tenants++}`))
  })
}

checkGuard('memory', async () => {
  const store = memoryStore()
  return [store, store]
})

eachDatabase(checkGuard)
