/** The store in a browser's IndexedDB, shared by all pages and workers of an origin. */
import { fault } from '../fault.ts'
import type { Store } from '../port.ts'
import { currentSchema } from '../schema/versions.ts'
import { checkTenant } from '../values.ts'
import { IndexedDbTenant } from './tenant.ts'
import { openIndexedDb } from './upgrade.ts'

export type * from '../port.ts'

/**
 * A store in the IndexedDB database of this name. Its schema is made, or brought up to date, when it is opened.
 *
 * @example const store = await indexedDbStore(indexedDB, 'sallyport')
 * @throws SallyportError `E_STORE_SCHEMA` when a newer version of sallyport opened it before
 */
export async function indexedDbStore(factory: IDBFactory, name: string): Promise<Store> {
  const database = await openIndexedDb(factory, name, currentSchema)
  let ended: unknown
  // A page with a newer version waits until this one lets go.
  database.onversionchange = () => {
    ended = 'a newer version of sallyport opened it'
    database.close()
  }
  database.onclose = () => {
    ended = 'the browser closed it'
  }
  const current = (): IDBDatabase => {
    if (ended !== undefined) throw fault('E_STORE_UNAVAILABLE', 'indexeddb', ended)
    return database
  }
  return {
    kind: 'indexeddb',
    tenant: (id) => new IndexedDbTenant(checkTenant(id), current, factory.cmp.bind(factory)),
    async close() {
      ended = 'the store was closed'
      database.close()
    },
  }
}
